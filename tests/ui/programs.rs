//! Programs that codegen writes from the JSON of a request: each must compile, for every model and every form.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, iter};

use serde_json::{Value, json};
use workers_ai_codegen::{CanonicalModel, Modality, load, program};
use workers_ai_local::{sample, sample_full};

use crate::cases::Case;
use crate::compiler::check;

/// How a program begins; the cases have no transport, so they are given their client.
const MAIN: &str = "#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n    let client = Client::from_env()?;\n";
const CALL: &str = "pub async fn call(client: Client) -> Result<(), Box<dyn std::error::Error>> {\n";

/// The models of every modality.
fn modalities() -> Vec<Modality> {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let folders = fs::read_dir(&schemas).expect("the schemas lie in the workspace");
    let mut folders: Vec<_> = folders.map(|folder| folder.expect("folders can be read").path()).collect();
    folders.sort();
    let rooms = folders.into_iter().filter(|folder| folder.join("@cf").is_dir() || folder.join("@hf").is_dir());
    rooms.map(|folder| load(&folder).expect("the schemas are sound")).collect()
}

/// Requests of every form: the least, the fullest, and one with a parameter that nobody has published.
fn requests(model: &CanonicalModel) -> Vec<Value> {
    let forms = model.canonical.iter().flat_map(|canonical| canonical.request.forms.values());
    let of_form = |schema: &Value| {
        let least = sample(schema, 1);
        let mut newer = least.clone();
        let sillage = json!({"\"quoted\" \\ \u{7}": [1, -2.5, null, true]});
        newer.as_object_mut().expect("a request is an object").insert("sillage".to_owned(), sillage);
        [least, sample_full(schema, 1), sample_full(schema, 2), newer]
    };
    let mut requests: Vec<Value> = forms.flat_map(|form| of_form(&form.schema)).collect();
    for messages in requests.iter_mut().filter_map(|request| request.get_mut("messages")).skip(1) {
        *messages = conversation();
    }
    requests
}

/// Every kind of message that the vocabulary of chat has a constructor for.
fn conversation() -> Value {
    json!([
        {"role": "system", "content": "Be \"brief\"."},
        {"role": "user", "content": [{"type": "text", "text": "Is it warm in Lisbon?"}], "name": "Ada"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}},
            {"id": "call00002", "name": "weather", "arguments": {"city": "Porto"}},
        ]},
        {"role": "tool", "tool_call_id": "call00001", "name": "weather", "content": "21 °C"},
    ])
}

#[test]
fn programs_for_every_model_compile() {
    let mut source = "#![allow(unused)]\n\nfn main() {}\n".to_owned();
    let mut count = 0;
    for modality in modalities() {
        // The others are behind a feature that the cases do not have.
        let live = |model: &&CanonicalModel| !model.facts.is_retired() || model.facts.lifecycle.grace;
        for model in modality.models.iter().filter(live) {
            let streams = model.canonical.as_ref().is_some_and(|canonical| canonical.reply.stream.is_some());
            for (request, stream) in requests(model).iter().zip(iter::repeat([streams, false]).flatten()) {
                let written =
                    program(&modality, &model.facts.id, request, stream).expect("every request can be written");
                assert!(written.contains(MAIN), "{written}");
                let written = written.replace(MAIN, CALL);
                count += 1;
                let _ = write!(source, "\n/// {} {request}\nmod program_{count} {{\n{written}}}\n", model.facts.id);
            }
        }
    }
    assert!(count > 250, "only {count} programs");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    fs::create_dir_all(&folder).expect("the scratch folder can be made");
    let path = folder.join("every_model.rs");
    fs::write(&path, source).expect("the programs can be written");
    let case = Case { name: "every_model".to_owned(), path, phrases: Vec::new(), grows: false };
    for verdict in check(&[case]) {
        assert!(!verdict.refused && verdict.messages.is_empty(), "\n{}", verdict.messages);
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    let modalities = modalities();
    let embeddings = modalities.iter().find(|modality| modality.name == "text-embeddings").expect("it is published");
    let reason = |id: &str, request: &Value, stream: bool| {
        program(embeddings, id, request, stream).expect_err("it cannot be written").to_string()
    };
    assert!(reason("@cf/nobody/nothing", &json!({}), false).contains("no types for this model"));
    assert!(reason("@cf/baai/bge-m3", &json!([]), false).contains("a request is a JSON object"));
    assert!(reason("@cf/baai/bge-m3", &json!({"text": "a"}), true).contains("does not stream"));
}
