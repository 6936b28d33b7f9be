//! Instances that were at fault once, in `kept.json`: every run begins with them, and a run that finds another adds it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One instance, as small as it could be made.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// The model.
    pub(crate) id: String,
    /// `request`, `queued request` or `reply`.
    pub(crate) side: String,
    /// A request that was damaged on purpose, or a reply with fields that nobody published.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) odd: bool,
    pub(crate) given: Value,
}

/// What is kept of one side of a model.
pub(crate) fn of(id: &str, side: &str) -> impl Iterator<Item = Kept> {
    let all: Vec<Kept> = read(&path());
    let (id, side) = (id.to_owned(), side.to_owned());
    all.into_iter().filter(move |kept| kept.id == id && kept.side == side)
}

/// Adds what was found.
pub(crate) fn keep(found: &Kept) {
    keep_in(&path(), found);
}

fn keep_in(path: &Path, found: &Kept) {
    // Models are tried on several threads.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut all = read(path);
    if !all.contains(found) {
        all.push(found.clone());
        fs::write(path, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    }
}

fn read(path: &Path) -> Vec<Kept> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("it/fidelity/kept.json")
}

#[test]
fn what_is_found_is_kept_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.json");
    fs::write(&path, "[]").unwrap();
    let found = Kept { id: "@cf/a/b".to_owned(), side: "reply".to_owned(), odd: true, given: Value::Null };
    keep_in(&path, &found);
    keep_in(&path, &found);
    assert_eq!(read(&path), [found]);
}

#[test]
fn what_is_kept_is_of_models_that_are_tried() {
    let tried: Vec<String> = super::sources::committed().into_iter().map(|published| published.id).collect();
    for kept in read(&path()) {
        assert!(tried.contains(&kept.id), "{kept:?}");
        assert!(["request", "queued request", "reply"].contains(&kept.side.as_str()), "{kept:?}");
    }
}
