//! The two snapshots of the real feed, where they lie beside the checkout, reproduce what is committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::checkout::Checkout;

fn upstream(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/upstream").join(name);
    path.is_file().then_some(path)
}

#[test]
fn both_snapshots_reproduce_the_catalogue_byte_for_byte() {
    let (Some(december), Some(november)) = (upstream("2025-12.json"), upstream("2026-11.json")) else {
        println!("skipped: ../shared/upstream is not there, and the snapshots are not part of the project");
        return;
    };
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let checkout = Checkout::bare();
    let committed = files(&repository.join("schemas"));
    for (path, bytes) in &committed {
        if !is_fetched(path) {
            let path = checkout.path("schemas").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    for modality in fs::read_dir(repository.join("crates")).unwrap().map(|entry| entry.unwrap().path()) {
        if modality.join("schemas").is_symlink() {
            checkout.room(modality.file_name().unwrap().to_str().unwrap());
        }
    }
    for snapshot in [december, november] {
        checkout.run(&["fetch", "--from", &snapshot.to_string_lossy()]).succeeded();
    }
    let fetched = files(&checkout.path("schemas"));
    assert_eq!(fetched.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (path, bytes) in &committed {
        assert!(fetched.get(path) == Some(bytes), "{path} is not what fetch writes");
    }
    assert_eq!(checkout.json("schemas/catalog.json")["models"].as_object().unwrap().len(), 87);
}

fn is_fetched(path: &str) -> bool {
    path == "catalog.json" || path.contains("/@")
}

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}
