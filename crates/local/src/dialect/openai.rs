//! The dialect of the newer chat models: OpenAI's objects, with a few habits of the service.

use serde_json::{Map, Value, json};

use super::{Style, Writing, pieces, responses};
use crate::answer::Usage;
use crate::neurons::{neurons, written};

/// Answers bear no real time, so that the same request gives the same bytes.
const CREATED: u64 = 1_767_225_600;

pub(super) fn result(writing: &mut Writing<'_>) -> Value {
    let id = writing.dice.hex(32);
    match writing.style {
        Style::TextCompletion => text_completion(writing, &id),
        Style::Responses => response(writing, &id),
        Style::Classic | Style::ChatCompletion => chat_completion(writing, &id),
    }
}

fn chat_completion(writing: &Writing<'_>, id: &str) -> Value {
    let turn = writing.turn;
    let mut message = Map::new();
    message.insert("role".to_owned(), json!("assistant"));
    message.insert("content".to_owned(), Value::from(turn.text.as_str()));
    // Never anything else here, but the schemas of some models require it.
    message.insert("refusal".to_owned(), Value::Null);
    if let Some(reasoning) = &turn.reasoning {
        message.insert("reasoning_content".to_owned(), Value::from(reasoning.as_str()));
    }
    if !turn.calls.is_empty() {
        message.insert("tool_calls".to_owned(), tool_calls(writing));
    }
    json!({
        "id": format!("chatcmpl-{id}"),
        "object": "chat.completion",
        "created": CREATED,
        "model": writing.model.id(),
        "choices": [{"index": 0, "message": message, "finish_reason": turn.finish.as_str(), "logprobs": null}],
        "usage": writing.usage_json(),
    })
}

fn text_completion(writing: &Writing<'_>, id: &str) -> Value {
    let turn = writing.turn;
    json!({
        "id": format!("cmpl-{id}"),
        "object": "text_completion",
        "created": CREATED,
        "model": writing.model.id(),
        "choices": [{"index": 0, "text": turn.text, "finish_reason": turn.finish.as_str(), "logprobs": null}],
        "usage": writing.usage_json(),
    })
}

fn response(writing: &Writing<'_>, id: &str) -> Value {
    let turn = writing.turn;
    let mut output = Vec::new();
    if let Some(reasoning) = &turn.reasoning {
        let content = [json!({"type": "reasoning_text", "text": reasoning})];
        output.push(json!({"id": format!("rs_{id}"), "type": "reasoning", "summary": [], "content": content}));
    }
    for (index, call) in turn.calls.iter().enumerate() {
        output.push(json!({
            "id": format!("fc_{index}{id}"), "type": "function_call", "status": "completed",
            "call_id": call.id, "name": call.name, "arguments": call.arguments.to_string(),
        }));
    }
    if turn.calls.is_empty() {
        let content = [json!({"type": "output_text", "text": turn.text, "annotations": []})];
        output.push(json!({
            "id": format!("msg_{id}"), "type": "message", "role": "assistant", "status": "completed", "content": content,
        }));
    }
    json!({
        "id": format!("resp_{id}"),
        "object": "response",
        "created_at": CREATED,
        "model": writing.model.id(),
        "status": "completed",
        "output": output,
        "usage": {
            "input_tokens": writing.usage.input_tokens,
            "output_tokens": writing.usage.output_tokens,
            "total_tokens": writing.usage.input_tokens.saturating_add(writing.usage.output_tokens),
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    })
}

/// Calls with their arguments as text, as OpenAI has them.
fn tool_calls(writing: &Writing<'_>) -> Value {
    let calls = writing.turn.calls.iter().map(|call| {
        json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments.to_string()}})
    });
    calls.collect()
}

/// The native stream: a first chunk with the whole prompt's usage, a chunk for each token with its own, a chunk that
/// finishes, one without choices, and the older dialect's trailer with the totals.
pub(super) fn events(writing: &mut Writing<'_>, trailer: bool) -> Vec<Value> {
    let id = writing.dice.hex(32);
    if writing.style == Style::Responses {
        return responses::events(&response(writing, &id));
    }
    let turn = writing.turn;
    let text_completion = writing.style == Style::TextCompletion;
    let mut chunks = Chunks { writing, id, events: Vec::new() };
    if !text_completion {
        let prompt = Usage { input_tokens: chunks.writing.usage.input_tokens, ..Usage::default() };
        chunks.push(json!([{"index": 0, "delta": {"role": "assistant", "content": "", "reasoning_content": null}, "finish_reason": null, "logprobs": null}]), prompt);
    }
    let token = Usage { output_tokens: 1, ..Usage::default() };
    for piece in pieces(turn.reasoning.as_deref().unwrap_or_default()) {
        chunks.push(
            json!([{"index": 0, "delta": {"reasoning_content": piece}, "finish_reason": null, "logprobs": null}]),
            token,
        );
    }
    for piece in pieces(&turn.text) {
        let choice = if text_completion {
            json!({"index": 0, "text": piece, "finish_reason": null, "logprobs": null})
        } else {
            json!({"index": 0, "delta": {"content": piece}, "finish_reason": null, "logprobs": null})
        };
        chunks.push(json!([choice]), token);
    }
    for (index, call) in turn.calls.iter().enumerate() {
        let begin = json!({"id": call.id, "type": "function", "index": index, "function": {"name": call.name}});
        let fragments = pieces(&call.arguments.to_string());
        let fragments = fragments.into_iter().map(|text| json!({"index": index, "function": {"arguments": text}}));
        let end = json!({"index": index, "id": null, "type": null, "function": {"name": null, "arguments": ""}});
        // Clients that put deltas together by OpenAI's rules would lose the call's type to the native end mark.
        for delta in [begin].into_iter().chain(fragments).chain(trailer.then_some(end)) {
            chunks.push(
                json!([{"index": 0, "delta": {"tool_calls": [delta]}, "finish_reason": null, "logprobs": null}]),
                token,
            );
        }
    }
    let finish = turn.finish.as_str();
    let last = if text_completion {
        json!([{"index": 0, "text": "", "finish_reason": finish, "logprobs": null, "matched_stop": null}])
    } else {
        json!([{"index": 0, "delta": {}, "finish_reason": finish, "logprobs": null, "matched_stop": null}])
    };
    chunks.push(last, Usage::default());
    let total = *chunks.writing.usage;
    chunks.push(json!([]), if trailer { Usage::default() } else { total });
    let mut events = chunks.events;
    if trailer {
        events.push(json!({"response": "", "usage": writing.usage_json()}));
    }
    events
}

struct Chunks<'a, 'b> {
    writing: &'a mut Writing<'b>,
    id: String,
    events: Vec<Value>,
}

impl Chunks<'_, '_> {
    /// Adds a chunk with its own share of the usage.
    fn push(&mut self, choices: Value, usage: Usage) {
        let object =
            if self.writing.style == Style::TextCompletion { "text_completion" } else { "chat.completion.chunk" };
        let mut share = json!({
            "prompt_tokens": usage.input_tokens,
            "completion_tokens": usage.output_tokens,
            "total_tokens": usage.input_tokens.saturating_add(usage.output_tokens),
        });
        if let (Some(share), Some(neurons)) = (share.as_object_mut(), neurons(self.writing.model.facts(), &usage)) {
            share.insert("neurons".to_owned(), Value::from(written(neurons)));
        }
        self.events.push(json!({
            "id": format!("chatcmpl-{}", self.id),
            "object": object,
            "created": CREATED,
            "model": self.writing.model.id(),
            "choices": choices,
            "usage": share,
            "p": self.writing.padding(),
        }));
    }
}
