//! Whether anything can have changed since the last fetch: what the source said, the files of `schemas/`, or this program.
//!
//! A fetch is a function of these alone, and fetching twice writes nothing the second time. So where all of them are as the
//! last fetch left them there is nothing to work out. What cannot be read makes a fetch that works everything out, which
//! does no harm.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::{Arguments, Changes};
use crate::catalogue::canonical;
use crate::workspace::Workspace;

/// Everything that a fetch depends on, from before it reads anything of it.
#[derive(Debug)]
pub(super) struct Settled {
    note: PathBuf,
    /// The program, what it was asked, and what it was told.
    cause: String,
    /// The crates that carry schemas.
    rooms: BTreeSet<String>,
    /// The hash of each file below `schemas/`, people's notes and corrections too.
    files: BTreeMap<PathBuf, String>,
}

/// What the last fetch left.
#[derive(Serialize, Deserialize)]
struct Note {
    state: String,
    /// What there is to say if that is still the state.
    report: String,
}

impl Settled {
    /// By the mark of what the source said; nothing where that has none.
    pub(super) fn by(workspace: &Workspace, arguments: &Arguments, mark: Option<String>) -> Option<Self> {
        let Arguments { from, as_of, allow_removals, new_modality, first_pause: _, timeout: _, at_a_time: _ } =
            arguments;
        let asked = format!("{from:?} {as_of:?} {allow_removals} {new_modality}");
        let program = std::env::current_exe().and_then(|program| identity(&program)).ok()?;
        let cause = [program, asked, mark?].join("\n");
        let (schemas, mut files) = (workspace.schemas(), BTreeMap::new());
        if schemas.exists() {
            collect(&schemas, &schemas, &mut files).ok()?;
        }
        let note = workspace.target().join("fetch/settled.json");
        Some(Self { note, cause, rooms: workspace.modalities(), files })
    }

    /// What there is to say, if everything is as the last fetch left it.
    pub(super) fn recall(&self) -> Option<String> {
        let note: Note = serde_json::from_slice(&fs::read(&self.note).ok()?).ok()?;
        (note.state == self.state()).then_some(note.report)
    }

    /// Notes what this fetch leaves. It is worked out, not read again: what somebody else changes meanwhile was not seen.
    pub(super) fn keep(mut self, changes: &Changes, new_rooms: BTreeSet<String>, report: String) {
        self.files.retain(|path, _| !changes.removed.contains(path));
        let written = changes.written.iter().map(|(path, text)| (path.clone(), canonical::sha256(text)));
        self.files.extend(written);
        self.rooms.extend(new_rooms);
        // Without a note everything is worked out again the next time.
        let _ = self.write(&Note { state: self.state(), report });
    }

    fn write(&self, note: &Note) -> io::Result<()> {
        fs::create_dir_all(self.note.parent().unwrap_or(Path::new(".")))?;
        let beside = self.note.with_extension("new");
        fs::write(&beside, serde_json::to_vec(note)?)?;
        fs::rename(beside, &self.note)
    }

    fn state(&self) -> String {
        let Self { note: _, cause, rooms, files } = self;
        canonical::sha256(format!("{cause}\n{rooms:?}\n{files:?}"))
    }
}

/// Every file of a folder, by its path below another. Links are read as what they lead to, and one to a folder fails.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else {
            let hash = canonical::sha256(fs::read(&path)?);
            files.insert(path.strip_prefix(root).unwrap_or(&path).to_owned(), hash);
        }
    }
    Ok(())
}

/// Stands for a program: another one may make other files of the same answers. The time at which a file's entry changed is
/// set by the system alone, whenever it is written, replaced or copied.
#[cfg(unix)]
fn identity(program: &Path) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(program)?;
    let (device, inode, size) = (metadata.dev(), metadata.ino(), metadata.size());
    Ok(format!("{device} {inode} {size} {} {}", metadata.ctime(), metadata.ctime_nsec()))
}

#[cfg(not(unix))]
fn identity(program: &Path) -> io::Result<String> {
    fs::read(program).map(canonical::sha256)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    const FACTS: &str = "schemas/facts/limits.json";

    fn checkout() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("schemas/facts")).unwrap();
        fs::write(folder.path().join(FACTS), "1").unwrap();
        let workspace = Workspace::locate(Some(folder.path().to_owned())).unwrap();
        (folder, workspace)
    }

    fn settled(workspace: &Workspace) -> Settled {
        let arguments = Arguments::plain("http://127.0.0.1/feed", "2026-11".parse().unwrap());
        Settled::by(workspace, &arguments, Some("a mark".to_owned())).unwrap()
    }

    fn written(path: &str, text: &str) -> Changes {
        Changes { written: BTreeMap::from([(path.into(), text.to_owned())]), removed: BTreeSet::new() }
    }

    #[test]
    fn what_was_written_is_what_is_expected_to_lie_there() {
        let (folder, workspace) = checkout();
        settled(&workspace).keep(&written("catalog.json", "{}"), BTreeSet::new(), "said".to_owned());
        assert_eq!(settled(&workspace).recall(), None);
        fs::write(folder.path().join("schemas/catalog.json"), "{}").unwrap();
        assert_eq!(settled(&workspace).recall().as_deref(), Some("said"));
    }

    #[test]
    fn what_somebody_changes_meanwhile_was_not_seen() {
        let (folder, workspace) = checkout();
        let before = settled(&workspace);
        fs::write(folder.path().join(FACTS), "2").unwrap();
        fs::write(folder.path().join("schemas/catalog.json"), "{}").unwrap();
        before.keep(&written("catalog.json", "{}"), BTreeSet::new(), "said".to_owned());
        assert_eq!(settled(&workspace).recall(), None);
    }

    #[test]
    fn a_source_without_a_mark_never_settles() {
        let (_folder, workspace) = checkout();
        let arguments = Arguments::plain("2026-11.json", "2026-11".parse().unwrap());
        assert!(Settled::by(&workspace, &arguments, None).is_none());
    }
}
