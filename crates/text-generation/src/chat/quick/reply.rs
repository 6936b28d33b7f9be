//! Replies of the classic models and chat completions, with text in them.

use serde_json::{Map, Value};
use workers_ai_client::wire::Cursor;

use super::{
    super::{
        classic::{Classic, Response},
        completion::{ChatCompletion, Choice, CompletionMessage},
        finish_reason::FinishReason,
        reply::Reply,
    },
    Seen, list, nothing, text, usage, whole,
};

/// The reply, if it is one of those that are read here.
pub(in super::super) fn read(json: &str) -> Option<Reply> {
    let mut cursor = Cursor::new(json);
    let mut reply = ChatCompletion::default();
    let (mut response, mut choices) = (None, None);
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "response" if seen.first(0) => response = said(&mut cursor)?,
            "tool_calls" if seen.first(1) => nothing(&mut cursor)?,
            "usage" if seen.first(2) => reply.usage = usage(&mut cursor)?,
            "choices" if seen.first(3) => choices = Some(list(&mut cursor, read_choice)?),
            "id" if seen.first(4) => reply.id = text(&mut cursor)?,
            "object" if seen.first(5) => reply.object = text(&mut cursor)?,
            "created" if seen.first(6) => reply.created = whole(&mut cursor)?,
            "model" if seen.first(7) => reply.model = text(&mut cursor)?,
            "system_fingerprint" if seen.first(8) => reply.system_fingerprint = text(&mut cursor)?,
            // These are for serde: of the Responses interface, or twice the same.
            "response" | "tool_calls" | "usage" | "choices" | "id" | "object" | "created" | "model"
            | "system_fingerprint" | "output" => return None,
            _ => keep(&mut reply.fields, name, &mut cursor)?,
        }
    }
    cursor.end()?;
    let (classic, completion) = (seen.any(0..=1), seen.any(4..=8));
    match choices {
        Some(choices) if !classic && reply.object.as_deref() != Some("text_completion") => {
            Some(Reply::Completion(ChatCompletion { choices, ..reply }))
        }
        None if classic && !completion => {
            Some(Reply::Classic(Classic { response, usage: reply.usage, fields: reply.fields, ..Classic::default() }))
        }
        _ => None,
    }
}

fn read_choice(cursor: &mut Cursor<'_>) -> Option<Choice> {
    let mut choice = Choice::default();
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "index" if seen.first(0) => choice.index = whole(cursor)?,
            "message" if seen.first(1) => choice.message = read_message(cursor)?,
            "finish_reason" if seen.first(2) => {
                choice.finish_reason = text(cursor)?.map(|reason| FinishReason::from(reason.as_str()));
            }
            "logprobs" if seen.first(3) => choice.logprobs = serde_json::from_str(cursor.value()?).ok()?,
            // A text completion, or twice the same.
            "index" | "message" | "finish_reason" | "logprobs" | "text" => return None,
            _ => keep(&mut choice.fields, name, cursor)?,
        }
    }
    Some(choice)
}

fn read_message(cursor: &mut Cursor<'_>) -> Option<CompletionMessage> {
    let mut message = CompletionMessage::default();
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "role" if seen.first(0) => message.role = text(cursor)?,
            "content" if seen.first(1) => message.content = text(cursor)?,
            "refusal" if seen.first(2) => message.refusal = text(cursor)?,
            "reasoning" if seen.first(3) => message.reasoning = text(cursor)?,
            "reasoning_content" if seen.first(4) => message.reasoning_content = text(cursor)?,
            "tool_calls" if seen.first(5) => nothing(cursor)?,
            "annotations" if seen.first(6) => nothing(cursor)?,
            "audio" | "function_call" if cursor.null() => {}
            "role" | "content" | "refusal" | "reasoning" | "reasoning_content" | "tool_calls" | "annotations"
            | "audio" | "function_call" => return None,
            _ => keep(&mut message.fields, name, cursor)?,
        }
    }
    Some(message)
}

/// What a classic model said: text, or other JSON.
fn said(cursor: &mut Cursor<'_>) -> Option<Option<Response>> {
    let mut ahead = cursor.clone();
    if let Some(text) = text(&mut ahead) {
        *cursor = ahead;
        return Some(text.map(Response::Text));
    }
    Some(Some(Response::Json(serde_json::from_str(cursor.value()?).ok()?)))
}

/// Keeps a field that is not known.
fn keep(fields: &mut Map<String, Value>, name: &str, cursor: &mut Cursor<'_>) -> Option<()> {
    fields.insert(name.to_owned(), serde_json::from_str(cursor.value()?).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str) {
        let expected = serde_json::from_str::<Reply>(json).ok();
        assert!(expected.is_some());
        assert_eq!(read(json), expected, "{json}");
    }

    #[track_caller]
    fn check_left(json: &str) {
        assert_eq!(read(json), None, "{json}");
    }

    #[test]
    fn classic_replies_are_read_as_serde_reads_them() {
        check(r#"{"response":"Blue.","tool_calls":[],"usage":{"prompt_tokens":16,"total_tokens":20.0,"neurons":0.5}}"#);
        check(r#" { "response" : "\u00e9\n\"é\" 🦊" , "tool_calls" : null , "finish" : "soon" } "#);
        check(r#"{"response":null,"usage":null}"#);
        check(r#"{"tool_calls":[]}"#);
        check(r#"{"response":{"city":"Lisbon","hours":[1,-2.5e3,null]},"other":{"a":[]}}"#);
        check(r#"{"response":7}"#);
        check(r#"{"response":"","response_time":0.25,"response_time":0.5}"#);
    }

    #[test]
    fn chat_completions_are_read_as_serde_reads_them() {
        check(
            r#"{"id":"chatcmpl-1","object":"chat.completion","created":1764115200,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Sea","refusal":null,"annotations":null,"audio":null,"function_call":null,"tool_calls":[],"reasoning_content":null},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":{"prompt_tokens":16,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":8}},"service_tier":null,"system_fingerprint":null,"prompt_logprobs":null}"#,
        );
        check(
            r#"{"choices":[{"message":{"content":null,"reasoning":"Hm"},"logprobs":{"content":[{"token":"a","logprob":-0.5}]},"finish_reason":"bored"},{}]}"#,
        );
        check(r#"{"choices":[]}"#);
        check(r#"{"object":null,"choices":[{"message":{}}],"created":null}"#);
    }

    #[test]
    fn everything_else_is_left_to_serde() {
        for json in [
            "",
            "7",
            "{",
            "{}",
            "[]",
            r#"{"other":1}"#,
            r#"{"usage":{}}"#,
            r#"{"response":"a"}x"#,
            r#"{"response":"a","response":"b"}"#,
            r#"{"response":"a}"#,
            r#"{"response":"a","other":tru}"#,
            r#"{"response":"a","model":"m"}"#,
            r#"{"response":"a","choices":[]}"#,
            r#"{"response":"a","output":[]}"#,
            r#"{"tool_calls":[{"name":"weather"}]}"#,
            r#"{"output":[],"object":"response"}"#,
            r#"{"object":"text_completion","choices":[]}"#,
            r#"{"choices":[{"text":"a"}]}"#,
            r#"{"choices":null}"#,
            r#"{"choices":[],"tool_calls":[]}"#,
            r#"{"choices":[{"index":0.0}]}"#,
            r#"{"choices":[{"index":0,"index":0}]}"#,
            r#"{"choices":[{"message":null}]}"#,
            r#"{"choices":[{"message":{"content":["a"]}}]}"#,
            r#"{"choices":[{"message":{"content":"a","content":"b"}}]}"#,
            r#"{"choices":[{"message":{"tool_calls":[{"id":"1"}]}}]}"#,
            r#"{"choices":[{"message":{"audio":{"id":"1"}}}]}"#,
            r#"{"choices":[{"message":{"annotations":[{}]}}]}"#,
            r#"{"created":1.5,"choices":[]}"#,
        ] {
            check_left(json);
        }
    }
}
