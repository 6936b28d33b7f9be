//! Overlays, on a model that fits or on one that does not: problems, or Rust; and never changed twice.

use serde_json::Value;
use workers_ai_codegen::{Modality, Overlay, normalise};

use super::rust::{bindings, facts, read};
use crate::{Target, Written};

/// `{"overlay": …, "model": …}`.
pub const OVERLAY: Target = Target { name: "overlay", written: Written::Json, run };

fn run(bytes: &[u8]) {
    let Ok(said) = serde_json::from_slice::<Value>(bytes) else { return };
    let text = said.get("overlay").unwrap_or(&Value::Null).to_string();
    let overlay = match Overlay::parse("an-overlay.json", &text) {
        Ok(overlay) => overlay,
        Err(problem) => {
            assert!(problem.to_string().contains("an-overlay.json"), "{problem}");
            return;
        }
    };
    let Some(facts) = read(&facts(said.get("model").unwrap_or(&Value::Null))) else { return };
    if let Some(document) = facts.schema.as_ref().and_then(|schema| normalise(schema).ok()) {
        let mut document = serde_json::to_value(document).unwrap();
        overlay.apply(&mut document);
        assert!(!overlay.apply(&mut document), "applied twice, it changed twice: {text}");
    }
    // An overlay is the project's own and may name Rust types: what comes out must still be Rust.
    if let Some(rust) = bindings(Modality::new("a-task", vec![facts], vec![overlay])) {
        syn::parse_file(&rust).unwrap_or_else(|error| panic!("{error} in:\n{rust}"));
    }
}
