//! Where published schemas come from: the repository's own model files, and the raw feeds where they are at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The schemas of one model as somebody published them.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) id: String,
    /// Where they were read, for messages.
    pub(crate) origin: &'static str,
    pub(crate) input: Value,
    pub(crate) output: Value,
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every model file below `schemas/` as JSON, with the name of its modality.
pub(crate) fn model_files() -> Vec<(String, Value)> {
    let catalog = read(&root().join("schemas/catalog.json"));
    let models = catalog["models"].as_object().cloned().unwrap_or_default();
    models
        .into_iter()
        .map(|(id, entry)| {
            let modality = entry["modality"].as_str().unwrap_or_default().to_owned();
            let file = read(&root().join("schemas").join(&modality).join(format!("{id}.json")));
            (modality, file)
        })
        .collect()
}

/// The schemas in the repository.
pub(crate) fn committed() -> Vec<Published> {
    let files = model_files().into_iter();
    files.filter_map(|(_, file)| published(&file, "schemas/")).collect()
}

/// The schemas of the raw feeds, of each model the newest; `None` where no feed is at hand.
pub(crate) fn feeds() -> Option<Vec<Published>> {
    let folder = root().join("../shared/upstream");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut newest = BTreeMap::new();
    for path in paths {
        for model in read(&path)["models"].as_array().into_iter().flatten() {
            // The feed's `id` is a number of its own; the `name` is what calls use.
            let mut model = model.clone();
            let name = ["name", "id"].iter().find_map(|key| model[*key].as_str().filter(|text| text.starts_with('@')));
            let Some(name) = name.map(str::to_owned) else { continue };
            model["id"] = Value::String(name.clone());
            newest.insert(name, model);
        }
    }
    let models: Vec<Published> = newest.values().filter_map(|model| published(model, "feed")).collect();
    (!models.is_empty()).then_some(models)
}

fn published(model: &Value, origin: &'static str) -> Option<Published> {
    let schema = model.get("schema").filter(|schema| schema.get("input").is_some())?;
    Some(Published {
        id: model["id"].as_str()?.to_owned(),
        origin,
        input: schema["input"].clone(),
        output: schema["output"].clone(),
    })
}

#[track_caller]
fn read(path: &Path) -> Value {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
