//! What the one build script calls: schemas beside the crate in, `$OUT_DIR/models.rs` out.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::emit::{Options, generate};
use crate::modality::load;

/// Generates the bindings of the modality crate whose build script is running.
///
/// Reads `schemas/` beside the crate's manifest and writes `models.rs` into `OUT_DIR`. Where that fails it prints every
/// reason and ends the process, as a build script should.
pub fn build() {
    if let Err(reason) = try_build() {
        for line in reason.lines() {
            println!("cargo::error={line}");
        }
        process::exit(1);
    }
}

fn try_build() -> Result<(), String> {
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}; `build` belongs in a build script"));
    let crate_directory = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?).join("models.rs");
    let schemas = crate_directory.join("schemas");
    println!("cargo::rerun-if-changed=schemas");
    check_link(&schemas)?;
    let modality = load(&schemas).map_err(|problems| problems.to_string())?;
    let rust = generate(&modality, &Options::default()).map_err(|problems| problems.to_string())?;
    fs::write(&out, rust).map_err(|error| format!("{}: {error}", out.display()))
}

/// A checkout without symlinks leaves a small text file where the link should be.
fn check_link(schemas: &Path) -> Result<(), String> {
    if schemas.is_dir() {
        return Ok(());
    }
    Err(format!("{} is not a folder: {LINKS}", schemas.display()))
}

/// What to do about a checkout without symlinks.
const LINKS: &str = "this checkout has no symbolic links; on Windows turn on developer mode, then run \
    `git config core.symlinks true` and `git checkout -- crates`";
