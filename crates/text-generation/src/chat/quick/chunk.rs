//! Chunks: a few fields that everybody sends, with text in them.

use workers_ai_client::wire::Cursor;

use super::{
    super::{
        chunk::{Chunk, ChunkChoice, ClassicChunk, CompletionChunk, Delta},
        classic::Response,
        finish_reason::FinishReason,
    },
    Seen, list, nothing, text, usage, whole,
};

/// The chunk, if it is one of the usual.
pub(crate) fn read(json: &str) -> Option<Chunk> {
    let mut cursor = Cursor::new(json);
    let mut chunk = CompletionChunk::default();
    let mut choices = None;
    let mut response = None;
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "response" if seen.first(0) => response = text(&mut cursor)?,
            "choices" if seen.first(1) => choices = Some(list(&mut cursor, read_choice)?),
            "id" if seen.first(2) => chunk.id = text(&mut cursor)?,
            "object" if seen.first(3) => chunk.object = text(&mut cursor)?,
            "model" if seen.first(4) => chunk.model = text(&mut cursor)?,
            "created" if seen.first(5) => chunk.created = whole(&mut cursor)?,
            "usage" if seen.first(6) => chunk.usage = usage(&mut cursor)?,
            "tool_calls" if seen.first(7) => nothing(&mut cursor)?,
            // These are for serde: of the Responses interface, or twice the same.
            "response" | "choices" | "id" | "object" | "model" | "created" | "usage" | "tool_calls" | "type"
            | "delta" | "output" => return None,
            _ => cursor.skip()?,
        }
    }
    cursor.end()?;
    Some(match choices {
        Some(choices) => Chunk::Completion(CompletionChunk { choices, ..chunk }),
        None => {
            let response = response.map(Response::Text);
            Chunk::Classic(ClassicChunk { response, usage: chunk.usage, ..ClassicChunk::default() })
        }
    })
}

fn read_choice(cursor: &mut Cursor<'_>) -> Option<ChunkChoice> {
    let mut choice = ChunkChoice::default();
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "index" if seen.first(0) => choice.index = whole(cursor)?,
            "delta" if seen.first(1) => choice.delta = read_delta(cursor)?,
            "text" if seen.first(2) => choice.text = text(cursor)?,
            "finish_reason" if seen.first(3) => {
                choice.finish_reason = text(cursor)?.map(|reason| FinishReason::from(reason.as_str()));
            }
            "index" | "delta" | "text" | "finish_reason" | "message" => return None,
            _ => cursor.skip()?,
        }
    }
    Some(choice)
}

fn read_delta(cursor: &mut Cursor<'_>) -> Option<Delta> {
    let mut delta = Delta::default();
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "content" if seen.first(0) => delta.content = text(cursor)?,
            "reasoning_content" if seen.first(1) => delta.reasoning_content = text(cursor)?,
            "reasoning" if seen.first(2) => delta.reasoning = text(cursor)?,
            "role" if seen.first(3) => delta.role = text(cursor)?,
            "refusal" if seen.first(4) => delta.refusal = text(cursor)?,
            "tool_calls" if seen.first(5) => nothing(cursor)?,
            "content" | "reasoning_content" | "reasoning" | "role" | "refusal" | "tool_calls" => return None,
            _ => cursor.skip()?,
        }
    }
    Some(delta)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read here, and as serde reads it.
    #[track_caller]
    fn check(json: &str) {
        let expected = serde_json::from_str::<Chunk>(json).ok();
        assert!(expected.is_some());
        assert_eq!(read(json), expected, "{json}");
    }

    /// Left to serde.
    #[track_caller]
    fn check_left(json: &str) {
        assert_eq!(read(json), None, "{json}");
    }

    #[test]
    fn classic_chunks_are_read_as_serde_reads_them() {
        check(r#"{"response":"Blue","p":"abdefghijk"}"#);
        check(r#"{"response":"","usage":{"prompt_tokens":16,"completion_tokens":4.0,"neurons":0.5},"tool_calls":[]}"#);
        check(r#" { "response" : "\u00e9\n\"é\" 🦊" , "tool_calls" : null } "#);
        check(r#"{"response":null}"#);
        check("{}");
        check(r#"{"p":[{"a":"]"}],"other":-1.5e3,"response":"x","usage":null}"#);
        check(r#"{"usage":"much"}"#);
    }

    #[test]
    fn completion_chunks_are_read_as_serde_reads_them() {
        check(
            r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764115200,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Sea","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}"#,
        );
        check(
            r#"{"choices":[{"index":1,"delta":{"reasoning":"Hm","reasoning_content":"","tool_calls":[]},"finish_reason":"stop"}]}"#,
        );
        check(r#"{"choices":[{"text":"a b","finish_reason":"bored"},{}],"p":"abc","usage":{"total_tokens":13}}"#);
        check(r#"{"choices":[],"created":null}"#);
    }

    #[test]
    fn everything_else_is_left_to_serde() {
        for json in [
            "",
            "7",
            "{",
            "[]",
            r#"{"response":{"city":"Lisbon"}}"#,
            r#"{"response":7}"#,
            r#"{"response":"a"}x"#,
            r#"{"response":"a","response":"b"}"#,
            r#"{"response":"a}"#,
            r#"{"response":"\x"}"#,
            "{\"response\":\"a\nb\"}",
            r#"{"response":"a","p":tru}"#,
            r#"{"response":"a","p":[1,}"#,
            r#"{"type":"response.output_text.delta","delta":"Sea"}"#,
            r#"{"output":[]}"#,
            r#"{"choices":[{"delta":{"content":["a"]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#,
            r#"{"choices":[{"delta":null}]}"#,
            r#"{"choices":[{"message":{"content":"a"}}]}"#,
            r#"{"choices":[{"index":0.0}]}"#,
            r#"{"choices":null}"#,
            r#"{"created":1.5}"#,
            r#"{"created":+1}"#,
            r#"{"created":01}"#,
            r#"{"tool_calls":[{"name":"weather"}]}"#,
        ] {
            check_left(json);
        }
    }
}
