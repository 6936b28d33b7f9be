//! Folders as a whole: copied with contents in the place of links, emptied, removed.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

/// Copies a checkout or a folder of one; what can be made again and what begins with a dot stays behind.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    clear(to)?;
    copy_folder(from, to)
}

/// An empty folder, whatever was there.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Removes a folder, if there is one.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot delete {}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let is_made = ["target", "node_modules"].iter().any(|made| name == *made);
        if is_made || name.to_string_lossy().starts_with('.') {
            continue;
        }
        // Links are followed: a package holds what they point to.
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(&name))
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    #[cfg(unix)]
    fn links_become_what_they_point_to_and_what_was_made_stays_behind() {
        let checkout = tempfile::tempdir().unwrap();
        let (from, to) = (checkout.path().join("from"), checkout.path().join("to"));
        for folder in ["schemas/a", "crates/a", "target/debug", ".git"] {
            fs::create_dir_all(from.join(folder)).unwrap();
            fs::write(from.join(folder).join("file"), folder).unwrap();
        }
        std::os::unix::fs::symlink("../../schemas/a", from.join("crates/a/schemas")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("crates/a/schemas/file")).unwrap(), "schemas/a");
        assert!(!to.join("crates/a/schemas").is_symlink());
        assert!(!to.join("target").exists() && !to.join(".git").exists());
    }
}
