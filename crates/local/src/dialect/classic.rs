//! The dialect of the older chat models: `{response, tool_calls?, usage}`.

use serde_json::{Map, Value, json};

use super::{Writing, arms, pieces};
use crate::answer::ToolCall;
use crate::catalog::Model;

pub(super) fn result(writing: &Writing<'_>) -> Value {
    let turn = writing.turn;
    let mut result = Map::new();
    // In JSON mode the response is the object itself, not its text.
    let response = turn.object.clone().unwrap_or_else(|| Value::from(turn.text.as_str()));
    result.insert("response".to_owned(), response);
    if !turn.calls.is_empty() {
        result.insert("tool_calls".to_owned(), calls(writing.model, &turn.calls));
    }
    result.insert("usage".to_owned(), writing.usage_json());
    Value::Object(result)
}

pub(super) fn events(writing: &mut Writing<'_>) -> Vec<Value> {
    let turn = writing.turn;
    let mut events: Vec<Value> =
        pieces(&turn.text).into_iter().map(|piece| json!({"response": piece, "p": writing.padding()})).collect();
    // An event with tool calls has no response, even where there are none to tell of.
    events.push(json!({"tool_calls": calls(writing.model, &turn.calls), "p": writing.padding()}));
    events.push(json!({"response": "", "usage": writing.usage_json()}));
    events
}

/// Most models write calls flat and without an id; llama-4-scout nests them, with the arguments as an object.
fn calls(model: &Model, calls: &[ToolCall]) -> Value {
    let schemas = [
        model.canonical().and_then(|canonical| canonical.reply.json.as_ref()),
        model.facts().schema.as_ref().map(|schema| &schema.output),
    ];
    let nested = schemas
        .into_iter()
        .flatten()
        .flat_map(arms)
        .filter_map(|arm| arm.pointer("/properties/tool_calls/items"))
        .flat_map(arms)
        .any(|call| call.pointer("/properties/function").is_some());
    calls
        .iter()
        .map(|call| {
            if nested {
                json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}})
            } else {
                json!({"name": call.name, "arguments": call.arguments})
            }
        })
        .collect()
}
