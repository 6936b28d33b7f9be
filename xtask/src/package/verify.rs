//! Checks every package from what is in it, each alone, and holds the carried Rust against what the generator makes.

use std::collections::BTreeSet;
use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::Package;
use super::carry::{FEATURE, MODELS};
use crate::programs::cargo;
use crate::workspace::Workspace;

/// Checks the unpacked packages, with the sources of one another in the place of the registry's.
///
/// They are one workspace, so that what they need from elsewhere is compiled once, in the profiles and the target folder of the
/// checkout; but each is checked by itself, with the features that its own dependencies ask for. That shows what a package may lack:
/// a file, a feature, a dependency. What the same sources do when they run is known from the checkout.
pub(super) fn verify(
    workspace: &Workspace,
    unpacked: &Path,
    packages: &[Package],
    modalities: &BTreeSet<String>,
) -> Result<()> {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let checkout = fs::read_to_string(workspace.root().join("Cargo.toml")).context("the checkout has no manifest")?;
    fs::write(unpacked.join("Cargo.toml"), manifest(&checkout, &names)?)?;
    fs::copy(workspace.root().join("Cargo.lock"), unpacked.join("Cargo.lock")).context("the checkout has no lock")?;
    for name in &names {
        println!("checking {name} from its package");
        run(cargo_in(workspace, unpacked).args(["check", "--quiet", "--package", name]))?;
    }
    let of_modalities: Vec<String> =
        modalities.iter().flat_map(|modality| ["--package".to_owned(), format!("workers-ai-{modality}")]).collect();
    println!("with retired models");
    run(cargo_in(workspace, unpacked).args(["check", "--quiet", "--features", "retired"]).args(&of_modalities))?;
    println!("with the generator");
    let folders = generated(cargo_in(workspace, unpacked).args(["check", "--features", FEATURE]).args(&of_modalities))?;
    ensure!(folders.len() == modalities.len(), "only {} crates ran the generator", folders.len());
    for (name, folder) in folders {
        let (made, carried) = (folder.join("models.rs"), unpacked.join(&name).join(MODELS));
        let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        ensure!(
            read(&made)? == read(&carried)?,
            "{name} carries other Rust than its generator makes: {} and {}",
            carried.display(),
            made.display()
        );
    }
    Ok(())
}

/// A workspace of all packages, in the profiles of the checkout.
fn manifest(checkout: &str, names: &[&str]) -> Result<String> {
    let checkout: DocumentMut = checkout.parse().context("in the checkout's Cargo.toml")?;
    let mut manifest = DocumentMut::new();
    let mut workspace = Table::new();
    workspace.insert("resolver", value("3"));
    workspace.insert("members", value(names.iter().copied().collect::<Array>()));
    manifest.insert("workspace", Item::Table(workspace));
    let mut paths = Table::new();
    paths.set_implicit(true);
    for name in names {
        let mut source = Table::new();
        source.insert("path", value(*name));
        paths.insert(name, Item::Table(source));
    }
    let mut patch = Table::new();
    patch.set_implicit(true);
    patch.insert("crates-io", Item::Table(paths));
    manifest.insert("patch", Item::Table(patch));
    if let Some(profiles) = checkout.get("profile") {
        manifest.insert("profile", profiles.clone());
    }
    Ok(manifest.to_string())
}

/// Cargo for the unpacked packages, with the target folder of the checkout.
fn cargo_in(workspace: &Workspace, unpacked: &Path) -> Command {
    let mut cargo = cargo();
    cargo.current_dir(unpacked);
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        cargo.env("CARGO_TARGET_DIR", workspace.target());
    }
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().context("cannot run cargo")?;
    ensure!(status.success(), "a package does not compile");
    Ok(())
}

/// The packages whose build scripts ran, each with the folder that the script wrote into.
fn generated(command: &mut Command) -> Result<Vec<(String, std::path::PathBuf)>> {
    let output = command
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "the packages do not compile with the feature `{FEATURE}`");
    let mut folders = Vec::new();
    for line in output.stdout.lines() {
        let message: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        // `path+file:///…/unpacked/workers-ai-translation#0.1.0`
        let name = text("package_id").split('#').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let folder = Path::new(text("out_dir"));
        if text("reason") == "build-script-executed" && folder.join("models.rs").is_file() {
            folders.push((name.to_owned(), folder.to_owned()));
        }
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn the_packages_stand_in_for_the_registrys_in_the_checkouts_profiles() {
        let checkout = "[workspace]\nmembers = [\"crates/*\"]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n";
        let text = manifest(checkout, &["a", "b"]).unwrap();
        let expected = "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\"]\n\n[patch.crates-io.a]\npath = \"a\"\n\n\
                        [patch.crates-io.b]\npath = \"b\"\n\n[profile.dev]\ndebug = \"line-tables-only\"\n";
        assert_eq!(text, expected);
    }
}
