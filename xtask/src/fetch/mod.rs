//! `cargo xtask fetch`: the only writer of `schemas/`.

mod facts;
mod feed;
mod knowledge;
mod names;
mod plan;
mod prices;
mod properties;
mod scaffold;
mod schema;
mod settled;
mod source;
mod stage;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::catalogue::date::Date;
use crate::catalogue::index::{Catalogue, file_of};
use crate::output;
use crate::workspace::Workspace;
pub(crate) use knowledge::Knowledge;
use plan::{Plan, Snapshot};
pub(crate) use plan::{files, with_facts};
use settled::Settled;
use source::{Asking, Patience};
use stage::Stage;

/// Brings schemas/ up to date.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A file in the feed's shape, a folder of model documents, or the URL of a feed or of an API base.
    ///
    /// Without it: the account API, if CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID are set, else the public feed.
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// The date of the snapshot, such as 2026-11 or 2026-11-17.
    ///
    /// Without it: the date in the file's name, else the header Last-Modified, else the header Date.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Accept a source in which more than half of the live models are missing.
    #[arg(long)]
    allow_removals: bool,
    /// Make a crate for each task that has none yet.
    #[arg(long)]
    new_modality: bool,
    /// The first pause before another try, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 500, hide = true)]
    first_pause: u64,
    /// How long one request may take, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 120_000, hide = true)]
    timeout: u64,
    /// How many requests are under way at a time.
    #[arg(long, value_name = "N", default_value_t = AT_A_TIME, value_parser = clap::value_parser!(u16).range(1..), hide = true)]
    at_a_time: u16,
}

impl Arguments {
    /// A plain fetch from a source, as a snapshot of a date.
    pub(crate) fn plain(from: &str, as_of: Date) -> Self {
        Self {
            from: Some(from.to_owned()),
            as_of: Some(as_of),
            allow_removals: false,
            new_modality: false,
            first_pause: 500,
            timeout: 120_000,
            at_a_time: AT_A_TIME,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask fetch
  cargo xtask fetch --from 2026-11.json
  cargo xtask fetch --from http://127.0.0.1:8787/client/v4 --as-of 2026-11";

/// A request is sent so many times before a run is given up.
const ATTEMPTS: usize = 5;

/// So many schemas are asked for at a time.
const AT_A_TIME: u16 = 8;

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let schemas = workspace.schemas();
    Stage::recover(&schemas)?;
    let patience = Patience {
        first_pause: Duration::from_millis(arguments.first_pause),
        attempts: ATTEMPTS,
        limit: Duration::from_millis(arguments.timeout),
    };
    let asking = Asking::new(arguments.as_of.clone(), &workspace.target(), patience, arguments.at_a_time);
    let said = source::ask(arguments.from.as_deref(), &asking)?;
    let settled = Settled::by(workspace, arguments, said.mark());
    if let Some(report) = settled.as_ref().filter(|_| said.is_unchanged()).and_then(Settled::recall) {
        output::print(&report)?;
        return Ok(ExitCode::SUCCESS);
    }
    let snapshot = said.read(&asking)?;
    let previous = Catalogue::read_remains(&schemas)?;
    let knowledge = Knowledge::read(&schemas)?;
    let name = snapshot.name.clone();
    let plan = plan::plan(&previous, snapshot, &knowledge, arguments.allow_removals)?;
    let modalities = plan.catalogue.index.models.values().filter_map(|entry| entry.modality.as_deref());
    let new = scaffold::missing(workspace, modalities);
    ensure!(new.is_empty() || arguments.new_modality, unknown_task(&plan, &new, arguments));
    let changes = Changes::between(workspace, &previous, &plan.catalogue)?;
    changes.write(workspace, &new)?;
    report(&name, &plan, changes.count(), &new)?;
    if let Some(settled) = settled {
        settled.keep(&changes, new, unchanged(&name, &plan));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a first fetch of a feed would write below `schemas/`, by path. Touches no file.
///
/// # Errors
///
/// Where the feed is none, with the place.
pub fn rehearse(feed: &[u8]) -> Result<BTreeMap<PathBuf, String>> {
    let models = feed::parse(feed).and_then(feed::models)?;
    let snapshot = Snapshot { name: "rehearsal".to_owned(), as_of: "2026-11".parse()?, models };
    files(&plan::plan(&Catalogue::default(), snapshot, &Knowledge::default(), false)?.catalogue)
}

/// Writes a catalogue that another verb has changed; hashes are made here.
pub(crate) fn write_catalogue(workspace: &Workspace, previous: &Catalogue, mut next: Catalogue) -> Result<usize> {
    plan::seal(&mut next)?;
    let changes = Changes::between(workspace, previous, &next)?;
    changes.write(workspace, &BTreeSet::new())?;
    Ok(changes.count())
}

/// The files below `schemas/` that are to be others than they are.
struct Changes {
    written: BTreeMap<PathBuf, String>,
    removed: BTreeSet<PathBuf>,
}

impl Changes {
    /// What makes the files those of the next catalogue.
    fn between(workspace: &Workspace, previous: &Catalogue, next: &Catalogue) -> Result<Self> {
        let schemas = workspace.schemas();
        let mut written = files(next)?;
        let before = previous.index.models.iter().filter_map(|(id, entry)| file_of(id, entry));
        // One that is gone already need not be removed.
        let removed = before.filter(|path| !written.contains_key(path) && schemas.join(path).exists()).collect();
        written.retain(|path, text| fs::read(schemas.join(path)).ok().as_deref() != Some(text.as_bytes()));
        Ok(Self { written, removed })
    }

    fn count(&self) -> usize {
        self.written.len() + self.removed.len()
    }

    /// Writes what differs.
    fn write(&self, workspace: &Workspace, new_modalities: &BTreeSet<String>) -> Result<()> {
        if self.count() == 0 {
            return Ok(());
        }
        let mut stage = Stage::begin(workspace.root());
        let staged = stage.copy_of("schemas")?;
        fs::create_dir_all(&staged)?;
        for path in &self.removed {
            fs::remove_file(staged.join(path)).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        for (path, text) in &self.written {
            write_file(&staged.join(path), text)?;
        }
        if !new_modalities.is_empty() {
            scaffold::scaffold(workspace, &mut stage, new_modalities)?;
        }
        stage.commit()
    }
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// What to type when a source has tasks that no crate carries.
fn unknown_task(plan: &Plan, new: &BTreeSet<String>, arguments: &Arguments) -> String {
    let models = plan.catalogue.index.models.iter();
    let affected: Vec<_> = models
        .filter(|(_, entry)| entry.modality.as_ref().is_some_and(|modality| new.contains(modality)))
        .map(|(id, entry)| format!("{id} ({})", entry.modality.as_deref().unwrap_or_default()))
        .collect();
    let mut command = vec!["cargo xtask fetch".to_owned()];
    command.extend(arguments.from.iter().map(|from| format!("--from {from}")));
    command.extend(arguments.as_of.iter().map(|date| format!("--as-of {date}")));
    command.extend(arguments.allow_removals.then(|| "--allow-removals".to_owned()));
    command.push("--new-modality".to_owned());
    format!(
        "no crate carries the task of {}; nothing was changed. To make the crate, its links and its feature, run:\n  {}",
        affected.join(", "),
        command.join(" ")
    )
}

fn report(name: &str, plan: &Plan, written: usize, new_modalities: &BTreeSet<String>) -> Result<()> {
    let report = &plan.report;
    let mut lines = vec![format!(
        "{name}: {}; {} new, {} back, {} gone; {written} files written",
        known(plan),
        report.arrived.len(),
        report.returned.len(),
        report.gone.len(),
    )];
    lines.extend(without_types(plan));
    lines.extend(
        new_modalities
            .iter()
            .map(|modality| format!("  new crate: crates/{modality}, with the feature `{modality}` of workers-ai")),
    );
    lines.extend((written > 0).then(|| "next: cargo xtask diff".to_owned()));
    output::print(&(lines.join("\n") + "\n"))
}

/// What the next fetch has to say if nothing changes until then.
fn unchanged(name: &str, plan: &Plan) -> String {
    let mut lines = vec![format!("{name}: {}; nothing has changed since the last fetch", known(plan))];
    lines.extend(without_types(plan));
    lines.join("\n") + "\n"
}

fn known(plan: &Plan) -> String {
    let models = &plan.catalogue.index.models;
    let live = models.values().filter(|entry| entry.gone_by.is_none()).count();
    format!("{live} live models of {} known", models.len())
}

fn without_types(plan: &Plan) -> impl Iterator<Item = String> {
    plan.report.unbound.iter().map(|(id, reason)| format!("  nothing to type for {id}: {reason}"))
}
