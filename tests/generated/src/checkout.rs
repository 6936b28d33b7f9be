//! Where things are in the checkout.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout.
///
/// # Errors
///
/// Where it is not there any more.
pub fn root() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().with_context(|| format!("cannot find {}", root.display()))
}

/// A folder for crates that are only made to be compiled.
///
/// # Errors
///
/// Where it cannot be made.
pub fn room(name: &str) -> Result<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or(root()?.join("target"), PathBuf::from);
    let room = target.join("generated").join(name);
    fs::create_dir_all(&room).with_context(|| format!("cannot make {}", room.display()))?;
    Ok(room)
}

/// The folders of the modalities.
///
/// # Errors
///
/// Where `schemas/` cannot be read.
pub fn modalities() -> Result<Vec<PathBuf>> {
    let schemas = root()?.join("schemas");
    let mut folders = Vec::new();
    for entry in fs::read_dir(&schemas).with_context(|| format!("cannot read {}", schemas.display()))? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("facts") {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Writes a file, and the folders that it is in.
///
/// # Errors
///
/// Where that cannot be done.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
