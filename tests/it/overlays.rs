//! Each overlay is needed, and taking one away shows.

use std::fs;

use serde_json::Value;
use workers_ai_codegen::{Canonical, CanonicalModel, Facts, Modality, Options, Overlay, generate};

use crate::fidelity::{model_files, root};

/// The model files and overlays of one modality, read but not combined.
struct Folder {
    modality: String,
    models: Vec<Facts>,
    overlays: Vec<Overlay>,
}

fn folders() -> Vec<Folder> {
    let mut folders: Vec<Folder> = Vec::new();
    for (modality, file) in model_files() {
        let facts = Facts::parse(&file.to_string()).unwrap();
        match folders.iter_mut().find(|folder| folder.modality == modality) {
            Some(folder) => folder.models.push(facts),
            None => {
                let overlays = read_overlays(&modality);
                folders.push(Folder { modality, models: vec![facts], overlays });
            }
        }
    }
    folders
}

fn read_overlays(modality: &str) -> Vec<Overlay> {
    let Ok(entries) = fs::read_dir(root().join("schemas").join(modality).join("overlays")) else { return Vec::new() };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let parse =
        |path: &std::path::PathBuf| Overlay::parse(&path.display().to_string(), &fs::read_to_string(path).unwrap());
    paths.iter().map(|path| parse(path).unwrap()).collect()
}

impl Folder {
    /// The documents without one of the overlays, or with all.
    fn documents(&self, without: Option<usize>) -> Vec<CanonicalModel> {
        let overlays = self.overlays.iter().enumerate().filter(|(index, _)| Some(*index) != without);
        let overlays = overlays.map(|(_, overlay)| overlay.clone()).collect();
        // A document that cannot be made without the overlay is as good a difference as another.
        Modality::new(&self.modality, self.models.clone(), overlays).map(|modality| modality.models).unwrap_or_default()
    }

    /// The Rust of one model by itself, with or without overlays.
    fn rust(&self, model: &CanonicalModel) -> String {
        let modality = Modality { name: self.modality.clone(), models: vec![model.clone()], overlays: Vec::new() };
        generate(&modality, &Options::default()).unwrap_or_else(|problems| problems.to_string())
    }
}

/// What a validator sees of a document.
fn schemas(canonical: &Canonical) -> (Value, Option<Value>, Value) {
    let stream = canonical.reply.stream.as_ref().map(|stream| stream.chunk.clone()).unwrap_or_default();
    (canonical.request_schema(), canonical.reply_schema(), stream)
}

#[test]
fn every_overlay_changes_a_model() {
    let mut overlays = 0;
    for folder in folders() {
        let modality = Modality::new(&folder.modality, folder.models.clone(), folder.overlays.clone()).unwrap();
        let unneeded: Vec<&str> = modality.unneeded_overlays().collect();
        assert!(unneeded.is_empty(), "these change nothing: {}", unneeded.join(", "));
        overlays += folder.overlays.len();
    }
    println!("{overlays} overlays");
}

#[test]
fn without_an_overlay_something_else_is_generated_or_checked() {
    for folder in folders() {
        let with = folder.documents(None);
        assert_eq!(with.len(), folder.models.len(), "{}", folder.modality);
        for (index, overlay) in folder.overlays.iter().enumerate() {
            let without = folder.documents(Some(index));
            let changed: Vec<(&CanonicalModel, Option<&CanonicalModel>)> = with
                .iter()
                .map(|model| (model, without.iter().find(|other| other.facts.id == model.facts.id)))
                .filter(|(model, other)| other.and_then(|other| other.canonical.as_ref()) != model.canonical.as_ref())
                .collect();
            assert!(!changed.is_empty(), "{}: every document is the same without it", overlay.name);
            let shows = changed.iter().any(|(model, other)| {
                let plain = |model: &CanonicalModel| model.canonical.as_deref().map(schemas);
                let other = other.filter(|other| other.canonical.is_some());
                other.is_none_or(|other| plain(model) != plain(other) || folder.rust(model) != folder.rust(other))
            });
            assert!(
                shows,
                "{}: neither the Rust nor the schemas of {} models differ without it",
                overlay.name,
                changed.len()
            );
        }
    }
}

#[test]
fn every_overlay_says_why_in_a_sentence() {
    for folder in folders() {
        for overlay in folder.overlays {
            let reason = overlay.reason.as_str();
            assert!(reason.split(' ').count() >= 5, "{}: `{reason}` says little", overlay.name);
            assert!(!reason.ends_with('.') && !reason.contains("TODO"), "{}: `{reason}`", overlay.name);
        }
    }
}
