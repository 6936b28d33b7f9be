//! Where things lie in a checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// A checkout of the project, by its root folder.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The given folder, or the checkout that this program was built from.
    pub(crate) fn locate(root: Option<PathBuf>) -> Result<Self> {
        let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        let root = root
            .canonicalize()
            .with_context(|| format!("no checkout at {}", root.display()))?;
        ensure!(
            root.join("schemas").is_dir() || root.join("crates").is_dir(),
            "{} is not a checkout of this project: it has neither schemas/ nor crates/",
            root.display()
        );
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn schemas(&self) -> PathBuf {
        self.root.join("schemas")
    }
}
