//! Streams of every dialect and with every oddity, as deltas and as replies (see `wire/README.md`).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

mod memory;

use memory::{Memory, wait};
use serde_json::json;
use workers_ai_client::Error;
use workers_ai_text_generation::{
    ChatDelta, FinishReason, Interrupted, Reply, llama_3_3_70b_instruct_fp8_fast as llama, prelude::*,
};

macro_rules! wire {
    ($name:literal) => {
        include_str!(concat!("wire/", $name))
    };
}

/// The deltas of a stream, the failure it ends with, and the reply that was put together.
fn deltas(memory: Memory) -> (Vec<ChatDelta>, Option<Error>, Reply) {
    wait(async {
        let call = memory.client().text_generation().llama_3_3_70b_instruct_fp8_fast(llama::Request::prompt("Hm?"));
        let mut stream = call.stream().await.unwrap().deltas();
        let mut found = Vec::new();
        loop {
            match stream.try_next().await {
                Ok(Some(delta)) => found.push(delta),
                Ok(None) => return (found, None, stream.reply_so_far()),
                Err(error) => return (found, Some(error), stream.reply_so_far()),
            }
        }
    })
}

fn collected(memory: Memory) -> Result<Reply, Interrupted> {
    wait(async {
        let call = memory.client().text_generation().llama_3_3_70b_instruct_fp8_fast(llama::Request::prompt("Hm?"));
        call.stream().await.unwrap().collect_reply().await
    })
}

fn events(text: &str) -> Memory {
    Memory::default().events(text)
}

#[track_caller]
fn check(text: &str, said: &str, thought: &str, total: Option<u64>, finish: Option<FinishReason>) {
    let (deltas, error, reply) = deltas(events(text));
    assert!(error.is_none(), "{error:?}");
    assert_eq!(deltas.iter().map(|delta| delta.text.as_str()).collect::<String>(), said);
    assert_eq!(deltas.iter().map(|delta| delta.reasoning.as_str()).collect::<String>(), thought);
    assert_eq!(deltas.iter().find_map(|delta| delta.finish_reason.clone()), finish);
    assert!(deltas.iter().all(|delta| *delta != ChatDelta::default()), "a delta brings something");
    assert_eq!(reply.text(), said);
    assert_eq!(reply.reasoning().unwrap_or_default(), thought);
    assert_eq!(reply.usage().and_then(|usage| usage.total_tokens), total);
    assert_eq!(reply.finish_reason(), finish);
    assert_eq!(collected(events(text)).unwrap(), reply);
}

const SKY: &str = "The sky is blue.";
const SCATTERING: &str = "Rayleigh scattering.";

#[test]
fn every_dialect_gives_the_same_deltas() {
    let stop = || Some(FinishReason::Stop);
    check(wire!("classic.sse"), SKY, "", Some(26), None);
    check(wire!("completion.sse"), SKY, SCATTERING, Some(27), stop());
    check(wire!("text_completion.sse"), SKY, "", Some(11), stop());
    check(wire!("responses.sse"), SKY, SCATTERING, Some(27), stop());
    check(wire!("classic_numbers.sse"), "It is 42.", "", Some(25), None);
}

#[test]
fn thoughts_between_marks_are_told_from_words() {
    check(wire!("classic_thinking.sse"), SKY, SCATTERING, Some(30), None);
    let reply = collected(events(wire!("classic_thinking.sse"))).unwrap();
    assert!(reply.as_classic().unwrap().response.as_ref().unwrap().text().contains("</think>"));
    assert_eq!(reply.to_message::<workers_ai_text_generation::Text>().reasoning(), Some(SCATTERING));
}

#[test]
fn usage_is_never_counted_twice() {
    let usage = |text| collected(events(text)).unwrap().usage().cloned().unwrap();
    let trailer = usage(wire!("completion.sse"));
    assert_eq!((trailer.prompt_tokens, trailer.completion_tokens, trailer.neurons), (Some(21), Some(6), Some(0.35)));
    let last = usage(wire!("completion_without_trailer.sse"));
    assert_eq!((last.prompt_tokens, last.completion_tokens, last.neurons), (Some(21), Some(6), Some(0.35)));
    let shares = usage(wire!("completion_shares.sse"));
    assert_eq!((shares.prompt_tokens, shares.completion_tokens, shares.total_tokens), (Some(21), Some(2), Some(23)));
    assert!((shares.neurons.unwrap() - 0.25).abs() < 1e-9);
}

#[test]
fn a_finish_reason_on_the_usage_chunk_is_found() {
    check(wire!("completion_without_trailer.sse"), SKY, "", Some(27), Some(FinishReason::Stop));
}

#[test]
fn fragments_become_calls() {
    for (text, cities, named) in [
        (wire!("completion_tools.sse"), &["Lisbon"][..], true),
        (wire!("completion_parallel_tools.sse"), &["Lisbon", "Porto"], true),
        (wire!("classic_tools.sse"), &["Lisbon", "Porto"], false),
    ] {
        let (deltas, error, reply) = deltas(events(text));
        assert!(error.is_none());
        let calls: Vec<_> = deltas.into_iter().flat_map(|delta| delta.tool_calls).collect();
        assert_eq!(calls, reply.tool_calls());
        let found: Vec<_> = calls.iter().map(|call| call.arguments().unwrap()).collect();
        assert_eq!(found, cities.iter().map(|city| json!({"city": city})).collect::<Vec<_>>());
        assert!(calls.iter().all(|call| call.name() == "weather" && call.id().is_some()));
        assert_eq!(calls[0].id().unwrap().starts_with("chatcmpl-tool-"), named || calls.len() == 2);
        assert_eq!(reply.finish_reason(), Some(FinishReason::ToolCalls));
    }
}

#[test]
fn a_stream_collects_into_what_a_plain_call_gives() {
    let plain = |json: &str| serde_json::from_str::<Reply>(json).unwrap();
    let whole = plain(wire!("classic.json"));
    let streamed = collected(events(wire!("classic.sse"))).unwrap();
    assert!(whole.as_classic().is_some() && streamed.as_classic().is_some());
    assert!(collected(events(wire!("completion.sse"))).unwrap().as_completion().is_some());
    assert!(collected(events(wire!("text_completion.sse"))).unwrap().as_text_completion().is_some());
    assert!(collected(events(wire!("responses.sse"))).unwrap().as_responses().is_some());
}

#[test]
fn json_answered_to_a_stream_request_is_one_delta() {
    for json in [wire!("classic.json"), wire!("completion.json"), wire!("responses.json"), wire!("classic_tools.json")]
    {
        let whole: Reply = serde_json::from_str(json).unwrap();
        let (deltas, error, reply) = deltas(Memory::default().json(json));
        assert!(error.is_none());
        assert_eq!(reply.text(), whole.text());
        assert_eq!(reply.reasoning(), whole.reasoning());
        assert_eq!(reply.usage(), whole.usage());
        assert_eq!(reply.tool_calls().len(), whole.tool_calls().len());
        assert_eq!(deltas.iter().map(|delta| delta.text.as_str()).collect::<String>(), whole.text());
    }
    let object = collected(Memory::default().json(wire!("classic_json_mode.json"))).unwrap();
    assert_eq!(object.json::<serde_json::Value>().unwrap(), json!({"city": "Lisbon", "degrees": 21}));
}

#[test]
fn a_stream_that_was_cut_keeps_the_text_so_far() {
    let half_a_chunk =
        format!("{}data: {{\"object\":\"chat.completion.chunk\",\"choices\":[{{\"ind", wire!("completion_cut.sse"));
    for (text, said) in [
        (wire!("classic_cut.sse"), "The sky is"),
        (wire!("completion_cut.sse"), "The sky"),
        (half_a_chunk.as_str(), "The sky"),
    ] {
        let (deltas, error, reply) = deltas(events(text));
        assert!(error.unwrap().is_truncated());
        assert_eq!(reply.text(), said);
        assert_eq!(deltas.iter().map(|delta| delta.text.as_str()).collect::<String>(), said);
        let interrupted = collected(events(text)).unwrap_err();
        assert!(interrupted.error().is_truncated());
        assert_eq!(interrupted.reply().text(), said);
        assert!(Error::from(interrupted).is_truncated());
    }
}

#[test]
fn a_failure_inside_a_stream_keeps_the_text_so_far() {
    let interrupted = collected(events(wire!("failure_inside.sse"))).unwrap_err();
    assert!(interrupted.error().is_out_of_capacity());
    assert_eq!(interrupted.reply().text(), "The sky");
}
