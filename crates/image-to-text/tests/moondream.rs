//! Moondream's cumulative stream, as what is new in each event (see `wire/README.md`).

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod memory;

use memory::{Memory, wait};
use workers_ai_client::Error;
use workers_ai_image_to_text::{
    MoondreamDelta, MoondreamStreamExt,
    moondream3_1_9b_a2b::{Reply, Request},
    prelude::*,
};

const STREAM: &str = include_str!("wire/moondream.sse");

fn deltas(memory: &Memory) -> (Vec<MoondreamDelta>, Option<Error>, Reply, Option<f64>) {
    let client = memory.client();
    wait(async {
        let call = client.image_to_text().moondream3_1_9b_a2b(Request::new().question("How many boats?"));
        let mut stream = call.stream().await.unwrap().deltas();
        let mut found = Vec::new();
        let error = loop {
            match stream.try_next().await {
                Ok(Some(delta)) => found.push(delta),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let neurons = stream.usage().and_then(|usage| usage.neurons);
        (found, error, stream.reply_so_far(), neurons)
    })
}

fn texts(deltas: &[MoondreamDelta]) -> Vec<&str> {
    deltas.iter().map(|delta| delta.text.as_str()).collect()
}

#[test]
fn what_is_repeated_becomes_what_is_new() {
    let (deltas, error, reply, neurons) = deltas(&Memory::default().events(STREAM));
    assert!(error.is_none(), "{error:?}");
    assert_eq!(texts(&deltas), ["Two", " boats", " at sea."]);
    assert_eq!(reply.answer.as_deref(), Some("Two boats at sea."));
    assert_eq!(reply.finish_reason.as_deref(), Some("stop"));
    assert_eq!(reply.reasoning.map(|reasoning| reasoning.text).as_deref(), Some("I count hulls."));
    assert!(reply.metrics.is_some());
    assert_eq!(neurons, Some(40.9));
}

#[test]
fn a_model_that_thinks_better_of_it_says_so() {
    let events = "data: {\"chunk\":{\"caption\":\"A dog\"}}\n\ndata: {\"chunk\":{\"caption\":\"A cat\"}}\n\n\
        data: {\"status\":\"succeeded\",\"output\":[\"A cat\"]}\n\n";
    let (deltas, error, reply, _) = deltas(&Memory::default().events(events));
    assert!(error.is_none(), "a stream that succeeded is whole without an end mark");
    assert_eq!(texts(&deltas), ["A dog", "A cat"]);
    assert!(deltas.last().unwrap().restarts);
    assert_eq!(reply.caption.as_deref(), Some("A cat"));
}

#[test]
fn points_replace_points() {
    let events = "data: {\"mode\":\"replace\",\"name\":\"points\",\"value\":[{\"x\":0.1,\"y\":0.2}]}\n\n\
        data: {\"mode\":\"replace\",\"name\":\"points\",\"value\":[{\"x\":0.1,\"y\":0.2},{\"x\":0.3,\"y\":0.4}]}\n\n\
        data: {\"mode\":\"replace\",\"name\":\"metrics\",\"value\":\"unheard of\"}\n\ndata: [DONE]\n\n";
    let (deltas, error, reply, _) = deltas(&Memory::default().events(events));
    assert!(error.is_none());
    assert!(deltas.is_empty());
    assert_eq!(reply.points.len(), 2);
}

#[test]
fn a_reply_in_one_piece_is_one_delta() {
    let (deltas, error, reply, _) = deltas(&Memory::default().json(r#"{"answer":"Two.","finish_reason":"stop"}"#));
    assert!(error.is_none());
    assert_eq!(texts(&deltas), ["Two."]);
    assert_eq!(reply.finish_reason.as_deref(), Some("stop"));
}

#[test]
fn a_stream_that_was_cut_keeps_the_text_so_far() {
    let cut = STREAM.split_once("data: {\"mode\"").unwrap().0;
    let (_, error, reply, _) = deltas(&Memory::default().events(cut));
    assert!(error.unwrap().is_truncated());
    assert_eq!(reply.answer.as_deref(), Some("Two boats"));
}
