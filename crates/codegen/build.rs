//! Says what to do about a checkout without symbolic links, before any linked build script is compiled.
//!
//! Each modality crate's `build.rs` is a link to the workspace's one. Where git writes links as text files, rustc would
//! only report that such a file does not parse. This crate is compiled first, so it looks.

use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Some(crates) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else { return };
    if !crates.join("../build.rs").is_file() {
        return;
    }
    for entry in fs::read_dir(crates).into_iter().flatten().flatten() {
        let script = entry.path().join("build.rs");
        let is_left_over = fs::read_to_string(&script).is_ok_and(|text| text.trim() == "../../build.rs");
        if is_left_over {
            println!(
                "cargo::error={} should be a symbolic link, but this checkout wrote it as text. On Windows turn on developer \
                 mode, then run `git config core.symlinks true` and `git checkout -- crates`.",
                script.display()
            );
        }
    }
}
