//! Conversations given as JSON, written in the hand-written vocabulary of chat where it can say them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use workers_ai_codegen::{Modality, load, program};

static HOUSE: LazyLock<Modality> =
    LazyLock::new(|| load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/house-models")).unwrap());

/// The request as written, without the layout.
fn written(request: &Value) -> String {
    let text = program(&HOUSE, "@acme/talker", request, false).unwrap();
    let body = text.split_once("let request = ").unwrap().1.split_once("    println!").unwrap().0.to_owned();
    let words = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.replace("( ", "(").replace("[ ", "[").replace(" .", ".").replace(", )", ")").replace(", ]", "]");
    words
        .replace("; let reply = client.house_models().talker(request)", " … ")
        .replace(".await?;", "")
        .trim_end_matches(" … ")
        .to_owned()
}

/// `None` where only JSON can say it.
#[track_caller]
fn check_message(message: Value, expected: Option<&str>) {
    let written = written(&json!({"messages": [message]}));
    match expected {
        Some(expected) => assert_eq!(written, format!("talker::Request::messages([{expected}])"), "{message}"),
        None => assert!(written.starts_with("serde_json::from_value::<talker::Request>("), "{message}: {written}"),
    }
}

/// A parameter beside a conversation; `None` where it is set by its name.
#[track_caller]
fn check_parameter(name: &str, value: Value, expected: Option<&str>) {
    let written = written(&json!({"messages": [{"role": "user", "content": "u"}], name: value}));
    let rest = written.strip_prefix("talker::Request::messages([Message::user(\"u\")])").unwrap();
    match expected {
        Some(expected) => assert_eq!(rest, format!(".{name}({expected})"), "{value}"),
        None => assert!(rest.starts_with(&format!(" … .set(\"{name}\", json!(")), "{value}: {rest}"),
    }
}

#[test]
fn every_role_has_a_constructor() {
    for role in ["system", "developer", "user", "assistant"] {
        check_message(json!({"role": role, "content": "hi"}), Some(&format!("Message::{role}(\"hi\")")));
    }
    check_message(
        json!({"role": "tool", "tool_call_id": "c1", "content": "21"}),
        Some("Message::tool(\"c1\", \"21\")"),
    );
    check_message(json!({"role": "tool", "content": "21"}), None);
    check_message(json!({"role": "narrator", "content": "hi"}), None);
    check_message(json!({"content": "hi"}), None);
    check_message(json!({"role": "user", "content": "hi", "mood": "gay"}), None);
    check_message(json!("hi"), None);
}

#[test]
fn content_is_text_or_parts() {
    check_message(json!({"role": "assistant"}), Some("Message::assistant(\"\")"));
    check_message(json!({"role": "assistant", "content": null}), Some("Message::assistant(\"\")"));
    check_message(json!({"role": "user", "content": 1}), None);
    check_message(json!({"role": "user", "content": []}), None);
    check_message(
        json!({"role": "user", "content": [{"type": "text", "text": "t"}, {"type": "image_url", "image_url": {"url": "u"}}]}),
        Some("Message::user([Part::text(\"t\"), Part::image(\"u\")])"),
    );
    for part in [
        json!({"type": "sound", "text": "t"}),
        json!({"type": "text", "text": "t", "tone": "low"}),
        json!({"type": "text", "text": 1}),
        json!({"text": "t"}),
        json!({"type": "image_url", "image_url": "u"}),
        json!({"type": "image_url", "image_url": {"url": "u", "detail": "low"}}),
        json!({"type": "image_url", "image_url": {"url": "u"}, "text": "t"}),
    ] {
        check_message(json!({"role": "user", "content": [part]}), None);
    }
}

#[test]
fn names_and_tool_calls_follow_the_content() {
    check_message(
        json!({"role": "user", "content": "hi", "name": "Ann"}),
        Some("Message::user(\"hi\").with_name(\"Ann\")"),
    );
    check_message(json!({"role": "user", "content": "hi", "name": 1}), None);
    check_message(
        json!({"role": "assistant", "content": "hi", "tool_calls": null}),
        Some("Message::assistant(\"hi\")"),
    );
    let call = "Message::assistant(\"\").with_tool_calls([ToolCall::new(\"1\", \"look\", json!({\"at\": \"sky\"}))])";
    check_message(
        json!({"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "look", "arguments": "{\"at\": \"sky\"}"}}]}),
        Some(call),
    );
    check_message(
        json!({"role": "assistant", "tool_calls": [{"id": "1", "name": "look", "arguments": {"at": "sky"}}]}),
        Some(call),
    );
    check_message(
        json!({"role": "assistant", "tool_calls": [{"name": "look", "arguments": []}]}),
        Some("Message::assistant(\"\").with_tool_calls([ToolCall::new(\"\", \"look\", json!([]))])"),
    );
    for calls in [
        json!([]),
        json!({}),
        json!([{"name": "look"}]),
        json!([{"arguments": {}}]),
        json!([{"name": "look", "arguments": "not JSON"}]),
    ] {
        check_message(json!({"role": "assistant", "tool_calls": calls}), None);
    }
}

#[test]
fn tools_are_written_from_either_spelling() {
    let function = json!({"name": "look", "description": "Looks.", "parameters": {"type": "object"}});
    let expected = "[Tool::function(\"look\", \"Looks.\", json!({\"type\": \"object\"}))]";
    check_parameter("tools", json!([{"type": "function", "function": function}]), Some(expected));
    check_parameter("tools", json!([function]), Some(expected));
    check_parameter("tools", json!([{"name": "look"}]), Some("[Tool::function(\"look\", \"\", json!(null))]"));
    for tool in [
        json!({"description": "Looks."}),
        json!({"name": "look", "strict": true}),
        json!({"type": "function", "function": function, "strict": true}),
        json!("look"),
    ] {
        check_parameter("tools", json!([tool]), None);
    }
    check_parameter("tools", json!([]), None);
}

#[test]
fn the_choice_of_a_tool_is_a_word_or_a_function() {
    check_parameter("tool_choice", json!("auto"), Some("ToolChoice::Auto"));
    check_parameter("tool_choice", json!("none"), Some("ToolChoice::None"));
    check_parameter("tool_choice", json!("required"), Some("ToolChoice::Required"));
    check_parameter("tool_choice", json!("sometimes"), None);
    check_parameter(
        "tool_choice",
        json!({"type": "function", "function": {"name": "look"}}),
        Some("ToolChoice::function(\"look\")"),
    );
    check_parameter("tool_choice", json!({"type": "function", "function": {"name": "look", "strict": true}}), None);
    check_parameter("tool_choice", json!({"type": "function", "function": {"name": "look"}, "mode": "auto"}), None);
}

#[test]
fn formats_of_answers_are_written_by_their_kind() {
    check_parameter("response_format", json!({"type": "text"}), Some("ResponseFormat::text()"));
    check_parameter("response_format", json!({"type": "json_object"}), Some("ResponseFormat::json_object()"));
    let schema = Some("ResponseFormat::json_schema(json!({\"type\": \"object\"}))");
    check_parameter("response_format", json!({"type": "json_schema", "json_schema": {"type": "object"}}), schema);
    check_parameter(
        "response_format",
        json!({"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}),
        schema,
    );
    // `schema` is no wrapper where it holds no schema.
    check_parameter(
        "response_format",
        json!({"type": "json_schema", "json_schema": {"schema": true}}),
        Some("ResponseFormat::json_schema(json!({\"schema\": true}))"),
    );
    for format in [
        json!({"type": "text", "json_schema": {}}),
        json!({"type": "json_schema"}),
        json!({"type": "xml"}),
        json!({"type": "text", "strict": true}),
        json!("text"),
    ] {
        check_parameter("response_format", format, None);
    }
}

#[test]
fn an_adapter_is_its_name() {
    check_parameter("lora", json!("mine"), Some("\"mine\""));
    check_parameter("lora", json!(1), None);
}
