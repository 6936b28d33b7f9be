//! Where a snapshot comes from.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::feed;
use super::plan::Snapshot;
use crate::catalogue::date::Date;

/// Reads a source.
pub(crate) fn read(from: Option<&str>, as_of: Option<&Date>) -> Result<Snapshot> {
    let Some(from) = from else { bail!("pass --from FILE") };
    file(Path::new(from), as_of)
}

fn file(path: &Path, as_of: Option<&Date>) -> Result<Snapshot> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let models = feed::parse(&bytes)
        .and_then(feed::models)
        .with_context(|| format!("in {}", path.display()))?;
    let as_of = as_of
        .cloned()
        .or_else(|| Date::in_name(&name))
        .with_context(|| format!("{name} has no date in its name; pass --as-of DATE, such as --as-of 2026-11"))?;
    Ok(Snapshot { name, as_of, models })
}
