//! `cargo xtask fetch`: the only writer of `schemas/`.

mod facts;
mod feed;
mod knowledge;
mod names;
mod plan;
mod prices;
mod properties;
mod schema;
mod source;
mod stage;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::catalogue::date::Date;
use crate::catalogue::index::{Catalogue, file_of};
use crate::workspace::Workspace;
use knowledge::Knowledge;
use plan::{Plan, Report};
use stage::Stage;

/// Brings schemas/ up to date.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A file in the feed's shape, a folder of model documents, or the URL of a feed or an API base.
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// The date of the snapshot, such as 2026-11 or 2026-11-17.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Accept a source in which more than half of the live models are missing.
    #[arg(long)]
    allow_removals: bool,
}

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let snapshot = source::read(arguments.from.as_deref(), arguments.as_of.as_ref())?;
    let schemas = workspace.schemas();
    let previous = Catalogue::read(&schemas)?;
    let knowledge = Knowledge::read(&schemas)?;
    let name = snapshot.name.clone();
    let plan = plan::plan(&previous, snapshot, &knowledge, arguments.allow_removals)?;
    let written = write(workspace, &previous, &plan)?;
    report(&name, &plan, written);
    Ok(ExitCode::SUCCESS)
}

/// Writes what differs; returns the number of files that changed.
fn write(workspace: &Workspace, previous: &Catalogue, plan: &Plan) -> Result<usize> {
    let schemas = workspace.schemas();
    let mut files = plan::files(&plan.catalogue)?;
    let removed: Vec<_> = previous
        .index
        .models
        .iter()
        .filter_map(|(id, entry)| file_of(id, entry))
        .filter(|path| !files.contains_key(path))
        .collect();
    files.retain(|path, text| fs::read(schemas.join(path)).ok().as_deref() != Some(text.as_bytes()));
    let changed = files.len() + removed.len();
    if changed == 0 {
        return Ok(0);
    }
    let mut stage = Stage::begin(workspace.root());
    let staged = stage.copy_of("schemas")?;
    fs::create_dir_all(&staged)?;
    for path in &removed {
        fs::remove_file(staged.join(path))
            .with_context(|| format!("cannot remove {}", path.display()))?;
    }
    for (path, text) in &files {
        write_file(&staged.join(path), text)?;
    }
    stage.commit()?;
    Ok(changed)
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn report(name: &str, plan: &Plan, written: usize) {
    let Report { arrived, returned, gone, unbound } = &plan.report;
    let live = plan.catalogue.index.models.values().filter(|entry| entry.gone_by.is_none()).count();
    println!(
        "{name}: {live} live models of {} known; {} new, {} back, {} gone; {written} files written",
        plan.catalogue.index.models.len(),
        arrived.len(),
        returned.len(),
        gone.len(),
    );
    for (id, reason) in unbound {
        println!("  no types for {id}: {reason}");
    }
    if written > 0 {
        println!("next: cargo xtask diff");
    }
}
