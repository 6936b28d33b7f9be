//! A model, a parameter and a task that nobody has seen become bindings that compile, without a line written by hand.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Modality, Options, generate};

use crate::fidelity::root;
use crate::hostile::NAMES;

/// The task that nobody has seen.
const TASK: &str = "scent-synthesis";

fn modality(models: &[Value]) -> Modality {
    let facts = models.iter().map(|model| Facts::parse(&model.to_string()).unwrap()).collect();
    Modality::new(TASK, facts, Vec::new()).unwrap()
}

/// Two models that share a shape, one of them leaving, with every feature of a schema that bindings know.
fn unseen() -> Vec<Value> {
    let note = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 64}, "share": {"type": "number", "minimum": 0, "maximum": 1}}});
    let input = json!({"oneOf": [
        {"title": "Recipe", "type": "object", "required": ["notes"], "additionalProperties": false, "properties": {
            "notes": {"type": "array", "minItems": 1, "maxItems": 12, "items": note},
            "olfactory_intensity": {"type": "integer", "minimum": 1, "maximum": 11, "default": 5},
            "carrier": {"enum": ["ethanol", "water", "a-b", "a_b", "type", "Self", "\"] pub fn injected() {} #[doc = \""]},
            "*/ type": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "stream": {"type": "boolean"}}},
        {"title": "Memory", "type": "object", "required": ["memory"], "properties": {
            "memory": {"type": "string", "maxLength": 10}, "a-b": {"type": "boolean"}, "a_b": {"type": "boolean"},
            "self": {"type": "integer", "minimum": 0}, "Result": {"type": "integer", "maximum": 3}}}]});
    let output = json!({"oneOf": [
        {"type": "object", "contentType": "application/json", "required": ["formula"], "properties": {
            "formula": {"type": "array", "items": note}, "mood": {"enum": ["calm", "Vec", "Option"]},
            "volatile": {"oneOf": [{"type": "number"}, {"type": "object", "required": ["half_life"], "properties": {"half_life": {"type": "number"}}}]}}},
        {"type": "string", "contentType": "text/event-stream", "format": "binary"}]});
    let model = |id: &str, module: &str, marker: &str, gone: Option<&str>| {
        let lifecycle = match gone {
            Some(gone) => {
                json!({"first_seen": "2031-01", "gone_by": gone, "grace": true, "replacement": "@cf/nobody/nose-2"})
            }
            None => json!({"first_seen": "2031-02"}),
        };
        json!({"id": id, "task": "Scent Synthesis", "rust": {"module": module, "type": marker}, "lifecycle": lifecycle,
            "properties": {"async_queue": true, "smell_window": 12, "context_window": 4096},
            "prices": [{"unit": "per_whiff", "usd": 0.002, "neurons": 18.0}], "schema": {"input": input, "output": output}})
    };
    vec![
        model("@cf/nobody/nose-1", "nose_1", "Nose1", Some("2031-02")),
        model("@cf/nobody/nose-2", "nose_2", "Nose2", None),
    ]
}

#[test]
fn an_unseen_task_becomes_rust_with_its_words_in_it() {
    let rust = generate(&modality(&unseen()), &Options::default()).unwrap();
    syn::parse_file(&rust).unwrap();
    for expected in [
        "pub mod nose_1",
        "pub mod nose_2",
        "pub struct ScentSynthesis",
        "pub trait ScentSynthesisExt",
        "pub fn nose_2",
        "pub type OlfactoryIntensity = client::Integer<1, 11>;",
        "impl client::Streams for Nose2",
        "impl client::Queues for Nose2",
        "#[deprecated",
    ] {
        assert!(rust.contains(expected), "no `{expected}` in:\n{rust}");
    }
    let again = generate(&modality(&unseen()), &Options::default()).unwrap();
    assert_eq!(rust, again, "the same facts make the same Rust");
}

#[test]
fn an_unseen_parameter_becomes_a_field_and_a_setter() {
    let mut models = unseen();
    let before = generate(&modality(&models), &Options::default()).unwrap();
    models[1]["schema"]["input"]["oneOf"][0]["properties"]["sillage"] =
        json!({"type": "number", "minimum": 0, "maximum": 2.5});
    let after = generate(&modality(&models), &Options::default()).unwrap();
    assert!(!before.contains("sillage"));
    // `request!` makes a field and a setter of it; the program below calls setters.
    for expected in ["pub sillage?: client::Number<0, 2500>,", "pub type Sillage = client::Number<0, 2500>;"] {
        assert!(after.contains(expected), "no `{expected}` in:\n{after}");
    }
}

/// What a user of the new bindings would write.
const PROGRAM: &str = r##"
//! Bindings of a task that nobody has seen, and a program that uses them.

#![deny(missing_docs)]

/// What was generated.
pub mod bindings {
    include!("models.rs");
}

use bindings::{nose_2, prelude::*};
use workers_ai_client::{Client, Error, lit};

/// Asks, streams and queues.
pub async fn program(client: Client) -> Result<(), Error> {
    let recipe = nose_2::Request::recipe([nose_2::Note::new("rain")]).olfactory_intensity(lit!(nose_2::OlfactoryIntensity, 11));
    let reply = client.scent_synthesis().nose_2(recipe.clone()).await?;
    println!("{:?} {:?}", reply.formula, nose_2::INFO.context_window);
    let mut chunks = client.scent_synthesis().nose_2(recipe.clone()).stream().await?;
    while let Some(chunk) = chunks.try_next().await? {
        println!("{chunk:?}");
    }
    client.scent_synthesis().nose_2(recipe).enqueue().await?;
    client.scent_synthesis().nose_2(nose_2::Request::memory("sea").a_b(true).a_b_2(false)).await?;
    Ok(())
}
"##;

/// A model whose every word is one that has made trouble somewhere.
fn hostile() -> Value {
    let each = |schema: &dyn Fn(&str) -> Value| -> serde_json::Map<String, Value> {
        NAMES.iter().map(|name| ((*name).to_owned(), schema(name))).collect()
    };
    let bounded = each(&|_| json!({"type": "integer", "minimum": 0, "maximum": 9}));
    let shapes =
        each(&|name| json!({"type": "object", "required": [name], "properties": {name: {"enum": [name, "other"]}}}));
    let arms: Vec<Value> =
        NAMES.iter().map(|name| json!({"title": name, "type": "object", "required": [name]})).collect();
    let mixed = json!({"type": "object", "properties": {"enum": {"enum": NAMES}, "arms": {"oneOf": arms}, "shapes": {"type": "object", "properties": shapes}}});
    let mut input = mixed["properties"].as_object().cloned().unwrap_or_default();
    input.extend(bounded);
    json!({"id": "@cf/nobody/\"] pub fn injected() {} //", "task": "*/ fn injected() {}", "rust": {"module": "nose_3", "type": "Nose3"},
        "lifecycle": {"first_seen": "2031-02", "planned_deprecation": "\n\u{202e}soon", "replacement": "*/\"] fn injected() {}"},
        "prices": [{"unit": "per_|*/\n", "usd": 1.0}],
        "schema": {"input": {"oneOf": [{"title": "type", "type": "object", "properties": input}, {"title": "Self", "type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}]},
            "output": mixed}})
}

#[test]
fn unseen_bindings_compile_with_the_client() {
    let scratch = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(root()).unwrap();
    let write = |name: &str, text: &str| fs::write(scratch.path().join(name), text).unwrap();
    fs::create_dir(scratch.path().join("src")).unwrap();
    write("Cargo.toml", &manifest(&root.join("crates/client")));
    let mut models = unseen();
    models.push(hostile());
    write("src/models.rs", &generate(&modality(&models), &Options::default()).unwrap());
    write("src/lib.rs", PROGRAM.trim_start());
    // The same versions as here, which are at hand without a network.
    fs::copy(root.join("Cargo.lock"), scratch.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(scratch.path())
        .env("CARGO_TARGET_DIR", root.join("target/unseen"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("--> src/"), "generated code warns:\n{said}");
}

fn manifest(client: &Path) -> String {
    format!(
        "[package]\nname = \"scent-synthesis\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[features]\nretired = []\n\n\
        [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
        workers-ai-client = {{ path = {client:?}, default-features = false }}\n\n[workspace]\n"
    )
}
