//! The events in which a finished response of OpenAI's newer API is told.

use serde_json::{Map, Value, json};

use super::pieces;

/// Every event from `response.created` to `response.completed`: items are announced, filled piece by piece, and closed, in
/// the order in which the response holds them.
pub(super) fn events(whole: &Value) -> Vec<Value> {
    let mut told = Told::default();
    let begun = with(whole, &[("status", json!("in_progress")), ("output", json!([])), ("usage", Value::Null)]);
    told.push("response.created", json!({"response": begun}));
    told.push("response.in_progress", json!({"response": begun}));
    for (index, item) in whole.get("output").and_then(Value::as_array).into_iter().flatten().enumerate() {
        told.item(index, item);
    }
    told.push("response.completed", json!({"response": whole}));
    told.0
}

#[derive(Default)]
struct Told(Vec<Value>);

impl Told {
    fn push(&mut self, kind: &str, members: Value) {
        let number = self.0.len();
        self.0.push(with(&members, &[("type", json!(kind)), ("sequence_number", json!(number))]));
    }

    fn item(&mut self, index: usize, item: &Value) {
        let empty = match item.get("type").and_then(Value::as_str) {
            Some("function_call") => ("arguments", json!("")),
            _ => ("content", json!([])),
        };
        let added = with(item, &[empty, ("status", json!("in_progress"))]);
        self.push("response.output_item.added", json!({"output_index": index, "item": added}));
        let at = json!({"item_id": item.get("id"), "output_index": index});
        if let Some(arguments) = item.get("arguments").and_then(Value::as_str) {
            self.text("response.function_call_arguments", &at, "arguments", arguments);
        }
        for (part_index, part) in item.get("content").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = with(&at, &[("content_index", json!(part_index))]);
            let text = part.get("text").and_then(Value::as_str).unwrap_or_default();
            let kind =
                if part.get("type") == Some(&json!("reasoning_text")) { "reasoning_text" } else { "output_text" };
            let empty = with(part, &[("text", json!(""))]);
            self.push("response.content_part.added", with(&at, &[("part", empty)]));
            self.text(&format!("response.{kind}"), &at, "text", text);
            self.push("response.content_part.done", with(&at, &[("part", part.clone())]));
        }
        self.push("response.output_item.done", json!({"output_index": index, "item": item}));
    }

    /// A text in pieces, and then as a whole.
    fn text(&mut self, kind: &str, at: &Value, member: &str, text: &str) {
        for piece in pieces(text) {
            self.push(&format!("{kind}.delta"), with(at, &[("delta", json!(piece))]));
        }
        self.push(&format!("{kind}.done"), with(at, &[(member, json!(text))]));
    }
}

/// The object with these members besides its own, or in their place.
fn with(object: &Value, members: &[(&str, Value)]) -> Value {
    let mut changed: Map<String, Value> = object.as_object().cloned().unwrap_or_default();
    changed.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_announced_filled_and_closed_in_their_order() {
        let whole = json!({"id": "resp_1", "status": "completed", "usage": {}, "output": [
            {"id": "rs_1", "type": "reasoning", "content": [{"type": "reasoning_text", "text": "well"}]},
            {"id": "fc_1", "type": "function_call", "status": "completed", "arguments": "{}"},
            {"id": "msg_1", "type": "message", "status": "completed", "content": [{"type": "output_text", "text": "hi"}]},
        ]});
        let events = events(&whole);
        let kinds: Vec<&str> =
            events.iter().filter_map(|event| event.get("type")?.as_str()?.strip_prefix("response.")).collect();
        assert_eq!(
            kinds,
            [
                "created",
                "in_progress",
                "output_item.added",
                "content_part.added",
                "reasoning_text.delta",
                "reasoning_text.done",
                "content_part.done",
                "output_item.done",
                "output_item.added",
                "function_call_arguments.delta",
                "function_call_arguments.done",
                "output_item.done",
                "output_item.added",
                "content_part.added",
                "output_text.delta",
                "output_text.done",
                "content_part.done",
                "output_item.done",
                "completed",
            ]
        );
        let numbers: Vec<usize> =
            events.iter().filter_map(|event| usize::try_from(event.get("sequence_number")?.as_u64()?).ok()).collect();
        assert!(numbers.into_iter().eq(0..events.len()));
        let message = |event: &&Value| event.get("item_id") == Some(&json!("msg_1"));
        assert!(events.iter().filter(message).all(|event| event.get("output_index") == Some(&json!(2))));
    }
}
