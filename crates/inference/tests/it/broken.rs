//! Files that are missing, short or spoilt are named, whatever is wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

use workers_ai_inference::{Engine, Options, Store, Task};

use crate::weights::engine;

const CASES: &[(Task, &str, &str, &[&str])] = &[
    (
        Task::Embedding,
        "@cf/baai/bge-small-en-v1.5",
        "all-MiniLM-L6-v2",
        &["config.json", "tokenizer.json", "model.safetensors"],
    ),
    (Task::Generation, "@cf/meta/llama-3.2-3b-instruct", "smollm2-135m-instruct", &["SmolLM2-135M-Instruct.Q4_1.gguf"]),
    (
        Task::Transcription,
        "@cf/openai/whisper-tiny-en",
        "whisper-tiny.en",
        &["config.json", "tokenizer.json", "model.bin"],
    ),
    (Task::VoiceActivity, "@cf/pipecat-ai/smart-turn-v2", "silero-vad", &["silero_vad_16k.safetensors"]),
];

/// A copy of a set in which one file is not what it was.
fn spoilt(from: &Path, set: &str, file: &str, spoil: impl Fn(Vec<u8>) -> Option<Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join(set);
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(from.join(set)).unwrap().map(|entry| entry.unwrap().path()) {
        let target: PathBuf = to.join(entry.file_name().unwrap());
        if !entry.ends_with(file) {
            fs::copy(&entry, &target).unwrap();
        } else if let Some(bytes) = spoil(fs::read(&entry).unwrap()) {
            fs::write(&target, bytes).unwrap();
        }
    }
    folder
}

#[track_caller]
fn check(spoil: impl Fn(Vec<u8>) -> Option<Vec<u8>>, missing: bool) {
    for (task, model, set, files) in CASES {
        let Some(whole) = engine(model, *task) else { continue };
        for file in *files {
            if !whole.store().folder().join(set).join(file).exists() {
                println!("skipped: {set} is here in another form, without {file}");
                continue;
            }
            let folder = spoilt(whole.store().folder(), set, file, &spoil);
            let engine = Engine::new(Store::new(folder.path()), Options::default());
            let error = engine.load(model, *task).unwrap_err();
            // Without the weights themselves the set is not there at all.
            let named = error.is_bad_file() && error.to_string().contains(file);
            assert!(named || (missing && error.is_missing_weights()), "{set} with a spoilt {file}: {error:?}");
        }
    }
}

#[test]
fn a_missing_file_is_named() {
    check(|_| None, true);
}

#[test]
fn an_empty_file_is_named() {
    check(|_| Some(Vec::new()), false);
}

#[test]
fn a_short_file_is_named() {
    check(|bytes| Some(bytes[..bytes.len() * 2 / 3].to_vec()), false);
    check(|bytes| Some(bytes[..bytes.len() - 10].to_vec()), false);
}

#[test]
fn noise_is_named() {
    check(|bytes| Some((0..bytes.len().min(100_000)).map(|n| (n * 7919 % 251) as u8).collect()), false);
    check(
        |mut bytes| {
            // The lengths at the start of a file lead far beyond its end.
            bytes.iter_mut().skip(4).take(24).for_each(|byte| *byte = 0xff);
            Some(bytes)
        },
        false,
    );
}
