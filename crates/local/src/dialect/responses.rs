//! OpenAI's newer API: the items of a response, and the events in which they are told.

use serde_json::{Map, Value, json};

use super::openai::response;
use super::{Writer, pieces};
use crate::answer::{Delta, ToolCall, Turn, Usage};

/// What is thought.
pub(super) fn thought(id: &str, text: &str) -> Value {
    let content = [json!({"type": "reasoning_text", "text": text})];
    json!({"id": format!("rs_{id}"), "type": "reasoning", "summary": [], "content": content})
}

/// What is said.
pub(super) fn message(id: &str, text: &str) -> Value {
    let content = [json!({"type": "output_text", "text": text, "annotations": []})];
    json!({
        "id": format!("msg_{id}"), "type": "message", "role": "assistant", "status": "completed", "content": content,
    })
}

/// A call of a tool.
pub(super) fn call(id: &str, index: usize, call: &ToolCall) -> Value {
    json!({
        "id": format!("fc_{index}{id}"), "type": "function_call", "status": "completed",
        "call_id": call.id, "name": call.name, "arguments": call.arguments.to_string(),
    })
}

/// How far a stream has come.
#[derive(Debug, Default)]
pub(super) struct Told {
    events: usize,
    items: usize,
    /// The item that is being filled, as it will be when it is whole.
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Open {
    Thought,
    Message,
}

/// A response is announced, empty.
pub(super) fn begin(writer: &mut Writer) -> Vec<Value> {
    let whole = response(writer, &Turn::default(), &Usage::default());
    let begun = with(&whole, &[("status", json!("in_progress")), ("output", json!([])), ("usage", Value::Null)]);
    vec![
        event(writer, "response.created", json!({"response": begun})),
        event(writer, "response.in_progress", json!({"response": begun})),
    ]
}

/// Items are announced, filled piece by piece, and closed, in the order in which they come.
pub(super) fn tell(writer: &mut Writer, delta: &Delta) -> Vec<Value> {
    match delta {
        Delta::Reasoning(piece) => fill(writer, Open::Thought, piece),
        Delta::Text(piece) => fill(writer, Open::Message, piece),
        Delta::Call(called) => {
            let mut events = close(writer);
            let item = call(&writer.id, writer.turn.calls.len(), called);
            events.extend(call_at_once(writer, &item));
            events
        }
        Delta::End { finish, usage } => {
            let mut events = Vec::new();
            if writer.told.items == 0 && writer.told.open.is_none() {
                // Even a model with nothing to say has a message.
                events.extend(fill(writer, Open::Message, ""));
            }
            events.extend(close(writer));
            let turn = Turn { finish: *finish, ..writer.turn.clone() };
            let whole = response(writer, &turn, usage);
            events.push(event(writer, "response.completed", json!({"response": whole})));
            events
        }
    }
}

/// One more piece of an item, which is opened for it if need be.
fn fill(writer: &mut Writer, kind: Open, piece: &str) -> Vec<Value> {
    let mut events = Vec::new();
    if writer.told.open != Some(kind) {
        events.extend(close(writer));
        writer.told.open = Some(kind);
        let (item, part) = empty(writer, kind);
        let index = writer.told.items;
        let added = with(&item, &[("content", json!([])), ("status", json!("in_progress"))]);
        events.push(event(writer, "response.output_item.added", json!({"output_index": index, "item": added})));
        let at = place(writer, &item);
        events.push(event(writer, "response.content_part.added", with(&at, &[("part", part)])));
    }
    if !piece.is_empty() {
        let at = place(writer, &empty(writer, kind).0);
        let name = format!("response.{}.delta", text_name(kind));
        events.push(event(writer, &name, with(&at, &[("delta", json!(piece))])));
    }
    events
}

/// Closes the item that is open, if one is.
fn close(writer: &mut Writer) -> Vec<Value> {
    let Some(kind) = writer.told.open.take() else { return Vec::new() };
    let text = match kind {
        Open::Thought => writer.turn.reasoning.clone().unwrap_or_default(),
        Open::Message => writer.turn.text.clone(),
    };
    let item = match kind {
        Open::Thought => thought(&writer.id, &text),
        Open::Message => message(&writer.id, &text),
    };
    let at = place(writer, &item);
    let part = item.pointer("/content/0").cloned().unwrap_or_default();
    let index = writer.told.items;
    writer.told.items += 1;
    vec![
        event(writer, &format!("response.{}.done", text_name(kind)), with(&at, &[("text", json!(text))])),
        event(writer, "response.content_part.done", with(&at, &[("part", part)])),
        event(writer, "response.output_item.done", json!({"output_index": index, "item": item})),
    ]
}

/// A call comes as a whole, and is told in pieces all the same.
fn call_at_once(writer: &mut Writer, item: &Value) -> Vec<Value> {
    let index = writer.told.items;
    writer.told.items += 1;
    let added = with(item, &[("arguments", json!("")), ("status", json!("in_progress"))]);
    let mut events = vec![event(writer, "response.output_item.added", json!({"output_index": index, "item": added}))];
    let at = json!({"item_id": item.get("id"), "output_index": index});
    let arguments = item.get("arguments").and_then(Value::as_str).unwrap_or_default();
    for piece in pieces(arguments) {
        let delta = with(&at, &[("delta", json!(piece))]);
        events.push(event(writer, "response.function_call_arguments.delta", delta));
    }
    let done = with(&at, &[("arguments", json!(arguments))]);
    events.push(event(writer, "response.function_call_arguments.done", done));
    events.push(event(writer, "response.output_item.done", json!({"output_index": index, "item": item})));
    events
}

fn text_name(kind: Open) -> &'static str {
    match kind {
        Open::Thought => "reasoning_text",
        Open::Message => "output_text",
    }
}

/// An item without its text, and its one part.
fn empty(writer: &Writer, kind: Open) -> (Value, Value) {
    let item = match kind {
        Open::Thought => thought(&writer.id, ""),
        Open::Message => message(&writer.id, ""),
    };
    let part = item.pointer("/content/0").cloned().unwrap_or_default();
    (item, part)
}

fn place(writer: &Writer, item: &Value) -> Value {
    json!({"item_id": item.get("id"), "output_index": writer.told.items, "content_index": 0})
}

fn event(writer: &mut Writer, kind: &str, members: Value) -> Value {
    let number = writer.told.events;
    writer.told.events += 1;
    with(&members, &[("type", json!(kind)), ("sequence_number", json!(number))])
}

/// The object with these members besides its own, or in their place.
fn with(object: &Value, members: &[(&str, Value)]) -> Value {
    let mut changed: Map<String, Value> = object.as_object().cloned().unwrap_or_default();
    changed.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(changed)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use crate::answer::Finish;
    use crate::dialect::Style;
    use crate::dice::Dice;

    #[test]
    fn items_are_announced_filled_and_closed_in_their_order() {
        let model = crate::Catalog::embedded().unwrap().get("@cf/openai/gpt-oss-120b").unwrap().clone();
        let mut writer = Writer::new(model, Style::Responses, Dice::new(1), false);
        let deltas = [
            Delta::Reasoning("well".to_owned()),
            Delta::Text("h".to_owned()),
            Delta::Text("i".to_owned()),
            Delta::Call(ToolCall { id: "call_1".to_owned(), name: "f".to_owned(), arguments: json!({}) }),
            Delta::End { finish: Finish::ToolCalls, usage: Usage::default() },
        ];
        let mut events = writer.begin(1);
        for delta in deltas {
            events.extend(writer.tell(delta));
        }
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
                "content_part.added",
                "output_text.delta",
                "output_text.delta",
                "output_text.done",
                "content_part.done",
                "output_item.done",
                "output_item.added",
                "function_call_arguments.delta",
                "function_call_arguments.done",
                "output_item.done",
                "completed",
            ]
        );
        let numbers = events.iter().filter_map(|event| event.get("sequence_number")?.as_u64());
        assert!(numbers.eq(0..u64::try_from(events.len()).unwrap()));
        let whole = events.last().and_then(|event| event.pointer("/response/output")).unwrap();
        let done = |event: &&Value| event.get("type") == Some(&json!("response.output_item.done"));
        let items: Vec<&Value> = events.iter().filter(done).filter_map(|event| event.get("item")).collect();
        assert_eq!(items, whole.as_array().unwrap().iter().collect::<Vec<_>>());
        assert_eq!(whole.pointer("/1/content/0/text"), Some(&json!("hi")));
    }
}
