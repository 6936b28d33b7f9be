//! `cargo xtask diff`: what changed between two catalogues, for users of the generated Rust.

mod bump;
mod changelog;
mod compare;
mod models;
mod render;
mod rules;
mod shape;
mod side;
mod verdict;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::output;
use crate::workspace::Workspace;
use render::{Diff, Named};
use side::Location;
use verdict::Verdict;

/// Compares two catalogues.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The catalogue before: a folder or a git revision. HEAD if absent.
    old: Option<String>,
    /// The catalogue after: a folder or a git revision. The working tree if absent.
    new: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the section into CHANGELOG.md.
    #[arg(long)]
    changelog: bool,
    /// Write the version that follows into Cargo.toml.
    #[arg(long)]
    bump: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line per change.
    Text,
    /// A changelog section.
    Markdown,
    /// Everything, for programs.
    Json,
}

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let old = Location::parse(arguments.old.as_deref().unwrap_or("HEAD"))?;
    let new = arguments.new.as_deref().map_or(Ok(Location::WorkingTree), Location::parse)?;
    let diff = compare(workspace, &old, &new)?;
    match arguments.format {
        Format::Text => output::print(&diff.lines())?,
        Format::Markdown => output::print(&diff.markdown())?,
        Format::Json => output::print(&diff.json()?)?,
    }
    if arguments.changelog {
        let path = workspace.root().join("CHANGELOG.md");
        changelog::insert(&path, &diff.markdown())?;
        eprintln!("wrote {}", path.display());
    }
    if arguments.bump
        && let (Some(version), Some(next)) = (&diff.version, &diff.next_version)
    {
        bump::bump(workspace, version, next)?;
        eprintln!("version {version} → {next}; next: cargo update --workspace");
    }
    Ok(ExitCode::SUCCESS)
}

/// What changed between the working tree and the `schemas/` of another folder, a line per change.
pub(crate) fn with_folder(workspace: &Workspace, schemas: &Path) -> Result<Vec<String>> {
    let diff = compare(workspace, &Location::WorkingTree, &Location::Folder(schemas.to_owned()))?;
    Ok(diff.change_lines(|_| true))
}

/// What changed for one model since a revision, a line per change.
pub(crate) fn since(workspace: &Workspace, revision: &str, model: &str) -> Result<Vec<String>> {
    let diff = compare(workspace, &Location::Revision(revision.to_owned()), &Location::WorkingTree)?;
    Ok(diff.change_lines(|id| id == model))
}

fn compare(workspace: &Workspace, old: &Location, new: &Location) -> Result<Diff> {
    let (before, after) = (old.read(workspace)?, new.read(workspace)?);
    let changes = models::changes(&before, &after);
    let verdict = Verdict::of(&changes);
    let version = side::version(workspace).ok();
    let named = |location: &Location, catalogue: &crate::catalogue::index::Catalogue| Named {
        location: location.to_string(),
        as_of: catalogue.index.source.as_ref().map(|source| source.as_of.to_string()),
    };
    Ok(Diff {
        before: named(old, &before),
        after: named(new, &after),
        verdict,
        next_version: version.as_deref().map(|version| verdict.next(version)).transpose()?,
        version,
        changes,
    })
}
