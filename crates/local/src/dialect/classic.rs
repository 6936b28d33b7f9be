//! The dialect of the older chat models: `{response, tool_calls?, usage}`.

use serde_json::{Map, Value, json};

use super::{Writer, arms, property};
use crate::answer::{Delta, ToolCall, Turn, Usage};
use crate::catalog::Model;

pub(super) fn result(writer: &Writer, turn: &Turn, usage: &Usage) -> Value {
    let mut result = Map::new();
    // In JSON mode the response is the object itself, not its text.
    let response = turn.object.clone().unwrap_or_else(|| Value::from(aloud(turn)));
    result.insert("response".to_owned(), response);
    if !turn.calls.is_empty() {
        result.insert("tool_calls".to_owned(), calls(&writer.model, &turn.calls));
    }
    result.insert("usage".to_owned(), writer.usage_json(usage));
    Value::Object(result)
}

/// These models think aloud, inside the text.
fn aloud(turn: &Turn) -> String {
    match &turn.reasoning {
        Some(thought) => format!("{BEGIN}{thought}{END}{}", turn.text),
        None => turn.text.clone(),
    }
}

const BEGIN: &str = "<think>\n";
const END: &str = "\n</think>\n\n";

pub(super) fn tell(writer: &mut Writer, delta: &Delta) -> Vec<Value> {
    let thinks = writer.turn.reasoning.is_some() && writer.turn.text.is_empty();
    let mut said = String::new();
    match delta {
        Delta::Reasoning(piece) => {
            said.push_str(if writer.turn.reasoning.is_none() { BEGIN } else { "" });
            said.push_str(piece);
        }
        Delta::Text(piece) => {
            said.push_str(if thinks { END } else { "" });
            said.push_str(piece);
        }
        // Calls come together, at the end.
        Delta::Call(_) => return Vec::new(),
        Delta::End { usage, .. } => {
            // An event with tool calls has no response, even where there are none to tell of.
            let calls = calls(&writer.model, &writer.turn.calls);
            return vec![
                json!({"tool_calls": calls, "p": writer.padding()}),
                json!({"response": "", "usage": writer.usage_json(usage)}),
            ];
        }
    }
    vec![json!({"response": said, "p": writer.padding()})]
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
        .filter_map(|arm| property(arm, "tool_calls")?.get("items"))
        .flat_map(arms)
        .any(|call| property(call, "function").is_some());
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
