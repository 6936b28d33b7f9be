//! `cargo xtask release`: records which models a release had, from which the grace of a retirement follows.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::catalogue::index::{Catalogue, Release};
use crate::fetch;
use crate::workspace::Workspace;

/// Records a release of the crates in schemas/catalog.json.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The version that is being released, such as 0.2.0.
    version: String,
}

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let previous = Catalogue::read(&workspace.schemas())?;
    let (next, ended) = record(&previous, &arguments.version)?;
    fetch::write_catalogue(workspace, &previous, next)?;
    println!("recorded {}; {} models are now behind the feature `retired`", arguments.version, ended.len());
    for id in ended {
        println!("  {id}");
    }
    println!("next: cargo xtask check");
    Ok(ExitCode::SUCCESS)
}

/// Adds the release. A model that was deprecated in the release before loses its grace in this one.
fn record(previous: &Catalogue, version: &str) -> Result<(Catalogue, Vec<String>)> {
    let numbers: Vec<&str> = version.split('.').collect();
    ensure!(
        numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok()),
        "`{version}` is not a version of three numbers"
    );
    ensure!(
        previous.index.releases.iter().all(|release| release.version != version),
        "{version} is already recorded in schemas/catalog.json"
    );
    let mut next = previous.clone();
    let before = previous.index.releases.last();
    let was_live = |id: &String| before.is_some_and(|release| release.live.contains(id));
    let mut ended = Vec::new();
    for (id, model) in &mut next.models {
        if model.lifecycle.grace && !was_live(id) {
            model.lifecycle.grace = false;
            ended.push(id.clone());
        }
    }
    let live = next.models.values().filter(|model| model.is_live()).map(|model| model.id.clone()).collect();
    let as_of = next.index.source.as_ref().map(|source| source.as_of.clone());
    next.index.releases.push(Release { version: version.to_owned(), as_of, live });
    Ok((next, ended))
}
