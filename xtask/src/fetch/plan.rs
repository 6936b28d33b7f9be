//! From the catalogue there is and a snapshot to the catalogue there should be; touches no file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use super::feed::Published;
use super::knowledge::Knowledge;
use super::names::Taken;
use super::{prices, properties, schema};
use crate::catalogue::date::Date;
use crate::catalogue::id::{ModelId, printable};
use crate::catalogue::index::{Catalogue, Entry, INDEX, Index, Source, file_of};
use crate::catalogue::model::{Lifecycle, Model};
use crate::catalogue::{canonical, task};

/// Everything a source said at one time.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// What the source calls itself, such as a file name or a URL.
    pub(crate) name: String,
    pub(crate) as_of: Date,
    pub(crate) models: Vec<Published>,
}

/// What a fetch would write, and what it has to say about it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) catalogue: Catalogue,
    pub(crate) report: Report,
}

/// What happened to which model.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) arrived: Vec<String>,
    pub(crate) returned: Vec<String>,
    pub(crate) gone: Vec<String>,
    /// Ids with the reason why there are no types for them.
    pub(crate) unbound: Vec<(String, String)>,
}

/// Builds the next catalogue.
pub(crate) fn plan(
    previous: &Catalogue,
    snapshot: Snapshot,
    knowledge: &Knowledge,
    allow_removals: bool,
) -> Result<Plan> {
    let source = source(&previous.index, &snapshot);
    let as_of = snapshot.as_of;
    let mut builder = Builder {
        previous,
        knowledge,
        as_of: &as_of,
        taken: locked_names(previous),
        paths: BTreeMap::new(),
        catalogue: Catalogue::default(),
        report: Report::default(),
    };
    for (id, published) in unique(snapshot.models)? {
        builder.published(&id, published)?;
    }
    builder.absent()?;
    let Builder { mut catalogue, report, .. } = builder;
    refuse_nonsense(previous, &source, &as_of, &report, allow_removals)?;
    name_replacements(&mut catalogue, knowledge);
    seal(&mut catalogue)?;
    catalogue.index.source = Some(source);
    catalogue.index.releases = previous.index.releases.clone();
    Ok(Plan { catalogue, report })
}

/// The files of a catalogue, index included, by their path under `schemas/`.
pub(crate) fn files(catalogue: &Catalogue) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::from([(PathBuf::from(INDEX), canonical::to_pretty(&catalogue.index)?)]);
    for (id, model) in &catalogue.models {
        if let Some(path) = catalogue.index.models.get(id).and_then(|entry| file_of(id, entry)) {
            files.insert(path, canonical::to_pretty(model)?);
        }
    }
    Ok(files)
}

/// Writes the hash of each model file, and what the index repeats from it, into the index.
pub(crate) fn seal(catalogue: &mut Catalogue) -> Result<()> {
    for (id, model) in &catalogue.models {
        if let Some(entry) = catalogue.index.models.get_mut(id) {
            entry.file_sha256 = Some(canonical::sha256(canonical::to_pretty(model)?));
        }
    }
    Ok(())
}

struct Builder<'a> {
    previous: &'a Catalogue,
    knowledge: &'a Knowledge,
    as_of: &'a Date,
    taken: BTreeMap<String, Taken>,
    /// Who has which path, without regard to case.
    paths: BTreeMap<String, String>,
    catalogue: Catalogue,
    report: Report,
}

impl Builder<'_> {
    fn published(&mut self, raw_id: &str, published: Published) -> Result<()> {
        let id = printable(raw_id);
        let before = self.previous.index.models.get(&id);
        let gone_by = published
            .deprecated
            .then(|| before.and_then(|entry| entry.gone_by.clone()).unwrap_or_else(|| self.as_of.clone()));
        self.note_lifecycle(&id, before, gone_by.is_some());
        let first_seen = before.map_or_else(|| self.as_of.clone(), |entry| entry.first_seen.clone());
        let mut entry = Entry {
            modality: None,
            rust: None,
            upstream_sha256: published.sha256.clone(),
            file_sha256: None,
            first_seen,
            gone_by,
            unbound: None,
        };
        match self.address(raw_id, published.task.as_deref()) {
            Ok((parsed, task, modality)) => {
                let model = self.model(&parsed, task, &modality, &published, &entry);
                entry.unbound.clone_from(&model.unbound);
                entry.rust = Some(model.rust.clone());
                entry.modality = Some(modality);
                self.catalogue.models.insert(id.clone(), model);
            }
            Err(reason) => {
                entry.unbound = Some(format!("{reason:#}"));
                // Names stay locked for the day on which the entry is whole again.
                entry.modality = before.and_then(|before| before.modality.clone());
                entry.rust = before.and_then(|before| before.rust.clone());
            }
        }
        if let Some(reason) = &entry.unbound {
            self.report.unbound.push((id.clone(), reason.clone()));
        }
        self.catalogue.index.models.insert(id, entry);
        Ok(())
    }

    /// Where a model goes, if its id and task can be trusted with a path.
    fn address(&mut self, raw_id: &str, task: Option<&str>) -> Result<(ModelId, String, String)> {
        let id = ModelId::parse(raw_id)?;
        let Some(task) = task else { bail!("the model has no task") };
        let modality = task::modality(task)?;
        let owner = self.paths.entry(id.collision_key()).or_insert_with(|| raw_id.to_owned());
        ensure!(owner == raw_id, "the id differs from {owner} only in case");
        Ok((id, task.to_owned(), modality))
    }

    fn model(&mut self, id: &ModelId, task: String, modality: &str, published: &Published, entry: &Entry) -> Model {
        let before = self.previous.index.models.get(id.as_str());
        let locked =
            before.filter(|before| before.modality.as_deref() == Some(modality)).and_then(|before| before.rust.clone());
        let taken = self.taken.entry(modality.to_owned()).or_default();
        let rust = locked.unwrap_or_else(|| taken.assign(id));
        let (schema, unbound) = match schema::usable(published.schema.clone()) {
            Ok(schema) => (Some(schema), None),
            Err(reason) => (None, Some(reason)),
        };
        let mut model = Model {
            id: id.to_string(),
            task,
            rust,
            created_at: published.created_at.clone(),
            lifecycle: Lifecycle {
                first_seen: entry.first_seen.clone(),
                gone_by: entry.gone_by.clone(),
                grace: entry.gone_by.is_some() && self.has_grace(id.as_str()),
                planned_deprecation: properties::planned_deprecation(&published.properties),
                replacement: None,
            },
            properties: properties::normalise(&published.properties),
            prices: prices::published(published.properties.get("price")),
            limits: None,
            headline: None,
            unbound,
            schema,
        };
        merge_facts(&mut model, self.knowledge);
        model
    }

    /// Carries over what the snapshot no longer has.
    fn absent(&mut self) -> Result<()> {
        for (id, before) in &self.previous.index.models {
            if self.catalogue.index.models.contains_key(id) {
                continue;
            }
            let mut entry = before.clone();
            self.note_lifecycle(id, Some(before), true);
            entry.gone_by.get_or_insert_with(|| self.as_of.clone());
            if let Some(model) = self.previous.models.get(id) {
                let mut model = model.clone();
                model.lifecycle.grace = self.has_grace(id);
                model.lifecycle.gone_by.clone_from(&entry.gone_by);
                merge_facts(&mut model, self.knowledge);
                self.catalogue.models.insert(id.clone(), model);
            } else if let Some(file) = file_of(id, before) {
                bail!(
                    "{INDEX} lists {}, which is not there, and the source no longer has the model: bring the file back \
                     with git",
                    file.display()
                );
            }
            self.catalogue.index.models.insert(id.clone(), entry);
        }
        Ok(())
    }

    /// A model that goes after a release had it is compiled for one release more; what was decided stays decided.
    fn has_grace(&self, id: &str) -> bool {
        match self.previous.models.get(id) {
            Some(model) if !model.is_live() => model.lifecycle.grace,
            _ => {
                let last = self.previous.index.releases.last();
                last.is_some_and(|release| release.live.iter().any(|live| live == id))
            }
        }
    }

    fn note_lifecycle(&mut self, id: &str, before: Option<&Entry>, is_gone: bool) {
        let list = match (before.map(|entry| entry.gone_by.is_some()), is_gone) {
            (None, false) => &mut self.report.arrived,
            (Some(true), false) => &mut self.report.returned,
            (Some(false), true) => &mut self.report.gone,
            (None | Some(true), true) | (Some(false), false) => return,
        };
        list.push(id.to_owned());
    }
}

/// One entry per id; the same entry twice is harmless, two different ones are not.
fn unique(models: Vec<Published>) -> Result<BTreeMap<String, Published>> {
    let mut unique: BTreeMap<String, Published> = BTreeMap::new();
    for model in models {
        if let Some(first) = unique.get(&model.id) {
            ensure!(
                first.sha256 == model.sha256,
                "the source lists {} twice, with different documents",
                printable(&model.id)
            );
        }
        unique.insert(model.id.clone(), model);
    }
    Ok(unique)
}

fn locked_names(previous: &Catalogue) -> BTreeMap<String, Taken> {
    let mut taken: BTreeMap<String, Taken> = BTreeMap::new();
    for entry in previous.index.models.values() {
        if let (Some(modality), Some(rust)) = (&entry.modality, &entry.rust) {
            taken.entry(modality.clone()).or_default().keep(rust);
        }
    }
    taken
}

/// Describes the snapshot by its content; the same content again keeps the description there is.
fn source(previous: &Index, snapshot: &Snapshot) -> Source {
    let documents: BTreeSet<String> =
        snapshot.models.iter().map(|model| format!("{} {}\n", model.sha256, printable(&model.id))).collect();
    let sha256 = canonical::sha256(documents.into_iter().collect::<String>());
    match &previous.source {
        Some(source) if source.sha256 == sha256 => source.clone(),
        _ => Source { as_of: snapshot.as_of.clone(), name: snapshot.name.clone(), sha256 },
    }
}

fn refuse_nonsense(
    previous: &Catalogue,
    source: &Source,
    as_of: &Date,
    report: &Report,
    allow_removals: bool,
) -> Result<()> {
    let live = previous.index.models.values().filter(|entry| entry.gone_by.is_none()).count();
    let gone = report.gone.len();
    ensure!(
        allow_removals || gone * 2 <= live,
        "{gone} of {live} live models are missing from {}, which looks more like a broken source than like \
         retirements; run again with --allow-removals if it is right",
        source.name
    );
    let changes_lifecycles = !(report.arrived.is_empty() && report.gone.is_empty());
    if let Some(before) = previous.index.source.as_ref().filter(|_| changes_lifecycles) {
        ensure!(
            !as_of.is_before(&before.as_of),
            "{} is of {as_of}, but the catalogue is already at {} ({}); pass --as-of DATE if the snapshot is newer",
            source.name,
            before.as_of,
            before.name
        );
    }
    Ok(())
}

/// A catalogue with the facts that people keep merged in again.
pub(crate) fn with_facts(catalogue: &Catalogue, knowledge: &Knowledge) -> Catalogue {
    let mut catalogue = catalogue.clone();
    for model in catalogue.models.values_mut() {
        merge_facts(model, knowledge);
    }
    name_replacements(&mut catalogue, knowledge);
    catalogue
}

fn merge_facts(model: &mut Model, knowledge: &Knowledge) {
    let is_paid = model.properties.get("require_workers_paid").is_some_and(|paid| *paid == true);
    model.limits = knowledge.limits(&model.id, &model.task, is_paid);
    model.prices = prices::complete(std::mem::take(&mut model.prices), knowledge.prices(&model.id));
    model.headline = knowledge.headline(&model.id);
}

/// A retired or retiring model points to its replacement while that one is live.
fn name_replacements(catalogue: &mut Catalogue, knowledge: &Knowledge) {
    let live: BTreeSet<String> =
        catalogue.models.values().filter(|model| model.is_live()).map(|model| model.id.clone()).collect();
    for model in catalogue.models.values_mut() {
        let leaves = !model.is_live() || model.lifecycle.planned_deprecation.is_some();
        model.lifecycle.replacement = knowledge
            .replacement(&model.id)
            .filter(|replacement| leaves && live.contains(*replacement))
            .map(str::to_owned);
    }
}
