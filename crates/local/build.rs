//! Bundles the published schemas and their corrections into the binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let schemas = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("schemas");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=schemas");
    if !schemas.is_dir() {
        // A checkout without symbolic links holds a text file here.
        println!(
            "cargo::error=crates/local/schemas is not a folder: check out with symbolic links (git config core.symlinks true)"
        );
        return Ok(());
    }
    let mut files = Vec::new();
    collect(&schemas, &schemas, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let path = schemas.join(&file);
        writeln!(code, "    ({file:?}, include_str!({:?})),", path.display().to_string()).map_err(io::Error::other)?;
    }
    code.push_str("]\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("schemas.rs"), code)
}

/// Adds every JSON file of a modality, by its path below `schemas/` with forward slashes.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            // Files directly in a folder of schemas/ that is no modality hold the project's notes.
            if parts.len() > 2 {
                files.push(parts.join("/"));
            }
        }
    }
    Ok(())
}
