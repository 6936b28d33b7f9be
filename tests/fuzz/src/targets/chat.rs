//! Streamed chat of every dialect: deltas and the reply that is put together are the same however the bytes arrive.

use serde_json::Value;
use workers_ai_text_generation::{
    ChatDelta, Reply, Text, Vision, llama_3_3_70b_instruct_fp8_fast as llama, prelude::*,
};

use super::canned::{at_once, cuts, events};
use crate::{Target, Written};

/// Event streams of a chat model, and plain replies of one.
pub const CHAT: Target = Target { name: "chat", written: Written::Lines, run };

fn run(bytes: &[u8]) {
    if let Ok(reply) = serde_json::from_slice::<Reply>(bytes) {
        look_at(&reply);
    }
    let (deltas, end, reply) = read([bytes]);
    look_at(&reply);
    for cut in cuts(bytes.len()).step_by(8) {
        let (left, right) = bytes.split_at(cut);
        assert_eq!(read([left, right]), (deltas.clone(), end.clone(), reply.clone()), "cut at {cut}");
    }
    assert_eq!(collected(bytes), (end, reply), "collected at once");
}

fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<ChatDelta>, String, Reply) {
    let client = events(pieces);
    at_once(async {
        let call = client.text_generation().llama_3_3_70b_instruct_fp8_fast(llama::Request::prompt("Hm?"));
        let mut seen = Vec::new();
        let mut stream = match call.stream().await {
            Ok(chunks) => chunks.deltas(),
            Err(error) => panic!("an event stream is refused: {error}"),
        };
        loop {
            match stream.try_next().await {
                Ok(Some(delta)) => {
                    assert_ne!(delta, ChatDelta::default(), "a delta brings nothing");
                    seen.push(delta);
                }
                Ok(None) => return (seen, String::new(), stream.reply_so_far()),
                Err(error) => return (seen, error.to_string(), stream.reply_so_far()),
            }
        }
    })
}

fn collected(bytes: &[u8]) -> (String, Reply) {
    let client = events([bytes]);
    at_once(async {
        let call = client.text_generation().llama_3_3_70b_instruct_fp8_fast(llama::Request::prompt("Hm?"));
        match call.stream().await.unwrap().collect_reply().await {
            Ok(reply) => (String::new(), reply),
            Err(interrupted) => {
                let (error, reply) = interrupted.into_parts();
                (error.to_string(), reply)
            }
        }
    })
}

/// Everything that can be asked of a reply.
fn look_at(reply: &Reply) {
    let calls = reply.tool_calls();
    assert!(calls.iter().all(|call| call.id().is_some_and(|id| !id.is_empty())), "a call without an id: {calls:?}");
    for call in &calls {
        let _ = (call.name(), call.arguments());
    }
    let _ = (reply.usage(), reply.finish_reason(), reply.reasoning(), reply.choices());
    let _ = reply.json::<Value>();
    let _ = (reply.to_message::<Text>(), reply.to_message::<Vision>());
    // What is written can be read, and says the same.
    let written = serde_json::to_string(reply).unwrap_or_else(|error| panic!("a reply cannot be written: {error}"));
    let again: Reply = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error} in {written}"));
    assert_eq!(again.text(), reply.text(), "{written}");
}
