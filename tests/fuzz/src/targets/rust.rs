//! From a published document to Rust, and what must hold of either outcome.

#[path = "../../../it/hostile/inspect.rs"]
mod inspect;
#[path = "../../../it/hostile/written.rs"]
mod written;

use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Modality, Options, Problems, generate};

pub(super) use inspect::inspect;

/// Facts of a model, with what the input says in their place. Rust's names are never a feed's.
pub(super) fn facts(said: &Value) -> Value {
    let mut facts = json!({
        "id": "@cf/somebody/a-model",
        "task": "A Task",
        "rust": {"module": "a_model", "type": "AModel"},
        "lifecycle": {"first_seen": "2026-01"},
        "schema": {"input": {"type": "object"}, "output": {"type": "object"}},
    });
    for name in ["id", "task", "created_at", "lifecycle", "properties", "prices", "schema"] {
        if let (Some(value), Some(place)) = (said.get(name), facts.as_object_mut()) {
            place.insert(name.to_owned(), value.clone());
        }
    }
    facts
}

/// The bindings of a modality, or problems that all say something.
pub(super) fn bindings(modality: Result<Modality, Problems>) -> Option<String> {
    match modality.and_then(|modality| generate(&modality, &Options::default())) {
        Ok(rust) => Some(rust),
        Err(problems) => {
            assert!(!problems.0.is_empty(), "an error without a reason");
            assert!(problems.0.iter().all(|problem| !problem.reason.is_empty()), "{problems:?}");
            None
        }
    }
}

/// The facts as the generator reads them, where they are some.
pub(super) fn read(facts: &Value) -> Option<Facts> {
    Facts::parse(&facts.to_string()).ok()
}
