//! Which weights answer which model.

use std::fs;

use workers_ai_inference::{Answers, Engine, KNOWN, Match, Options, Store, Task, Weights};

fn lay(store: &Store, set: &str, file: &str) {
    fs::create_dir_all(store.folder().join(set)).unwrap();
    fs::write(store.folder().join(set).join(file), b"").unwrap();
}

#[track_caller]
fn check(store: &Store, model: &str, task: Task, expected: Option<(&str, Match)>) {
    let found = store.lookup(model, task);
    assert_eq!(found.as_ref().map(|found| (found.weights.name, found.matched)), expected, "{model}");
}

#[test]
fn exact_weights_come_before_substitutes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let (small, base) = ("@cf/baai/bge-small-en-v1.5", "@cf/baai/bge-base-en-v1.5");
    check(&store, small, Task::Embedding, None);
    lay(&store, "all-MiniLM-L6-v2", "model.safetensors");
    check(&store, small, Task::Embedding, Some(("all-MiniLM-L6-v2", Match::Substitute)));
    // Its vectors are too short for this one.
    check(&store, base, Task::Embedding, None);
    lay(&store, "bge-small-en-v1.5", "model.safetensors");
    check(&store, small, Task::Embedding, Some(("bge-small-en-v1.5", Match::Exact)));
    check(&store, small, Task::Generation, None);
}

#[test]
fn the_most_capable_chat_model_stands_in() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let gpt = "@cf/openai/gpt-oss-120b";
    lay(&store, "smollm2-135m-instruct", "anything.gguf");
    check(&store, gpt, Task::Generation, Some(("smollm2-135m-instruct", Match::Substitute)));
    lay(&store, "llama-3.2-1b-instruct", "model.gguf");
    check(&store, gpt, Task::Generation, Some(("llama-3.2-1b-instruct", Match::Substitute)));
    check(&store, "@cf/meta/llama-3.2-1b-instruct", Task::Generation, Some(("llama-3.2-1b-instruct", Match::Exact)));
}

#[test]
fn a_part_of_a_download_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    lay(&store, "whisper-tiny.en", "model.safetensors.part");
    check(&store, "@cf/openai/whisper-tiny-en", Task::Transcription, None);
    lay(&store, "whisper-tiny.en", "model.bin");
    check(&store, "@cf/openai/whisper-tiny-en", Task::Transcription, Some(("whisper-tiny.en", Match::Exact)));
}

#[test]
fn weights_of_ones_own_come_first() {
    const MINE: Weights = Weights {
        name: "mine",
        task: Task::Generation,
        answers: Answers { exact: &["@cf/qwen/qwq-32b"], substitute: None },
        hub: None,
        files: &[],
        licence: "MIT",
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path()).with(MINE);
    lay(&store, "smollm2-135m-instruct", "model.gguf");
    lay(&store, "mine", "model.gguf");
    check(&store, "@cf/qwen/qwq-32b", Task::Generation, Some(("mine", Match::Exact)));
    check(&store, "@cf/qwen/qwen3-30b-a3b-fp8", Task::Generation, Some(("mine", Match::Substitute)));
}

#[test]
fn what_is_missing_is_told_from_what_is_unknown() {
    let engine = Engine::new(Store::new("/nowhere"), Options::default());
    assert_eq!(engine.supports("@cf/baai/bge-reranker-base", Task::Reranking), None);
    let error = engine.load("@cf/baai/bge-reranker-base", Task::Reranking).unwrap_err();
    assert!(error.is_missing_weights() && error.to_string().contains("bge-reranker-base"), "{error}");
    let error = engine.load("@cf/baai/bge-m3", Task::Embedding).unwrap_err();
    assert!(error.is_unsupported() && error.to_string().contains("@cf/baai/bge-m3"), "{error}");
}

#[test]
fn the_table_is_sound() {
    for (place, weights) in KNOWN.iter().enumerate() {
        assert!(KNOWN[..place].iter().all(|other| other.name != weights.name), "{} twice", weights.name);
        assert!(!weights.licence.is_empty() && !weights.files.is_empty(), "{}", weights.name);
        for file in weights.files {
            let digest = file.sha256.unwrap_or("");
            assert!(digest.is_empty() || digest.len() == 64, "{}: {}", weights.name, file.name);
        }
    }
}
