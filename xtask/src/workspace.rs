//! Where things lie in a checkout.

use std::collections::BTreeSet;
use std::fs;
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
        let root = root.canonicalize().with_context(|| format!("no checkout at {}", root.display()))?;
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

    /// Where what can be made again is kept.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The folder of a crate.
    pub(crate) fn room(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name)
    }

    /// The modalities: crates with a link to their schemas, or, in a copy without crates, folders of schemas.
    pub(crate) fn modalities(&self) -> BTreeSet<String> {
        let crates = self.root.join("crates");
        if crates.is_dir() {
            return folders(&crates).filter(|name| self.takes_schemas(name)).collect();
        }
        folders(&self.schemas()).filter(|name| name != "facts").collect()
    }

    /// Whether a crate links to the schemas of its own name; a checkout without links has the target as text.
    fn takes_schemas(&self, name: &str) -> bool {
        let link = self.room(name).join("schemas");
        let target = fs::read_link(&link)
            .map(|target| target.to_string_lossy().into_owned())
            .or_else(|_| fs::read_to_string(&link));
        target.is_ok_and(|target| target.trim() == format!("../../schemas/{name}"))
    }
}

fn folders(parent: &Path) -> impl Iterator<Item = String> {
    fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
}
