//! The cases, as they lie in the folders.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One program and what the compiler must say about it.
pub(crate) struct Case {
    /// The name of the file, without its ending.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// The lines that begin with `//~`, without that.
    pub(crate) phrases: Vec<String>,
    /// Whether the message grows with the catalogue. Where a trait is missing rustc lists eight types that have it, in
    /// the order of the alphabet; a new model may push its way into the list. So the case has no `.stderr`.
    pub(crate) grows: bool,
}

/// The mark of a case whose message lists other models.
const GROWS: &str = "//~ (and a list of other models)";

/// The cases of a folder, sorted by name.
pub(crate) fn read(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder lies beside the manifest")
        .map(|entry| entry.expect("entries can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} holds no case", folder.display());
    paths.into_iter().map(case).collect()
}

fn case(path: PathBuf) -> Case {
    let source = fs::read_to_string(&path).expect("cases are text");
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (marks, phrases): (Vec<&str>, Vec<&str>) =
        source.lines().filter(|line| line.starts_with("//~ ")).partition(|line| *line == GROWS);
    let phrases = phrases.into_iter().map(|line| line.trim_start_matches("//~ ").to_owned()).collect();
    Case { name, path, phrases, grows: !marks.is_empty() }
}
