//! What holds for the Rust of every model of the catalogue.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use workers_ai_codegen::{Modality, Options, generate, load};

fn modalities() -> Vec<Modality> {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let mut folders: Vec<PathBuf> = fs::read_dir(schemas).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir() && !path.ends_with("facts"));
    folders.sort();
    assert!(folders.len() >= 12, "{folders:?}");
    folders.iter().map(|folder| load(folder).unwrap()).collect()
}

/// Names of the types that a file defines.
fn types(rust: &str) -> impl Iterator<Item = &str> {
    rust.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
        rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next()
    })
}

#[test]
fn every_model_is_bound_or_says_why_not() {
    for modality in modalities() {
        for model in &modality.models {
            assert!(model.canonical.is_some() || model.facts.unbound.is_some(), "{}", model.facts.id);
        }
    }
}

#[test]
fn every_overlay_is_needed() {
    for modality in modalities() {
        let unneeded: Vec<&str> = modality.unneeded_overlays().collect();
        assert!(unneeded.is_empty(), "{}: {unneeded:?} change nothing any more: remove them", modality.name);
    }
}

#[test]
fn the_same_schemas_give_the_same_bytes() {
    for (one, other) in modalities().iter().zip(&modalities()) {
        assert!(
            generate(one, &Options::default()).unwrap() == generate(other, &Options::default()).unwrap(),
            "{}",
            one.name
        );
    }
}

#[test]
fn types_are_named_by_meaning() {
    for modality in modalities() {
        let markers: Vec<&str> = modality.models.iter().map(|model| model.facts.rust.marker.as_str()).collect();
        let rust = generate(&modality, &Options::default()).unwrap();
        for name in types(&rust).filter(|name| !markers.iter().any(|marker| marker.starts_with(name))) {
            assert!(!name.ends_with(|last: char| last.is_ascii_digit()), "{}: `{name}` is numbered", modality.name);
            assert!(!name.contains("Variant") && !name.contains("Subtype"), "{}: `{name}`", modality.name);
            assert!(name.len() <= 40, "{}: `{name}` is a path, not a name", modality.name);
        }
    }
}

/// Untyped values are left only where neither schema nor wire says more.
#[test]
fn values_are_typed_wherever_something_is_known() {
    const UNTYPED: &[&str] = &[
        // The conversation of the Responses interface, published as a list of anything.
        "Input::List",
        // Events of the vision model that name a value of any type.
        "Chunk.value",
        "Chunk.output",
        "Reasoning.grounding",
        // JSON Schemas and maps of the caller's own.
        "guided_json",
        "logit_bias",
        "metadata",
        "parameters",
    ];
    let mut found = Vec::new();
    for modality in modalities() {
        let rust = generate(&modality, &Options::default()).unwrap();
        for line in rust.lines().filter(|line| !line.contains("fn ") && line.contains("serde_json::")) {
            let words = ["pub ", "into "].into_iter().find_map(|word| line.trim().strip_prefix(word));
            if let Some(words) = words {
                let field = words.split([':', '?']).next().unwrap_or_default().to_owned();
                if !UNTYPED.iter().any(|known| known.rsplit('.').next() == Some(&field)) {
                    found.push(format!("{}: {}", modality.name, line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
