//! One folder of `schemas/`: its models with their corrections applied.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::canonical::Canonical;
use crate::facts::{Facts, Schemas};
use crate::normalise::normalise;
use crate::overlay::{Overlay, read_back};
use crate::problem::{Problem, Problems};

/// The models of one modality, canonical and corrected.
#[derive(Clone, Debug, Default)]
pub struct Modality {
    /// Kebab-case name, for example `text-generation`.
    pub name: String,
    /// Models in stable order: live before leaving before retired, then by first sight and id.
    pub models: Vec<CanonicalModel>,
    /// The corrections, and how often each changed something.
    pub overlays: Vec<(Overlay, usize)>,
}

/// A model with its canonical document, if it has one.
#[derive(Clone, Debug)]
pub struct CanonicalModel {
    /// What is known about it.
    pub facts: Facts,
    /// How it is called; `None` where no schema is usable. Models that are called alike share it.
    pub canonical: Option<Arc<Canonical>>,
}

impl Modality {
    /// Combines model facts with overlays.
    ///
    /// # Errors
    ///
    /// Every schema that cannot be understood and every overlay that breaks a document.
    pub fn new(name: &str, models: Vec<Facts>, overlays: Vec<Overlay>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut corrector = Corrector {
            overlays: overlays.into_iter().map(|overlay| (overlay, 0)).collect(),
            published: HashMap::new(),
            known: HashMap::new(),
        };
        let mut canonical = Vec::with_capacity(models.len());
        for mut facts in models {
            match corrector.correct(&mut facts) {
                Ok(document) => canonical.push(CanonicalModel { facts, canonical: document }),
                Err(found) => problems.extend(found.in_file(&facts.id)),
            }
        }
        canonical.sort_by(|left, right| order(&left.facts).cmp(&order(&right.facts)));
        problems.into_result(Self { name: name.to_owned(), models: canonical, overlays: corrector.overlays })
    }

    /// The overlays that changed no model: what is published has become right without them.
    pub fn unneeded_overlays(&self) -> impl Iterator<Item = &str> {
        self.overlays.iter().filter(|(_, changes)| *changes == 0).map(|(overlay, _)| overlay.name.as_str())
    }
}

/// Deprecated models come last, so that no type of a healthy model lives in a deprecated module.
fn order(facts: &Facts) -> (bool, bool, &str, &str) {
    let lifecycle = &facts.lifecycle;
    (facts.is_retired(), lifecycle.planned_deprecation.is_some(), &lifecycle.first_seen, &facts.id)
}

/// Corrects models, and does for all with the same schemas and the same corrections once what is the same for all.
struct Corrector {
    /// Corrections, and how often each changed something.
    overlays: Vec<(Overlay, usize)>,
    published: HashMap<Arc<Schemas>, Arc<Schemas>>,
    known: HashMap<Question, Corrected>,
}

/// What a canonical document follows from: what is published, by its address, and the overlays that are meant for the model.
type Question = (Option<*const Schemas>, Vec<usize>);

struct Corrected {
    canonical: Option<Arc<Canonical>>,
    /// The overlays that changed something.
    changed: Vec<usize>,
}

impl Corrector {
    fn correct(&mut self, facts: &mut Facts) -> Result<Option<Arc<Canonical>>, Problems> {
        if let Some(schema) = &mut facts.schema {
            let same = self.published.entry(Arc::clone(schema)).or_insert_with(|| Arc::clone(schema));
            *schema = Arc::clone(same);
        }
        let overlays = self.overlays.iter().enumerate();
        let meant: Vec<usize> =
            overlays.filter(|(_, (overlay, _))| overlay.is_meant_for(facts)).map(|(index, _)| index).collect();
        let question = (facts.schema.as_ref().map(Arc::as_ptr), meant);
        if !self.known.contains_key(&question) {
            let corrected = self.document(facts.schema.as_deref(), &question.1)?;
            self.known.insert(question.clone(), corrected);
        }
        let Some(corrected) = self.known.get(&question) else { return Ok(None) };
        for index in &corrected.changed {
            if let Some((_, changes)) = self.overlays.get_mut(*index) {
                *changes += 1;
            }
        }
        Ok(corrected.canonical.clone())
    }

    fn document(&self, published: Option<&Schemas>, meant: &[usize]) -> Result<Corrected, Problems> {
        let broken = |error: serde_json::Error| Problem::new("", error.to_string());
        let mut document = match published {
            Some(published) => normalise(published)?.into_json().map_err(broken)?,
            None => Value::Null,
        };
        let mut changed = Vec::new();
        for index in meant {
            let Some((overlay, _)) = self.overlays.get(*index) else { continue };
            if overlay.fits(&document) && overlay.apply(&mut document) {
                changed.push(*index);
            }
        }
        let canonical = if document.is_null() { None } else { Some(Arc::new(read_back(document)?)) };
        Ok(Corrected { canonical, changed })
    }
}

/// Reads one modality's folder: model files below `@…/`, corrections in `overlays/`.
///
/// # Errors
///
/// Every file that cannot be read or understood.
pub fn load(directory: &Path) -> Result<Modality, Problems> {
    let mut problems = Problems::default();
    let name = fs::canonicalize(directory)
        .ok()
        .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
        .unwrap_or_default();
    let mut models = Vec::new();
    let mut overlays = Vec::new();
    for path in json_files(directory, &mut problems) {
        let shown = path.strip_prefix(directory).unwrap_or(&path).display().to_string();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                problems.push(Problem::new("", error.to_string()).in_file(&shown));
                continue;
            }
        };
        // This folder alone: an author in a feed may be called `overlays`.
        if path.parent() == Some(directory.join("overlays").as_path()) {
            match Overlay::parse(&shown, &text) {
                Ok(overlay) => overlays.push(overlay),
                Err(problem) => problems.push(problem),
            }
        } else {
            match Facts::parse(&text) {
                Ok(facts) => models.push(facts),
                Err(problem) => problems.push(problem.in_file(&shown)),
            }
        }
    }
    match Modality::new(&name, models, overlays) {
        Ok(modality) => problems.into_result(modality),
        Err(found) => {
            problems.extend(found);
            Err(problems)
        }
    }
}

/// Every `.json` file below a folder, in a stable order.
fn json_files(directory: &Path, problems: &mut Problems) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![directory.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(Problem::new("", error.to_string()).in_file(&folder.display().to_string()));
                continue;
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
