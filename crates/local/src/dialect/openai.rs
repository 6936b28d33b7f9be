//! The dialect of the newer chat models: OpenAI's objects, with a few habits of the service.

use serde_json::{Map, Value, json};

use super::{Style, Writer, pieces, responses};
use crate::answer::{Delta, Turn, Usage};
use crate::neurons::{neurons, written};

/// Answers bear no real time, so that the same request gives the same bytes.
const CREATED: u64 = 1_767_225_600;

pub(super) fn result(writer: &Writer, turn: &Turn, usage: &Usage) -> Value {
    match writer.style {
        Style::TextCompletion => text_completion(writer, turn, usage),
        Style::Responses => response(writer, turn, usage),
        Style::Classic | Style::ChatCompletion => chat_completion(writer, turn, usage),
    }
}

fn chat_completion(writer: &Writer, turn: &Turn, usage: &Usage) -> Value {
    let id = &writer.id;
    let mut message = Map::new();
    message.insert("role".to_owned(), json!("assistant"));
    message.insert("content".to_owned(), Value::from(turn.text.as_str()));
    // Never anything else here, but the schemas of some models require it.
    message.insert("refusal".to_owned(), Value::Null);
    if let Some(reasoning) = &turn.reasoning {
        message.insert("reasoning_content".to_owned(), Value::from(reasoning.as_str()));
    }
    if !turn.calls.is_empty() {
        message.insert("tool_calls".to_owned(), tool_calls(turn));
    }
    json!({
        "id": format!("chatcmpl-{id}"),
        "object": "chat.completion",
        "created": CREATED,
        "model": writer.model.id(),
        "choices": [{"index": 0, "message": message, "finish_reason": turn.finish.as_str(), "logprobs": null}],
        "usage": writer.usage_json(usage),
    })
}

fn text_completion(writer: &Writer, turn: &Turn, usage: &Usage) -> Value {
    let id = &writer.id;
    json!({
        "id": format!("cmpl-{id}"),
        "object": "text_completion",
        "created": CREATED,
        "model": writer.model.id(),
        "choices": [{"index": 0, "text": turn.text, "finish_reason": turn.finish.as_str(), "logprobs": null}],
        "usage": writer.usage_json(usage),
    })
}

pub(super) fn response(writer: &Writer, turn: &Turn, usage: &Usage) -> Value {
    let id = &writer.id;
    let thought = turn.reasoning.as_deref().map(|reasoning| responses::thought(id, reasoning));
    let calls = turn.calls.iter().enumerate().map(|(index, call)| responses::call(id, index, call));
    // A model that calls tools says nothing, as a rule.
    let speaks = turn.calls.is_empty() || !turn.text.is_empty();
    let message = speaks.then(|| responses::message(id, &turn.text));
    let output: Vec<Value> = thought.into_iter().chain(message).chain(calls).collect();
    json!({
        "id": format!("resp_{id}"),
        "object": "response",
        "created_at": CREATED,
        "model": writer.model.id(),
        "status": "completed",
        "output": output,
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "total_tokens": usage.input_tokens.saturating_add(usage.output_tokens),
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    })
}

/// Calls with their arguments as text, as OpenAI has them.
fn tool_calls(turn: &Turn) -> Value {
    let calls = turn.calls.iter().map(|call| {
        json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments.to_string()}})
    });
    calls.collect()
}

/// How the native stream begins: a first chunk with the whole prompt's usage.
pub(super) fn begin(writer: &mut Writer, input_tokens: u64) -> Vec<Value> {
    match writer.style {
        Style::Responses => responses::begin(writer),
        Style::TextCompletion => Vec::new(),
        Style::Classic | Style::ChatCompletion => {
            let delta = json!({"role": "assistant", "content": "", "reasoning_content": null});
            vec![chunk(writer, choice(&delta), &Usage { input_tokens, ..Usage::default() })]
        }
    }
}

/// Then a chunk for each token with its own usage, a chunk that finishes, one without choices, and the older dialect's
/// trailer with the totals.
pub(super) fn tell(writer: &mut Writer, delta: &Delta) -> Vec<Value> {
    if writer.style == Style::Responses {
        return responses::tell(writer, delta);
    }
    let is_text = writer.style == Style::TextCompletion;
    let token = Usage { output_tokens: 1, ..Usage::default() };
    match delta {
        // A completion of text has no place for thoughts.
        Delta::Reasoning(_) if is_text => Vec::new(),
        Delta::Reasoning(piece) => vec![chunk(writer, choice(&json!({"reasoning_content": piece})), &token)],
        Delta::Text(piece) if is_text => {
            let choices = json!([{"index": 0, "text": piece, "finish_reason": null, "logprobs": null}]);
            vec![chunk(writer, choices, &token)]
        }
        Delta::Text(piece) => vec![chunk(writer, choice(&json!({"content": piece})), &token)],
        Delta::Call(call) => {
            let index = writer.turn.calls.len();
            let begin = json!({"id": call.id, "type": "function", "index": index, "function": {"name": call.name}});
            let fragments = pieces(&call.arguments.to_string());
            let fragments = fragments.into_iter().map(|text| json!({"index": index, "function": {"arguments": text}}));
            let end = json!({"index": index, "id": null, "type": null, "function": {"name": null, "arguments": ""}});
            // Clients that put deltas together by OpenAI's rules would lose the call's type to the native end mark.
            [begin]
                .into_iter()
                .chain(fragments)
                .chain(writer.trailer.then_some(end))
                .collect::<Vec<_>>()
                .into_iter()
                .map(|delta| chunk(writer, choice(&json!({"tool_calls": [delta]})), &token))
                .collect()
        }
        Delta::End { finish, usage } => {
            let finish = finish.as_str();
            let last = if is_text {
                json!([{"index": 0, "text": "", "finish_reason": finish, "logprobs": null, "matched_stop": null}])
            } else {
                json!([{"index": 0, "delta": {}, "finish_reason": finish, "logprobs": null, "matched_stop": null}])
            };
            let nothing = Usage::default();
            let total = if writer.trailer { &nothing } else { usage };
            let mut events = vec![chunk(writer, last, &nothing), chunk(writer, json!([]), total)];
            if writer.trailer {
                events.push(json!({"response": "", "usage": writer.usage_json(usage)}));
            }
            events
        }
    }
}

fn choice(delta: &Value) -> Value {
    json!([{"index": 0, "delta": delta, "finish_reason": null, "logprobs": null}])
}

/// A chunk with its own share of the usage.
fn chunk(writer: &mut Writer, choices: Value, usage: &Usage) -> Value {
    let object = if writer.style == Style::TextCompletion { "text_completion" } else { "chat.completion.chunk" };
    let mut share = json!({
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens.saturating_add(usage.output_tokens),
    });
    if let (Some(share), Some(neurons)) = (share.as_object_mut(), neurons(writer.model.facts(), usage)) {
        share.insert("neurons".to_owned(), Value::from(written(neurons)));
    }
    json!({
        "id": format!("chatcmpl-{}", writer.id),
        "object": object,
        "created": CREATED,
        "model": writer.model.id(),
        "choices": choices,
        "usage": share,
        "p": writer.padding(),
    })
}
