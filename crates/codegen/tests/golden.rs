//! The Rust of a few telling models, compared with what somebody has read and found good.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workers-ai-codegen --test golden` writes it anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use workers_ai_codegen::{Modality, Options, generate, load, program};

const COMMAND: &str = "UPDATE_GOLDEN=1 cargo test -p workers-ai-codegen --test golden";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[track_caller]
fn check(modality: &str, id: &str) {
    let folder = load(&root().join("schemas").join(modality)).unwrap();
    // By itself, so that another model's shapes do not move what is compared here.
    let models: Vec<_> = folder.models.into_iter().filter(|model| model.facts.id == id).collect();
    let module = models.first().unwrap_or_else(|| panic!("{id} is not in {modality}")).facts.rust.module.clone();
    let alone = Modality { name: folder.name, models, overlays: Vec::new() };
    let rust = generate(&alone, &Options { only: Some(id.to_owned()), ..Options::default() }).unwrap();
    compare(&root().join("tests/golden").join(format!("{module}.rs")), &rust);
}

#[track_caller]
fn compare(path: &Path, rust: &str) {
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, rust).unwrap();
        return;
    }
    let golden = fs::read_to_string(path).unwrap_or_default();
    let place = golden.lines().zip(rust.lines()).position(|(old, new)| old != new);
    let line = place.unwrap_or_else(|| golden.lines().count().min(rust.lines().count()));
    let show = |text: &str| text.lines().skip(line.saturating_sub(2)).take(8).collect::<Vec<_>>().join("\n");
    assert!(
        golden == rust,
        "{} differs from line {} on; if that is meant: {COMMAND}\n--- golden\n{}\n--- now\n{}",
        path.display(),
        line + 1,
        show(&golden),
        show(rust)
    );
}

#[test]
fn bge_m3() {
    check("text-embeddings", "@cf/baai/bge-m3");
}

#[test]
fn flux_2_klein() {
    check("text-to-image", "@cf/black-forest-labs/flux-2-klein-4b");
}

#[test]
fn whisper() {
    check("automatic-speech-recognition", "@cf/openai/whisper");
}

#[test]
fn nova_3() {
    check("automatic-speech-recognition", "@cf/deepgram/nova-3");
}

#[test]
fn llama_guard() {
    check("text-generation", "@cf/meta/llama-guard-3-8b");
}

#[test]
fn a_retired_model() {
    check("summarization", "@cf/facebook/bart-large-cnn");
}

#[track_caller]
fn check_program(modality: &str, id: &str, request: &Value, stream: bool, name: &str) {
    let modality = load(&root().join("schemas").join(modality)).unwrap();
    compare(&root().join("tests/golden").join(name), &program(&modality, id, request, stream).unwrap());
}

#[test]
fn a_program_that_converses() {
    let request = json!({
        "messages": [
            {"role": "system", "content": "Be \"brief\"."},
            {"role": "user", "content": "Is it warm in Lisbon?"},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "call00001", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}},
            ]},
            {"role": "tool", "tool_call_id": "call00001", "content": "21 °C"},
        ],
        "tools": [{"type": "function", "function": {
            "name": "weather", "description": "The weather.", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        }}],
        "temperature": 0.7,
        "max_tokens": 64,
        "sillage": [1, -2.5, null, true],
    });
    check_program("text-generation", "@cf/meta/llama-3.3-70b-instruct-fp8-fast", &request, true, "conversing.rs");
}

#[test]
fn a_program_that_draws() {
    let request = json!({"prompt": "A lighthouse", "width": 512, "input_image_0": "picture.png"});
    check_program("text-to-image", "@cf/black-forest-labs/flux-2-klein-4b", &request, false, "drawing.rs");
}

#[test]
fn problems_name_every_place() {
    let modality = load(&root().join("schemas/text-to-image")).unwrap();
    let refused =
        |id: &str, request: Value, stream: bool| program(&modality, id, &request, stream).unwrap_err().to_string();
    assert_eq!(refused("@cf/a/b", json!({}), false), "@cf/a/b: there are no types for this model");
    assert_eq!(refused("@cf/a/b", json!([]), false), "@cf/a/b: a request is a JSON object");
    let klein = "@cf/black-forest-labs/flux-2-klein-4b";
    assert_eq!(refused(klein, json!({}), true), format!("{klein}: this model does not stream"));
}
