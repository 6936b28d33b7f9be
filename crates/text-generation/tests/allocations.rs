//! How often streamed chunks allocate. In a process of its own, for its allocator counts.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod bound;
mod memory;

use bound::{Bound, counted};
use memory::{Memory, wait};
use workers_ai_text_generation::{llama_3_2_1b_instruct as llama, prelude::*};

/// Allocations of a chunk: those of a long stream without those of a short one.
#[track_caller]
fn check(path: &'static str, event: &str, end: &str, allocations: f64, bytes: f64) {
    const MORE: u32 = 1_000;

    let read = |count: u32| {
        let body = event.repeat(count as usize) + end;
        let client = Memory::default().events(&body).events(&body).client();
        counted(1, || {
            let call = client.text_generation().llama_3_2_1b_instruct(llama::Request::prompt("Why is the sky blue?"));
            let mut chunks = wait(call.stream()).unwrap();
            let mut found = 0;
            while let Some(chunk) = wait(chunks.try_next()).unwrap() {
                found += u32::from(!chunk.text().is_empty());
            }
            assert_eq!(found, count);
        })
    };
    let (mut long, short) = (read(MORE + 10), read(10));
    long.count_total -= short.count_total;
    // The whole body arrives at once, and is copied once into the buffer of events.
    long.bytes_total -= short.bytes_total + u64::from(MORE) * event.len() as u64;
    Bound { path, allocations, bytes }.check(MORE, &long);
}

#[test]
fn a_chunk_of_the_classic_dialect() {
    let end = "data: {\"response\":\"\",\"usage\":{\"total_tokens\":9}}\n\ndata: [DONE]\n\n";
    // Its text.
    check("a chunk of the classic dialect", "data: {\"response\":\" sea\",\"p\":\"abcdefgh\"}\n\n", end, 1.01, 5.0);
}

#[test]
fn a_chunk_of_the_dialect_of_openai() {
    let event = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1764115200,\"model\":\"m\",\
                 \"choices\":[{\"index\":0,\"delta\":{\"content\":\" sea\"},\"finish_reason\":null}],\"usage\":null}\n\n";
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    // Its id, its kind, its model, its choice and the text of that.
    check("a chunk of the dialect of OpenAI", event, end, 5.01, 300.0);
}
