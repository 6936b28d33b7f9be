//! The catalogue's index and lock, `schemas/catalog.json`, and the model files it points to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::id::ModelId;
use super::model::{Model, RustName};

/// The index: which models there are, where they lie and what they were made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<Source>,
    pub(crate) models: BTreeMap<String, Entry>,
    pub(crate) releases: Vec<Release>,
}

/// The snapshot that the catalogue was last brought up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) as_of: Date,
    pub(crate) name: String,
    pub(crate) sha256: String,
}

/// One model in the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) modality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rust: Option<RustName>,
    pub(crate) upstream_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file_sha256: Option<String>,
    pub(crate) first_seen: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gone_by: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unbound: Option<String>,
}

impl Entry {
    /// Where a file can be had again. No source of catalogues has what has left them.
    pub(crate) fn source(&self) -> &'static str {
        if self.gone_by.is_none() { "git, or fetch again" } else { "git" }
    }
}

/// A release of the crates, and the models that it had as live ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<Date>,
    pub(crate) live: Vec<String>,
}

/// A catalogue as it lies in a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Catalogue {
    pub(crate) index: Index,
    /// By id; models that have a file.
    pub(crate) models: BTreeMap<String, Model>,
}

/// The name of the index inside `schemas/`.
pub(crate) const INDEX: &str = "catalog.json";

impl Catalogue {
    /// Reads a folder; one without an index is an empty catalogue.
    pub(crate) fn read(schemas: &Path) -> Result<Self> {
        Self::read_with(|path| in_folder(schemas, path))
    }

    /// Reads what there is of a folder, for a fetch that may bring the rest back: a model whose file is not there is in
    /// the index alone.
    pub(crate) fn read_remains(schemas: &Path) -> Result<Self> {
        Self::read_or(|path| in_folder(schemas, path), |_, _| Ok(()))
    }

    /// Reads a catalogue from wherever its files are.
    pub(crate) fn read_with(text_of: impl Fn(&Path) -> Result<Option<String>>) -> Result<Self> {
        let missing = |file: &Path, entry: &Entry| {
            bail!("{INDEX} lists {}, which is not there; bring it back with {}", file.display(), entry.source())
        };
        Self::read_or(text_of, missing)
    }

    fn read_or(
        text_of: impl Fn(&Path) -> Result<Option<String>>,
        missing: impl Fn(&Path, &Entry) -> Result<()>,
    ) -> Result<Self> {
        let Some(index) = text_of(Path::new(INDEX))? else { return Ok(Self::default()) };
        let index: Index = parse(Path::new(INDEX), &index)?;
        let mut models = BTreeMap::new();
        for (id, entry) in &index.models {
            let Some(file) = file_of(id, entry) else { continue };
            if let Some(text) = text_of(&file)? {
                models.insert(id.clone(), parse(&file, &text)?);
            } else {
                missing(&file, entry)?;
            }
        }
        Ok(Self { index, models })
    }
}

fn in_folder(schemas: &Path, path: &Path) -> Result<Option<String>> {
    let path = schemas.join(path);
    if !path.exists() {
        return Ok(None);
    }
    fs::read_to_string(&path).map(Some).with_context(|| format!("cannot read {}", path.display()))
}

/// Where the file of an entry lies under `schemas/`, if it has one.
pub(crate) fn file_of(id: &str, entry: &Entry) -> Option<PathBuf> {
    entry.file_sha256.as_ref()?;
    let modality = entry.modality.as_ref()?;
    let id = ModelId::parse(id).ok()?;
    Some(Path::new(modality).join(id.file()))
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T> {
    serde_json::from_str(text).with_context(|| format!("{} is not what fetch writes", path.display()))
}
