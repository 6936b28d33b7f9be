//! A whole feed, through what `cargo xtask fetch` would write: tame paths, files that the generator reads, Rust or problems.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use workers_ai_codegen::{Facts, Modality};

use super::rust::bindings;
use crate::{Target, Written};

/// Feeds.
pub const FEED: Target = Target { name: "feed", written: Written::Json, run };

fn run(bytes: &[u8]) {
    let files = match xtask::rehearse(bytes) {
        Ok(files) => files,
        Err(error) => {
            assert!(!format!("{error:#}").is_empty());
            return;
        }
    };
    let mut modalities: BTreeMap<String, Vec<Facts>> = BTreeMap::new();
    for (path, text) in &files {
        let parts = tame(path);
        if let [modality, .., _] = parts.as_slice() {
            let facts = Facts::parse(text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
            modalities.entry(modality.clone()).or_default().push(facts);
        }
    }
    for (name, models) in modalities {
        if let Some(rust) = bindings(Modality::new(&name, models, Vec::new())) {
            syn::parse_file(&rust).unwrap_or_else(|error| panic!("{error} in:\n{rust}"));
        }
    }
}

/// The parts of a path that stays where it should.
#[track_caller]
fn tame(path: &Path) -> Vec<String> {
    let parts = path.components().map(|part| match part {
        Component::Normal(part) => part.to_str().unwrap_or_else(|| panic!("{} is no text", path.display())).to_owned(),
        _ => panic!("{} leads elsewhere", path.display()),
    });
    let parts: Vec<String> = parts.collect();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@._-".contains(&byte);
    assert!(parts.iter().all(|part| part.bytes().all(plain)), "{} holds odd characters", path.display());
    assert!(parts.len() == 1 || parts.len() == 4, "{} is neither index nor model", path.display());
    assert!(path.extension().is_some_and(|extension| extension == "json"), "{} is no JSON", path.display());
    parts
}
