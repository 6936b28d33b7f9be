//! What was said before, as messages of OpenAI's API.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// Messages of the native API. Those of the older models have calls without ids, and answers that name a tool only.
pub(super) fn from_messages(messages: &[Value]) -> Vec<Value> {
    let mut waiting: VecDeque<(String, Value)> = VecDeque::new();
    let mut count = 0;
    messages
        .iter()
        .cloned()
        .map(|mut message| {
            let role = message.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
            let Some(members) = message.as_object_mut() else { return message };
            if let Some(Value::Object(part)) = members.get("content") {
                // One part may stand by itself.
                let part = Value::Object(part.clone());
                members.insert("content".to_owned(), json!([part]));
            }
            if let Some(Value::Array(calls)) = members.get_mut("tool_calls") {
                for call in calls {
                    count += 1;
                    *call = wrapped(call, count);
                    let name = call.pointer("/function/name").and_then(Value::as_str).unwrap_or_default();
                    waiting.push_back((name.to_owned(), call.get("id").cloned().unwrap_or_default()));
                }
            }
            if role == "tool" {
                let given = members.get("tool_call_id").filter(|id| !id.is_null()).cloned();
                let name = members.get("name").and_then(Value::as_str);
                let place = waiting.iter().position(|(waiting, id)| match &given {
                    Some(given) => given == id,
                    None => name.is_none_or(|name| name == waiting),
                });
                let answered = place.and_then(|place| waiting.remove(place)).map(|(_, id)| id);
                if let (None, Some(id)) = (given, answered) {
                    members.insert("tool_call_id".to_owned(), id);
                }
            }
            message
        })
        .collect()
}

/// A call with an id, a type, and its arguments as text.
fn wrapped(call: &Value, number: usize) -> Value {
    let function = call.get("function").unwrap_or(call);
    let arguments = match function.get("arguments") {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "{}".to_owned(),
    };
    let id = call.get("id").filter(|id| !id.is_null()).cloned().unwrap_or_else(|| json!(format!("call{number:05}")));
    json!({"id": id, "type": "function", "function": {"name": function.get("name"), "arguments": arguments}})
}

/// The input of a response: text, or items.
pub(super) fn from_input(instructions: Option<&Value>, input: &Value) -> Vec<Value> {
    let mut messages: Vec<Value> =
        instructions.map(|text| json!({"role": "system", "content": text})).into_iter().collect();
    let Value::Array(items) = input else {
        messages.push(json!({"role": "user", "content": input}));
        return messages;
    };
    for item in items {
        match item.get("type").and_then(Value::as_str) {
            Some("function_call") => {
                let call = json!({"id": item.get("call_id"), "type": "function",
                    "function": {"name": item.get("name"), "arguments": item.get("arguments")}});
                // Calls of one turn are one message.
                let open =
                    messages.last_mut().and_then(|last| last.get_mut("tool_calls")).and_then(Value::as_array_mut);
                match open {
                    Some(calls) => calls.push(call),
                    None => messages.push(json!({"role": "assistant", "content": null, "tool_calls": [call]})),
                }
            }
            Some("function_call_output") => {
                let (id, output) = (item.get("call_id"), item.get("output"));
                messages.push(json!({"role": "tool", "tool_call_id": id, "content": output}));
            }
            // What was thought is not said again.
            Some("reasoning") => {}
            _ => {
                let role = match item.get("role").and_then(Value::as_str).unwrap_or("user") {
                    "developer" => "system",
                    role => role,
                };
                messages.push(json!({"role": role, "content": item.get("content").map(content)}));
            }
        }
    }
    messages
}

/// The parts of a message, by the names that they have in the older API.
fn content(given: &Value) -> Value {
    let Value::Array(parts) = given else { return given.clone() };
    let is_text = |part: &Value| part.get("text").is_some();
    if parts.iter().all(is_text) {
        let texts: Vec<&str> = parts.iter().filter_map(|part| part.get("text")?.as_str()).collect();
        return json!(texts.join("\n"));
    }
    let parts = parts.iter().map(|part| match part.get("type").and_then(Value::as_str) {
        Some("input_text" | "output_text") => json!({"type": "text", "text": part.get("text")}),
        Some("input_image") => json!({"type": "image_url", "image_url": {"url": part.get("image_url")}}),
        _ => part.clone(),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_the_older_models_get_ids_that_their_answers_find() {
        let given = [
            json!({"role": "assistant", "content": "", "tool_calls": [
                {"name": "f", "arguments": {"a": 1}}, {"name": "g", "arguments": {}},
            ]}),
            json!({"role": "tool", "name": "g", "content": "2"}),
            json!({"role": "tool", "name": "f", "content": "1"}),
        ];
        let found = Value::Array(from_messages(&given));
        assert_eq!(found.pointer("/0/tool_calls/0/function/arguments"), Some(&json!("{\"a\":1}")));
        for (answer, call) in [("/1/tool_call_id", "/0/tool_calls/1/id"), ("/2/tool_call_id", "/0/tool_calls/0/id")] {
            assert_eq!(found.pointer(answer), found.pointer(call));
            assert!(found.pointer(call).is_some_and(Value::is_string));
        }
    }

    #[test]
    fn items_become_messages() {
        let input = json!([
            {"role": "user", "content": [{"type": "input_text", "text": "hi"}, {"type": "input_image", "image_url": "data:x"}]},
            {"type": "reasoning", "summary": []},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "7"},
            {"role": "developer", "content": [{"type": "input_text", "text": "be brief"}]},
        ]);
        let call = json!({"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}});
        assert_eq!(
            from_input(None, &input),
            [
                json!({"role": "user", "content": [
                    {"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "data:x"}},
                ]}),
                json!({"role": "assistant", "content": null, "tool_calls": [call]}),
                json!({"role": "tool", "tool_call_id": "c", "content": "7"}),
                json!({"role": "system", "content": "be brief"}),
            ]
        );
    }
}
