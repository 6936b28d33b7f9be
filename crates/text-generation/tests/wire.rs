//! Replies and streams of every dialect, read from reconstructions of the wire (see `wire/README.md`).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

use serde_json::{Value, json};
use workers_ai_client::Chunk as _;
use workers_ai_text_generation::{Any, Chunk, FinishReason, Message, Messages, Reply, Strict, Text};

macro_rules! wire {
    ($name:literal) => {
        include_str!(concat!("wire/", $name))
    };
}

#[track_caller]
fn reply(json: &str) -> Reply {
    serde_json::from_str(json).unwrap()
}

/// The reply in its envelope, through the client.
#[track_caller]
fn enveloped(json: &str) -> Reply {
    let body = format!(r#"{{"result":{json},"success":true,"errors":[],"messages":[]}}"#);
    let answer = workers_ai_client::Answer::new(Default::default(), Default::default(), body);
    workers_ai_client::Reply::decode(answer).unwrap()
}

#[test]
fn the_same_question_has_the_same_answer_in_every_dialect() {
    for json in
        [wire!("classic.json"), wire!("completion.json"), wire!("text_completion.json"), wire!("responses.json")]
    {
        assert_eq!(reply(json).text(), "The sky is blue.");
        assert_eq!(reply(json), enveloped(json));
    }
    let dialect = |json| match reply(json) {
        Reply::Classic(_) => "classic",
        Reply::Completion(_) => "completion",
        Reply::TextCompletion(_) => "text completion",
        Reply::Responses(_) => "responses",
        _ => "unknown",
    };
    assert_eq!(dialect(wire!("classic.json")), "classic");
    assert_eq!(dialect(wire!("completion.json")), "completion");
    assert_eq!(dialect(wire!("text_completion.json")), "text completion");
    assert_eq!(dialect(wire!("responses.json")), "responses");
    assert_eq!(dialect(r#"{"request_id": "a"}"#), "unknown");
}

#[test]
fn a_classic_response_may_be_anything() {
    assert_eq!(
        reply(wire!("classic_json_mode.json")).json::<Value>().unwrap(),
        json!({"city": "Lisbon", "degrees": 21})
    );
    assert_eq!(reply(wire!("classic_number.json")).text(), "42");
    assert_eq!(reply(wire!("guard.json")).json::<Value>().unwrap()["safe"], false);
    assert_eq!(reply(wire!("classic_tools.json")).text(), "");
}

#[test]
fn usage_is_read_from_every_dialect() {
    let usage = |json| reply(json).usage().cloned().unwrap();
    assert_eq!(usage(wire!("classic.json")).neurons, Some(0.61));
    assert_eq!(usage(wire!("classic.json")).cached_tokens, Some(16));
    assert_eq!(usage(wire!("completion.json")).total_tokens, Some(46));
    assert_eq!(usage(wire!("responses.json")).prompt_tokens, Some(21));
    assert_eq!(reply(wire!("classic_number.json")).usage(), None);
}

#[test]
fn thoughts_are_read_under_either_name() {
    assert_eq!(reply(wire!("completion.json")).reasoning().unwrap(), "Rayleigh scattering.");
    assert_eq!(reply(wire!("responses.json")).reasoning().unwrap(), "Rayleigh scattering.");
    let spent = reply(wire!("completion_out_of_budget.json"));
    assert_eq!(spent.text(), "");
    assert_eq!(spent.reasoning().unwrap(), "First I should consider");
    assert_eq!(spent.finish_reason(), Some(FinishReason::Length));
    assert_eq!(reply(wire!("classic.json")).reasoning(), None);
}

#[test]
fn tool_calls_are_read_in_every_form() {
    for json in [
        wire!("classic_tools.json"),
        wire!("classic_tools_nested.json"),
        wire!("completion_tools.json"),
        wire!("responses.json"),
    ] {
        let calls = reply(json).tool_calls();
        assert_eq!(calls[0].name(), "weather");
        assert_eq!(calls[0].arguments().unwrap(), json!({"city": "Lisbon"}));
        assert!(calls.iter().all(|call| call.id().is_some()));
    }
    let calls = reply(wire!("classic_tools.json")).tool_calls();
    assert_ne!(calls[0].id(), calls[1].id());
    assert_eq!(calls, reply(wire!("classic_tools.json")).tool_calls());
}

#[test]
fn a_reply_goes_on_as_a_message_to_any_model() {
    for json in [wire!("classic_tools.json"), wire!("completion_tools.json"), wire!("completion.json")] {
        let reply = reply(json);
        let mut conversation: Messages<Text, Any> = Messages::from("What is the weather in Lisbon?");
        conversation.push(reply.to_message());
        for call in reply.tool_calls() {
            conversation.push(Message::answer(&call, "21 °C"));
        }
        let strict: Messages<Text, Strict> = conversation.into();
        strict.check().unwrap();
        let sent = serde_json::to_value(&strict).unwrap();
        assert!(sent[1]["content"].is_string(), "an assistant's content is text, empty if need be");
    }
}

#[test]
fn what_nobody_has_heard_of_does_not_break_a_reply() {
    for json in [
        r#"{"response": "a", "zzz": {"b": [1]}, "usage": {"zzz": 1}}"#,
        r#"{"response": null, "tool_calls": null, "usage": null}"#,
        r#"{"response": "a", "tool_calls": [null, 5, {"zzz": 1}]}"#,
        r#"{"choices": null, "usage": 5}"#,
        r#"{"choices": [{"message": null, "finish_reason": null, "logprobs": null, "index": null}]}"#,
        r#"{"choices": [{"message": {"role": "zzz", "content": [{"text": "a"}], "tool_calls": null}, "finish_reason": "zzz"}]}"#,
        r#"{"object": "zzz", "choices": [], "created": 1.5, "id": null}"#,
        r#"{"choices": [{"message": {"annotations": [{"type": "zzz"}], "function_call": {"name": null}, "audio": {"expires_at": -1}}}]}"#,
        r#"{"choices": [{"logprobs": {"content": [{"token": "a", "logprob": -1, "bytes": null, "top_logprobs": []}], "zzz": 1}}]}"#,
        r#"{"output": null}"#,
        r#"{"output": [{"type": "zzz", "content": null, "zzz": 1}], "error": {"code": 5}}"#,
        r#"{}"#,
        r#"[]"#,
        r#""text""#,
    ] {
        reply(json);
    }
}

#[test]
fn a_reply_of_another_shape_names_the_place() {
    let error = serde_json::from_str::<Reply>(r#"{"choices": [{"message": 5}]}"#).unwrap_err().to_string();
    assert!(error.starts_with("choices[0]"), "{error}");
}

fn stream(text: &str) -> Vec<Chunk> {
    let data = text.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
    data.map(|data| serde_json::from_str(data).unwrap()).collect()
}

#[test]
fn streams_bring_the_same_text_in_every_dialect() {
    for text in [wire!("classic.sse"), wire!("completion.sse"), wire!("text_completion.sse"), wire!("responses.sse")] {
        let chunks = stream(text);
        assert_eq!(chunks.iter().map(Chunk::text).collect::<String>(), "The sky is blue.");
        assert!(chunks.iter().any(Chunk::is_final), "some chunk says that the model has finished");
        assert!(!chunks[0].is_final());
    }
    for text in [wire!("completion.sse"), wire!("responses.sse")] {
        assert_eq!(stream(text).iter().filter_map(Chunk::reasoning).collect::<String>(), "Rayleigh scattering.");
    }
}

#[test]
fn the_total_usage_is_told_from_the_shares() {
    for (text, total) in [(wire!("classic.sse"), 26), (wire!("completion.sse"), 27), (wire!("responses.sse"), 27)] {
        let chunks = stream(text);
        let totals: Vec<_> = chunks.iter().filter_map(Chunk::total_usage).collect();
        assert_eq!(totals.len(), 1);
        assert_eq!(totals[0].total_tokens, Some(total));
    }
    assert!(stream(wire!("completion.sse"))[1].usage().is_some());
}

#[test]
fn fragments_of_tool_calls_are_read_and_the_empty_end_is_not() {
    for text in [wire!("completion_tools.sse"), wire!("classic_tools.sse")] {
        let chunks = stream(text);
        let fragments: Vec<_> = chunks.iter().flat_map(Chunk::tool_calls).collect();
        assert_eq!(fragments[0].id.as_deref(), Some("chatcmpl-tool-9d2e"));
        assert_eq!(fragments[0].name(), Some("weather"));
        let first = fragments.iter().filter(|fragment| fragment.index == Some(0));
        assert_eq!(first.map(|fragment| fragment.arguments()).collect::<String>(), r#"{"city": "Lisbon"}"#);
    }
    let chunks = stream(wire!("completion_tools.sse"));
    assert_eq!(chunks.iter().flat_map(Chunk::tool_calls).count(), 3);
    assert_eq!(chunks.iter().find_map(Chunk::finish_reason), Some(FinishReason::ToolCalls));
    let chunks = stream(wire!("classic_tools.sse"));
    assert_eq!(chunks.iter().flat_map(Chunk::tool_calls).last().unwrap().arguments(), r#"{"city":"Porto"}"#);
}

#[test]
fn an_answer_in_one_piece_is_a_stream_of_one_chunk() {
    for json in [
        wire!("classic.json"),
        wire!("completion.json"),
        wire!("text_completion.json"),
        wire!("responses.json"),
        wire!("classic_tools.json"),
        wire!("completion_tools.json"),
    ] {
        let chunk: Chunk = serde_json::from_str(json).unwrap();
        let whole = reply(json);
        assert_eq!(chunk.text(), whole.text());
        assert_eq!(chunk.reasoning(), whole.reasoning());
        assert_eq!(chunk.total_usage(), whole.usage());
        assert!(chunk.is_final());
    }
}
