//! Sources on this machine: a file in the feed's shape, or a folder with a document per model.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::catalogue::date::Date;
use crate::fetch::feed::{self, LARGEST_BODY};
use crate::fetch::plan::Snapshot;

/// Folders are searched this deep.
const DEEPEST: usize = 8;

/// Reads a file or a folder.
pub(super) fn read(path: &Path, as_of: Option<&Date>) -> Result<Snapshot> {
    let path = path
        .canonicalize()
        .with_context(|| format!("cannot find {}; --from takes a file, a folder or a URL", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let models = if path.is_dir() {
        let mut files = Vec::new();
        documents(&path, DEEPEST, &mut files)?;
        files.sort();
        ensure!(!files.is_empty(), "there is no .json file in {}", path.display());
        files
            .iter()
            .map(|file| feed::model(feed::parse(&bytes(file)?)?).with_context(|| format!("in {}", file.display())))
            .collect::<Result<_>>()?
    } else {
        feed::parse(&bytes(&path)?).and_then(feed::models).with_context(|| format!("in {}", path.display()))?
    };
    let as_of = as_of
        .cloned()
        .or_else(|| Date::in_name(&name))
        .with_context(|| format!("{name} has no date in its name; pass --as-of DATE, such as --as-of 2026-11"))?;
    Ok(Snapshot { name, as_of, models })
}

fn documents(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        // Links are not followed: a folder may come out of somebody's archive.
        let kind = path.symlink_metadata()?.file_type();
        if kind.is_dir() {
            ensure!(depth > 0, "{} is nested too deeply", path.display());
            documents(&path, depth - 1, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let size = path.metadata().with_context(|| format!("cannot read {}", path.display()))?.len();
    if size > LARGEST_BODY as u64 {
        bail!("{} is larger than {} MB", path.display(), LARGEST_BODY / (1024 * 1024));
    }
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
