//! `cargo xtask package`: what is published, in which the modality crates carry the Rust that their build script makes here.
//!
//! In a checkout Rust follows from schemas whenever they change. Whoever takes a crate from a registry changes none, and should not
//! compile a generator to get the same bytes as everybody else. So the checkout is copied, each modality crate of the copy
//! gets its generated Rust, and cargo packages the copy.

mod carry;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::folder;
use crate::programs::cargo;
use crate::workspace::Workspace;

/// Packages every crate that is published, with its generated Rust, and compiles each from its package.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Make the packages without compiling them.
    #[arg(long)]
    no_verify: bool,
}

/// A package that is published.
pub(crate) struct Package {
    name: String,
    version: String,
    /// Its folder in the copy.
    room: PathBuf,
}

/// What each package must hold, and a checkout has once.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// Where the copy of the checkout lies, below `target/`.
const STAGE: &str = "staged";
/// Where the packages lie unpacked, below `target/`.
const UNPACKED: &str = "unpacked";

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let packages = make(workspace)?;
    if !arguments.no_verify {
        verify::verify(workspace, &workspace.target().join(UNPACKED), &packages, &workspace.modalities())?;
    }
    println!("{} packages in {}", packages.len(), workspace.target().join("package").display());
    let stage = workspace.target().join(STAGE);
    println!("to publish them: cargo publish --workspace --no-verify --manifest-path {}/Cargo.toml", stage.display());
    Ok(ExitCode::SUCCESS)
}

/// Makes the packages and unpacks them into `target/unpacked`, without compiling any.
pub(crate) fn make(workspace: &Workspace) -> Result<Vec<Package>> {
    let stage = workspace.target().join(STAGE);
    folder::copy(workspace.root(), &stage)?;
    for modality in workspace.modalities() {
        carry::carry(&stage.join("crates").join(&modality), &format!("workers-ai-{modality}"))?;
    }
    let packages = published(&stage)?;
    for Package { room, .. } in &packages {
        for licence in LICENCES {
            fs::copy(stage.join(licence), room.join(licence)).with_context(|| format!("cannot copy {licence}"))?;
        }
    }
    package(workspace, &stage, &packages)?;
    unpack(workspace, &packages)?;
    Ok(packages)
}

/// The members of a workspace that may go to a registry.
fn published(root: &Path) -> Result<Vec<Package>> {
    let output = cargo()
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("there are no packages")?;
    let text = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(packages
        .iter()
        // `publish = false` is an empty list of registries.
        .filter(|package| package.get("publish").is_none_or(Value::is_null))
        .map(|package| Package {
            name: text(package, "name"),
            version: text(package, "version"),
            room: Path::new(&text(package, "manifest_path")).with_file_name(""),
        })
        .collect())
}

/// Lets cargo make the packages. It would also build each, but against sources of the others that it may have unpacked for an
/// earlier state of them.
fn package(workspace: &Workspace, stage: &Path, packages: &[Package]) -> Result<()> {
    let mut cargo = cargo();
    cargo.args(["package", "--quiet", "--no-verify", "--locked", "--target-dir"]).arg(workspace.target());
    for package in packages {
        cargo.args(["--package", &package.name]);
    }
    let status = cargo.current_dir(stage).status().context("cannot run cargo")?;
    ensure!(status.success(), "cargo could not make the packages");
    Ok(())
}

/// Unpacks every package into a folder without its version.
fn unpack(workspace: &Workspace, packages: &[Package]) -> Result<()> {
    let unpacked = workspace.target().join(UNPACKED);
    folder::clear(&unpacked)?;
    for Package { name, version, .. } in packages {
        let path = workspace.target().join("package").join(format!("{name}-{version}.crate"));
        let file = fs::File::open(&path).with_context(|| format!("cargo made no {}", path.display()))?;
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
        // Files in a package are as old as each other for ever, by which cargo would take new ones for those of the last time.
        archive.set_preserve_mtime(false);
        archive.unpack(&unpacked).with_context(|| format!("cannot unpack {}", path.display()))?;
        let folder = unpacked.join(format!("{name}-{version}"));
        fs::rename(&folder, unpacked.join(name)).with_context(|| format!("cannot rename {}", folder.display()))?;
    }
    Ok(())
}
