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
}

impl Stage {
    /// Begins a change under a folder; puts back what an interrupted run has left aside.
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
            copy(&target, &staged)
                .with_context(|| format!("cannot copy {} for staging", target.display()))?;
        }
        Ok(staged)
    }

    /// Renames everything into place; if one renaming fails, those before it are undone.
    pub(crate) fn commit(mut self) -> Result<()> {
        let swaps = std::mem::take(&mut self.swaps);
        for (done, swap) in swaps.iter().enumerate() {
            if let Err(error) = swap.exchange() {
                for swap in swaps.iter().take(done + 1).rev() {
                    swap.undo();
                }
                self.swaps = swaps;
                return Err(error.context("nothing was changed"));
            }
        }
        for swap in &swaps {
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
        })
    }

    fn exchange(&self) -> Result<()> {
        if exists(&self.target) {
            fs::rename(&self.target, &self.backup)
                .with_context(|| format!("cannot set {} aside", self.target.display()))?;
        }
        if exists(&self.staged) {
            fs::rename(&self.staged, &self.target)
                .with_context(|| format!("cannot put the new {} in place", self.target.display()))?;
        }
        Ok(())
    }

    fn undo(&self) {
        if exists(&self.backup) {
            let _ = remove(&self.target);
            let _ = fs::rename(&self.backup, &self.target);
        } else if !exists(&self.staged) {
            let _ = remove(&self.target);
        }
    }
}

/// A run that was killed between two renamings has left the original under its backup name.
fn recover(swap: &Swap) -> Result<()> {
    match (exists(&swap.target), exists(&swap.backup)) {
        (_, false) => Ok(()),
        (true, true) => remove(&swap.backup),
        (false, true) => fs::rename(&swap.backup, &swap.target)
            .with_context(|| format!("cannot restore {}", swap.target.display())),
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
