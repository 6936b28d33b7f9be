//! Published schemas: problems that name the place, or Rust that holds nothing but bindings.

use serde_json::Value;
use workers_ai_codegen::Modality;

use super::rust::{bindings, facts, inspect, read};
use crate::{Target, Written};

/// What is published about a model, in the form of a file of `schemas/`.
pub const SCHEMA: Target = Target { name: "schema", written: Written::Json, run };

fn run(bytes: &[u8]) {
    let Ok(said) = serde_json::from_slice::<Value>(bytes) else { return };
    // Without a schema there is nothing of the model to look at.
    let Some(facts) = read(&facts(&said)).filter(|facts| facts.schema.is_some()) else { return };
    let modality = || Modality::new("a-task", vec![facts.clone()], Vec::new());
    if let Some(rust) = bindings(modality()) {
        inspect(&rust);
        assert_eq!(bindings(modality()).as_deref(), Some(rust.as_str()), "the same schema, other Rust");
    }
}

#[test]
fn schemas_of_the_corpus_become_rust() {
    for input in crate::corpus(&SCHEMA) {
        let said = serde_json::from_slice(&input.bytes).unwrap();
        let modality = Modality::new("a-task", vec![read(&facts(&said)).unwrap()], Vec::new());
        let refused = ["null", "parts", "unions"].iter().any(|word| input.name.contains(word));
        assert!(bindings(modality).is_some() || refused, "{} is refused", input.name);
    }
}
