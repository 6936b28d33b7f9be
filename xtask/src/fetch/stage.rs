//! All or nothing: changes are made on copies beside the originals and swapped in by renaming.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A set of files and folders that change together or not at all.
#[derive(Debug)]
pub(crate) struct Stage {
    root: PathBuf,
    swaps: Vec<Swap>,
}

/// One path, with its replacement lying beside it.
#[derive(Debug)]
struct Swap {
    target: PathBuf,
    staged: PathBuf,
    backup: PathBuf,
    /// The original lies under its backup name.
    is_set_aside: bool,
    /// The replacement lies under the original's name.
    is_placed: bool,
}

impl Stage {
    /// Puts back what a run that was killed between two renamings has set aside.
    pub(crate) fn recover(target: &Path) -> Result<()> {
        recover(&Swap::beside(target)?)
    }

    /// Begins a change under a folder.
    pub(crate) fn begin(root: &Path) -> Self {
        Self { root: root.to_owned(), swaps: Vec::new() }
    }

    /// A copy of a file or folder to be changed; what does not exist yet begins as nothing.
    pub(crate) fn copy_of(&mut self, relative: impl AsRef<Path>) -> Result<PathBuf> {
        let target = self.root.join(relative);
        let swap = Swap::beside(&target)?;
        recover(&swap)?;
        remove(&swap.staged)?;
        let staged = swap.staged.clone();
        // Noted first, so that a copy that fails half way is cleared away too.
        self.swaps.push(swap);
        if exists(&target) {
            copy(&target, &staged).with_context(|| format!("cannot copy {} for staging", target.display()))?;
        }
        Ok(staged)
    }

    /// Renames everything into place; if one renaming fails, those before it are undone.
    pub(crate) fn commit(mut self) -> Result<()> {
        let outcome = self.swaps.iter_mut().try_for_each(Swap::exchange);
        if let Err(error) = outcome {
            for swap in self.swaps.iter_mut().rev() {
                swap.undo();
            }
            return Err(error.context("nothing was changed"));
        }
        for swap in self.swaps.iter().filter(|swap| swap.is_set_aside) {
            // The change is complete; a backup that cannot be removed now is removed by the next run.
            let _ = remove(&swap.backup);
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for swap in &self.swaps {
            let _ = remove(&swap.staged);
        }
    }
}

impl Swap {
    fn beside(target: &Path) -> Result<Self> {
        let name = target
            .file_name()
            .and_then(|name| name.to_str())
            .with_context(|| format!("{} has no usable name", target.display()))?;
        Ok(Self {
            staged: target.with_file_name(format!(".{name}.staged")),
            backup: target.with_file_name(format!(".{name}.previous")),
            target: target.to_owned(),
            is_set_aside: false,
            is_placed: false,
        })
    }

    fn exchange(&mut self) -> Result<()> {
        if exists(&self.target) {
            fs::rename(&self.target, &self.backup)
                .with_context(|| format!("cannot set {} aside", self.target.display()))?;
            self.is_set_aside = true;
        }
        if exists(&self.staged) {
            fs::rename(&self.staged, &self.target)
                .with_context(|| format!("cannot put the new {} in place", self.target.display()))?;
            self.is_placed = true;
        }
        Ok(())
    }

    fn undo(&mut self) {
        if self.is_placed {
            let _ = remove(&self.target);
        }
        if self.is_set_aside {
            let _ = fs::rename(&self.backup, &self.target);
        }
    }
}

/// A run that was killed between two renamings has left the original under its backup name.
fn recover(swap: &Swap) -> Result<()> {
    match (exists(&swap.target), exists(&swap.backup)) {
        (_, false) => Ok(()),
        (true, true) => remove(&swap.backup),
        (false, true) => {
            fs::rename(&swap.backup, &swap.target).with_context(|| format!("cannot restore {}", swap.target.display()))
        }
    }
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Copies with modification times, so that a build does not take an unchanged file for a changed one.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let metadata = from.symlink_metadata()?;
    if metadata.is_symlink() {
        return link(&fs::read_link(from)?, to);
    }
    if metadata.is_dir() {
        fs::create_dir(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else if metadata.is_file() {
        fs::copy(from, to)?;
    } else {
        bail!("{} is neither file, folder nor link", from.display());
    }
    let times = fs::FileTimes::new().set_modified(metadata.modified()?);
    // A folder cannot be opened for this everywhere; its time matters less.
    let _ = File::open(to).and_then(|file| file.set_times(times));
    Ok(())
}

/// Makes a symbolic link, relative as it is written.
pub(crate) fn link(target: &Path, at: &Path) -> Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, at)?;
    #[cfg(windows)]
    if at.parent().unwrap_or(at).join(target).is_dir() {
        std::os::windows::fs::symlink_dir(target, at)?;
    } else {
        std::os::windows::fs::symlink_file(target, at)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_default()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_commit_changes_everything_and_leaves_nothing_beside() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("tree")).unwrap();
        fs::write(root.path().join("tree/kept"), "kept").unwrap();
        let mut stage = Stage::begin(root.path());
        let tree = stage.copy_of("tree").unwrap();
        fs::write(tree.join("new"), "new").unwrap();
        let file = stage.copy_of("file").unwrap();
        fs::write(file, "file").unwrap();
        stage.commit().unwrap();
        assert_eq!(names(root.path()), ["file", "tree"]);
        assert_eq!(names(&root.path().join("tree")), ["kept", "new"]);
    }

    #[test]
    fn a_failure_half_way_leaves_everything_as_it_was() {
        let root = tempfile::tempdir().unwrap();
        for name in ["first", "second"] {
            fs::write(root.path().join(name), "old").unwrap();
        }
        let mut stage = Stage::begin(root.path());
        for name in ["fresh", "first", "second"] {
            fs::write(stage.copy_of(name).unwrap(), "new").unwrap();
        }
        // A folder where the backup should go makes the last renaming fail.
        fs::create_dir(root.path().join(".second.previous")).unwrap();
        let error = format!("{:#}", stage.commit().unwrap_err());
        assert!(error.contains("nothing was changed"), "{error}");
        assert_eq!(names(root.path()), [".second.previous", "first", "second"]);
        assert_eq!(read(&root.path().join("first")), "old");
        assert_eq!(read(&root.path().join("second")), "old");
    }

    #[test]
    fn a_dropped_stage_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("file"), "old").unwrap();
        let mut stage = Stage::begin(root.path());
        fs::write(stage.copy_of("file").unwrap(), "new").unwrap();
        drop(stage);
        assert_eq!(names(root.path()), ["file"]);
        assert_eq!(read(&root.path().join("file")), "old");
    }

    #[test]
    fn a_killed_run_is_recovered_from() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(".file.previous"), "old").unwrap();
        fs::write(root.path().join(".file.staged"), "half").unwrap();
        let mut stage = Stage::begin(root.path());
        assert_eq!(read(&stage.copy_of("file").unwrap()), "old");
        assert_eq!(read(&root.path().join("file")), "old");
    }
}
