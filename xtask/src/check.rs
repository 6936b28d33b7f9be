//! `cargo xtask check`: everything under `schemas/` is as fetch writes it, needed, linked and generated alike twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use workers_ai_codegen::{Options, generate, load};

use crate::catalogue::index::{Catalogue, INDEX, file_of};
use crate::catalogue::{canonical, task};
use crate::fetch::{self, Knowledge};
use crate::workspace::Workspace;

/// Checks the catalogue, its links, its overlays and what is generated from it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Leave out overlays and generated Rust, which take longer.
    #[arg(long)]
    quick: bool,
}

/// Runs the verb; every defect is printed, not only the first.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let catalogue = Catalogue::read(&workspace.schemas())?;
    let mut defects = Vec::new();
    defects.extend(bytes(workspace, &catalogue)?);
    defects.extend(agreement(&catalogue));
    defects.extend(facts(workspace, &catalogue)?);
    defects.extend(strays(workspace, &catalogue)?);
    defects.extend(links(workspace, &catalogue));
    if !arguments.quick {
        defects.extend(generated(workspace)?);
    }
    if defects.is_empty() {
        println!("{} models: canonical, linked, corrected and generated as they should be", catalogue.models.len());
        return Ok(ExitCode::SUCCESS);
    }
    for defect in &defects {
        eprintln!("{defect}");
    }
    eprintln!("error: {} defects", defects.len());
    Ok(ExitCode::FAILURE)
}

/// Files are what writing them again would write, and hash to what the index says.
fn bytes(workspace: &Workspace, catalogue: &Catalogue) -> Result<Vec<String>> {
    let mut defects = Vec::new();
    let schemas = workspace.schemas();
    for (path, text) in fetch::files(catalogue)? {
        let found = fs::read_to_string(schemas.join(&path)).unwrap_or_default();
        if found != text {
            defects.push(format!("schemas/{}: not in canonical form; only fetch may write it", path.display()));
        }
    }
    for (id, entry) in &catalogue.index.models {
        let (Some(path), Some(expected)) = (file_of(id, entry), &entry.file_sha256) else { continue };
        let found = fs::read(schemas.join(&path)).unwrap_or_default();
        if canonical::sha256(found) != *expected {
            defects.push(format!(
                "schemas/{}: not the file that the index has the hash of; bring it back with {}",
                path.display(),
                entry.source()
            ));
        }
    }
    Ok(defects)
}

/// Index and files tell the same story.
fn agreement(catalogue: &Catalogue) -> Vec<String> {
    let mut defects = Vec::new();
    let mut names = BTreeSet::new();
    for (id, model) in &catalogue.models {
        let Some(entry) = catalogue.index.models.get(id) else { continue };
        let agree = model.id == *id
            && entry.rust.as_ref() == Some(&model.rust)
            && entry.unbound == model.unbound
            && entry.first_seen == model.lifecycle.first_seen
            && entry.gone_by == model.lifecycle.gone_by
            && task::modality(&model.task).ok() == entry.modality;
        if !agree {
            defects.push(format!("{id}: index and file disagree; bring the file back with {}", entry.source()));
        }
        if model.unbound.is_some() == model.schema.is_some() {
            defects.push(format!("{id}: a model has either a schema or the reason why it has none"));
        }
        if !names.insert((entry.modality.clone(), model.rust.module.clone())) {
            defects.push(format!("{id}: the module name {} is taken twice", model.rust.module));
        }
    }
    defects
}

/// The limits, prices and figures that people keep are the ones in the model files.
fn facts(workspace: &Workspace, catalogue: &Catalogue) -> Result<Vec<String>> {
    let merged = fetch::with_facts(catalogue, &Knowledge::read(&workspace.schemas())?);
    let differs = |id: &String| catalogue.models.get(id) != merged.models.get(id);
    Ok(catalogue
        .models
        .keys()
        .filter(|id| differs(id))
        .map(|id| format!("{id}: schemas/facts has changed since the last fetch; fetch again"))
        .collect())
}

/// No model file lies about that the index does not know.
fn strays(workspace: &Workspace, catalogue: &Catalogue) -> Result<Vec<String>> {
    let schemas = workspace.schemas();
    let known: BTreeSet<PathBuf> = catalogue.index.models.iter().filter_map(|(id, entry)| file_of(id, entry)).collect();
    let mut found = Vec::new();
    walk(&schemas, &mut found)?;
    Ok(found
        .iter()
        .filter_map(|path| path.strip_prefix(&schemas).ok())
        .filter(|path| {
            let is_ours = |part: &str| path.components().any(|component| component.as_os_str() == part);
            *path != Path::new(INDEX) && !known.contains(*path) && !is_ours("overlays") && !is_ours("facts")
        })
        .map(|path| format!("schemas/{}: the index does not know this file", path.display()))
        .collect())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

/// Every modality of the catalogue has a crate that takes build script and schemas through links.
fn links(workspace: &Workspace, catalogue: &Catalogue) -> Vec<String> {
    let mut modalities = workspace.modalities();
    modalities.extend(catalogue.index.models.values().filter_map(|entry| entry.modality.clone()));
    let mut defects = Vec::new();
    for modality in modalities {
        let wanted = [("build.rs", "../../build.rs".to_owned()), ("schemas", format!("../../schemas/{modality}"))];
        for (name, target) in wanted {
            let link = workspace.room(&modality).join(name);
            let found = fs::read_link(&link).ok();
            if found.as_deref() != Some(Path::new(&target)) {
                defects.push(format!(
                    "crates/{modality}/{name}: not a link to {target}; run: ln -sfn {target} crates/{modality}/{name}"
                ));
            } else if !link.exists() {
                defects.push(format!("crates/{modality}/{name}: a link to nothing"));
            }
        }
    }
    defects
}

/// Overlays still change something, and the same schemas give the same Rust twice.
fn generated(workspace: &Workspace) -> Result<Vec<String>> {
    let mut defects = Vec::new();
    for name in workspace.modalities() {
        let folder = workspace.schemas().join(&name);
        if !folder.is_dir() {
            continue;
        }
        let rust = || {
            let modality = load(&folder)?;
            let unneeded: Vec<String> = modality.unneeded_overlays().map(str::to_owned).collect();
            generate(&modality, &Options::default()).map(|text| (text, unneeded))
        };
        match (rust(), rust()) {
            (Ok((first, unneeded)), Ok((second, _))) => {
                if first != second {
                    defects.push(format!("{name}: the generated Rust is not the same twice"));
                }
                defects.extend(unneeded.iter().map(|overlay| {
                    format!("schemas/{name}/overlays/{overlay}: changes nothing any more; what is published is right without it, so remove it")
                }));
            }
            (Err(problems), _) | (_, Err(problems)) => {
                defects.extend(problems.to_string().lines().map(|line| format!("{name}: {line}")));
            }
        }
    }
    Ok(defects)
}
