//! Habits that the compiler does not check: a first sentence, telling file names, links that point home.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fidelity::root;

/// Folders whose files are texts to compare with, or not ours.
const SKIPPED: &[&str] = &["target", "golden", "ui", "templates", "template"];
/// File names that name no idea.
const NAMELESS: &[&str] = &["utils", "util", "helpers", "helper", "misc", "common"];

fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = ["crates", "xtask", "tests"].iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) && !path.is_symlink() {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.push(root().join("build.rs"));
    files
}

#[test]
fn every_module_opens_with_a_sentence() {
    let files = rust_files();
    assert!(files.len() > 100, "only {} files were found", files.len());
    let silent: Vec<String> = files
        .iter()
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            let first = text.lines().next().unwrap_or_default();
            // A module may take its documentation from a page instead.
            !first.starts_with("//! ") && !first.starts_with("#![doc = include_str!")
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "these do not open with `//! `:\n{}", silent.join("\n"));
}

#[test]
fn every_file_name_names_an_idea() {
    let nameless: Vec<String> = rust_files()
        .iter()
        .filter(|path| {
            let parts = path.iter().map(|part| part.to_string_lossy());
            parts.map(|part| part.trim_end_matches(".rs").to_owned()).any(|part| NAMELESS.contains(&part.as_str()))
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(nameless.is_empty(), "{}", nameless.join("\n"));
}

#[test]
fn every_modality_crate_links_to_the_one_build_script_and_to_its_schemas() {
    let mut seen = 0;
    for folder in fs::read_dir(root().join("schemas")).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let modality = folder.file_name().to_string_lossy().into_owned();
        if modality == "facts" {
            continue;
        }
        let room = root().join("crates").join(&modality);
        check_link(&room.join("build.rs"), Path::new("../../build.rs"));
        check_link(&room.join("schemas"), &Path::new("../../schemas").join(&modality));
        seen += 1;
    }
    assert!(seen >= 12, "only {seen} modalities");
}

#[track_caller]
fn check_link(link: &Path, target: &Path) {
    let found = fs::read_link(link).unwrap_or_else(|error| panic!("{} is no link: {error}", link.display()));
    assert_eq!(found, target, "{}", link.display());
    assert!(link.exists(), "{} points nowhere", link.display());
}

/// Every package of the workspace: each `Cargo.toml` but those of workspaces of their own.
fn manifests() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["crates", "xtask", "tests"].iter().map(|name| root().join(name)).collect();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir()
                && !path.is_symlink()
                && !["target", "node_modules", "peers", "libfuzzer"].contains(&name.as_str())
            {
                folders.push(path);
            } else if name == "Cargo.toml" {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_package_keeps_the_workspaces_lints() {
    let manifests = manifests();
    assert!(manifests.len() > 20, "only {} manifests were found", manifests.len());
    let loose: Vec<String> = manifests
        .iter()
        .filter(|path| !fs::read_to_string(path).unwrap().contains("[lints]\nworkspace = true\n"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(loose.is_empty(), "these do not inherit the lints:\n{}", loose.join("\n"));
}

/// Lints under which nothing in a library may panic unsaid; tests, which fail by panicking, are left out.
const NO_PANICS: &str = "#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]";

#[test]
fn every_library_asks_not_to_panic() {
    let lax: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path().join("src/lib.rs"))
        .filter(|path| !fs::read_to_string(path).unwrap().contains(NO_PANICS))
        .map(|path| path.display().to_string())
        .collect();
    assert!(lax.is_empty(), "these lack `{NO_PANICS}`:\n{}", lax.join("\n"));
}
