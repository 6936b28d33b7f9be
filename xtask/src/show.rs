//! `cargo xtask show`: the Rust that a model becomes.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use workers_ai_codegen::{Options, generate, load};

use crate::catalogue::id::printable;
use crate::catalogue::index::Catalogue;
use crate::output;
use crate::workspace::Workspace;

/// Prints the Rust that a model becomes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The model's id, such as @cf/baai/bge-m3, or the end of it, such as bge-m3.
    model: String,
}

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = Catalogue::read(&workspace.schemas())?;
    let id = find(&catalogue, &arguments.model)?;
    let entry = catalogue.index.models.get(&id).context("the model is in no index")?;
    let Some(modality) = entry.modality.as_ref().filter(|_| entry.file_sha256.is_some()) else {
        bail!("{id} has no file: {}", entry.unbound.as_deref().unwrap_or("it is not bound"));
    };
    let modality = load(&workspace.schemas().join(modality)).map_err(|problems| anyhow!("{problems}"))?;
    let is_bound = modality.models.iter().any(|model| model.facts.id == id && model.canonical.is_some());
    if let Some(reason) = entry.unbound.as_deref().filter(|_| !is_bound) {
        bail!("{id} has no types: {reason}");
    }
    // As the build writes it.
    let home = format!("workers_ai_{}", modality.name.replace('-', "_"));
    let options = Options { only: Some(id), home: Some(home), ..Options::default() };
    output::print(&generate(&modality, &options).map_err(|problems| anyhow!("{problems}"))?)?;
    Ok(ExitCode::SUCCESS)
}

/// A whole id, or the end of exactly one.
fn find(catalogue: &Catalogue, wanted: &str) -> Result<String> {
    if catalogue.index.models.contains_key(wanted) {
        return Ok(wanted.to_owned());
    }
    let ids = || catalogue.index.models.keys();
    let exact: Vec<_> = ids().filter(|id| id.rsplit('/').next() == Some(wanted)).collect();
    let found = if exact.is_empty() { ids().filter(|id| id.contains(wanted)).collect() } else { exact };
    match found.as_slice() {
        [only] => Ok((*only).clone()),
        [] => bail!("no model is called {}; see: cargo xtask models", printable(wanted)),
        several => {
            let several: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            bail!("{} may be any of: {}", printable(wanted), several.join(", "))
        }
    }
}
