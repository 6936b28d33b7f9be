//! Recordings of the real service, where somebody has made some, decode like the reconstructions.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use workers_ai_text_generation::{Chunk, Reply};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == ending)).collect()
}

#[test]
fn every_reply_is_of_a_known_shape() {
    for path in [files("", "json"), files("recorded", "json")].concat() {
        let text = fs::read_to_string(&path).unwrap();
        let answer = workers_ai_client::Answer::new(Default::default(), Default::default(), text);
        let reply = <Reply as workers_ai_client::Reply>::decode(answer).unwrap();
        assert!(!matches!(reply, Reply::Unknown(_)), "{}", path.display());
    }
}

#[test]
fn every_event_of_a_stream_decodes() {
    for path in [files("", "sse"), files("recorded", "sse")].concat() {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let Some(data) = line.strip_prefix("data: ").filter(|data| *data != "[DONE]") else { continue };
            serde_json::from_str::<Chunk>(data).unwrap_or_else(|error| unreadable(&path, data, &error));
        }
    }
}

#[track_caller]
fn unreadable(path: &Path, data: &str, error: &serde_json::Error) -> Chunk {
    unreachable!("{}: {error} in {data}", path.display())
}
