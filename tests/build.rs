//! Writes a macro that names every bound model, from the catalogue's JSON alone, so that no model is ever left untested.

#![expect(clippy::indexing_slicing, reason = "an index that a JSON value lacks is null")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fmt::Write as _, fs};

use serde_json::Value;

fn main() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    println!("cargo::rerun-if-changed={}", schemas.display());
    match lines(&schemas) {
        Ok(models) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("models.rs");
            if let Err(error) = fs::write(&out, macro_of(&models)) {
                println!("cargo::error={}: {error}", out.display());
            }
        }
        Err(reason) => println!("cargo::error={reason}"),
    }
}

/// A line for each bound model, by id.
fn lines(schemas: &Path) -> Result<Vec<String>, String> {
    let catalog = read(&schemas.join("catalog.json"))?;
    let models = catalog["models"].as_object().ok_or("catalog.json has no `models`")?;
    let mut shared: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut lines = Vec::new();
    for (id, entry) in models {
        let modality = text(&entry["modality"]);
        if !shared.contains_key(modality) {
            shared.insert(modality.to_owned(), unpublished_overlays(&schemas.join(modality).join("overlays"))?);
        }
        let model = read(&schemas.join(modality).join(format!("{id}.json")))?;
        let bound = model.get("schema").is_some()
            || shared.get(modality).is_some_and(|overlays| overlays.iter().any(|overlay| covers(overlay, &model)));
        if bound {
            let (module, marker) = (text(&entry["rust"]["module"]), text(&entry["rust"]["type"]));
            lines.push(format!("({}, {module}, {marker}, {id:?});", modality.replace('-', "_")));
        }
    }
    Ok(lines)
}

/// The overlays that give models without a published schema one.
fn unpublished_overlays(folder: &Path) -> Result<Vec<Value>, String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut overlays = Vec::new();
    for entry in entries.flatten() {
        let overlay = read(&entry.path())?;
        if overlay["applies_to"]["unpublished"] == true {
            overlays.push(overlay);
        }
    }
    Ok(overlays)
}

fn covers(overlay: &Value, model: &Value) -> bool {
    let conditions = &overlay["applies_to"];
    let names = |key: &str| conditions[key].as_array().cloned().unwrap_or_default();
    let set = |flag: &Value| model["properties"][text(flag)] == true;
    (conditions["models"].is_null() || names("models").contains(&model["id"]))
        && !names("except").contains(&model["id"])
        && names("with").iter().all(set)
        && !names("without").iter().any(set)
}

fn macro_of(lines: &[String]) -> String {
    let mut text = String::from("macro_rules! for_each_model {\n    ($with:ident) => {\n        $with! {\n");
    for line in lines {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "            {line}");
    }
    text.push_str("        }\n    };\n}\n");
    text
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
