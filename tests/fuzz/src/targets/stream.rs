//! The parser of event streams, at every cut: chunks and end are the same however the bytes arrive.

use serde_json::{Value, json};

use super::canned::{at_once, cuts, events};
use crate::{Target, Written};

/// Event streams of any JSON.
pub const STREAM: Target = Target { name: "stream", written: Written::Lines, run };

fn run(bytes: &[u8]) {
    let whole = read([bytes]);
    for cut in cuts(bytes.len()) {
        let (left, right) = bytes.split_at(cut);
        assert_eq!(read([left, right]), whole, "cut at {cut}");
    }
    assert_eq!(read(bytes.chunks(1)), whole, "one byte at a time");
}

/// The chunks, and how the stream ended.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Value>, String) {
    let client = events(pieces);
    at_once(async {
        let mut seen = Vec::new();
        let mut chunks = match client.untyped("@cf/a/b", json!({})).stream().await {
            Ok(chunks) => chunks,
            Err(error) => return (seen, error.to_string()),
        };
        loop {
            match chunks.try_next().await {
                Ok(Some(chunk)) => seen.push(chunk),
                Ok(None) => return (seen, String::new()),
                Err(error) => {
                    assert!(matches!(chunks.try_next().await, Ok(None)), "something follows an error");
                    assert!(error.is_truncated() || error.is_decode() || error.body().is_some(), "{error:?}");
                    return (seen, error.to_string());
                }
            }
        }
    })
}
