//! The inputs that are kept: real ones, and those that once found something.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Target;

/// One input, by the name of its file.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file's name, which says what is in it.
    pub name: String,
    /// What is fed.
    pub bytes: Vec<u8>,
}

/// The kept inputs of a target, by name.
///
/// # Panics
///
/// Where there are none: a target without a corpus is hardly tested.
#[must_use]
pub fn corpus(target: &Target) -> Vec<Input> {
    let folder = folder(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<Input> = entries
        .flatten()
        .map(|entry| Input {
            name: entry.file_name().to_string_lossy().into_owned(),
            bytes: fs::read(entry.path()).unwrap_or_else(|error| panic!("{}: {error}", entry.path().display())),
        })
        .collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs.sort_by(|left, right| left.name.cmp(&right.name));
    inputs
}

/// Keeps an input that found something; later runs begin with it.
pub(crate) fn keep(target: &Target, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder(target).join(name);
    // Whoever runs the test sees the input in the message too.
    let _ = fs::write(&path, bytes);
    path
}

fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)
}
