//! Conversations: every form in which models are asked, as OpenAI's API has it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::{Upstream, items, told};
use crate::answer::{Answer, Question, Usage};
use crate::answering::Source;
use crate::dialect::Style;
use crate::input::Input;
use crate::refusal::Refusal;

/// Fields that are written anew, or mean nothing elsewhere.
const OWN: &[&str] = &[
    "prompt",
    "messages",
    "input",
    "instructions",
    "functions",
    "tools",
    "tool_choice",
    "response_format",
    "guided_json",
    "text",
    "reasoning",
    "max_output_tokens",
    "image",
    "lora",
    "raw",
    "model",
    "stream",
    "stream_options",
];

pub(super) async fn answer(upstream: &Upstream, name: &str, question: &Question) -> Result<(Answer, Usage), Refusal> {
    if question.input.fields.get("lora").is_some_and(|lora| !lora.is_null()) {
        return Err(Refusal::source_cannot(Source::Upstream, "fine-tunes", question.model.id()));
    }
    let stream = question.input.stream == Some(true);
    let mut body = body(name, &question.input);
    if stream {
        body.insert("stream".to_owned(), json!(true));
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    let wanted = body.get("response_format").and_then(|format| format.get("type")).and_then(Value::as_str);
    let wants_json = wanted.is_some_and(|kind| kind != "text");
    let request = upstream.post("/chat/completions").json(&body);
    let response = upstream.send(name, request).await?;
    let estimated = crate::synthetic::prompt_tokens(&question.input.fields);
    if stream {
        let telling = told::telling(upstream.base.clone(), response, estimated);
        return Ok((Answer::Telling(telling), Usage::default()));
    }
    let said = response.bytes().await.map_err(|error| upstream.unreachable(&error))?;
    let said: Value = serde_json::from_slice(&said).map_err(|error| {
        Refusal::failed(&format!("the upstream server {} answered no JSON: {error}", upstream.base))
    })?;
    let (mut turn, usage) = told::turn(&said, estimated)?;
    if wants_json && question.style == Style::Classic && turn.calls.is_empty() {
        // The older models give the object itself, and say so where there is none.
        let object = serde_json::from_str(&turn.text).map_err(|_| Refusal::of_code(5024, ""))?;
        turn.object = Some(object);
    }
    Ok((Answer::Turn(turn), usage))
}

/// The request in OpenAI's words.
fn body(name: &str, input: &Input) -> Map<String, Value> {
    let fields = &input.fields;
    let others = fields.iter().filter(|(field, value)| !OWN.contains(&field.as_str()) && !value.is_null());
    let mut body: Map<String, Value> = others.map(|(field, value)| (field.clone(), value.clone())).collect();
    let get = |field: &str| fields.get(field).filter(|value| !value.is_null());
    let mut messages = match (get("messages"), get("input"), get("prompt")) {
        (Some(Value::Array(messages)), _, _) => items::from_messages(messages),
        (_, Some(input), _) => items::from_input(get("instructions"), input),
        (_, _, prompt) => vec![json!({"role": "user", "content": prompt})],
    };
    if let Some(image) = input.bytes("image") {
        show(&mut messages, &image);
    }
    body.insert("model".to_owned(), json!(name));
    body.insert("messages".to_owned(), Value::Array(messages));
    if let Some(tools) = get("tools").or(get("functions")).and_then(Value::as_array).filter(|tools| !tools.is_empty()) {
        body.insert("tools".to_owned(), tools.iter().map(tool).collect());
    }
    if let Some(choice) = get("tool_choice") {
        body.insert("tool_choice".to_owned(), tool_choice(choice));
    }
    let text_format = get("text").and_then(|text| text.get("format"));
    let format = get("response_format").map(response_format).or_else(|| text_format.map(format_of_text));
    let format = format.or_else(|| {
        get("guided_json")
            .map(|schema| json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}))
    });
    if let Some(format) = format {
        body.insert("response_format".to_owned(), format);
    }
    if let Some(effort) =
        get("reasoning").and_then(|reasoning| reasoning.get("effort")).filter(|effort| !effort.is_null())
    {
        body.insert("reasoning_effort".to_owned(), effort.clone());
    }
    if let Some(limit) = get("max_output_tokens") {
        body.insert("max_tokens".to_owned(), limit.clone());
    }
    body
}

/// Puts an image that stands beside the conversation into what the user said last.
fn show(messages: &mut [Value], image: &[u8]) {
    let last = messages.iter_mut().rev().find(|message| message.get("role").and_then(Value::as_str) == Some("user"));
    let Some(content) = last.and_then(|message| message.get_mut("content")) else { return };
    let kind = match image {
        [0x89, b'P', ..] => "image/png",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "image/jpeg",
    };
    let url = format!("data:{kind};base64,{}", BASE64_STANDARD.encode(image));
    let shown = json!({"type": "image_url", "image_url": {"url": url}});
    let mut parts = match content.take() {
        Value::Array(parts) => parts,
        Value::String(text) => vec![json!({"type": "text", "text": text})],
        other => vec![other],
    };
    parts.push(shown);
    *content = Value::Array(parts);
}

/// A tool: flat as the older models and the newer API have it, or wrapped already. The oldest form holds code, which
/// only the service runs; its name is all there is.
fn tool(given: &Value) -> Value {
    if given.get("function").is_some() {
        return given.clone();
    }
    let members = ["name", "description", "parameters", "strict"];
    let function: Map<String, Value> =
        members.iter().filter_map(|name| Some(((*name).to_owned(), given.get(*name)?.clone()))).collect();
    json!({"type": "function", "function": function})
}

fn tool_choice(given: &Value) -> Value {
    match given.get("name") {
        Some(name) if given.get("function").is_none() => json!({"type": "function", "function": {"name": name}}),
        _ => given.clone(),
    }
}

/// The older models take a schema as it is; OpenAI's API wants it named.
fn response_format(given: &Value) -> Value {
    let schema = given.get("json_schema").filter(|schema| schema.get("schema").is_none());
    match schema {
        Some(schema) => json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}),
        None => given.clone(),
    }
}

/// The newer API has the same members without a wrapping.
fn format_of_text(given: &Value) -> Value {
    if given.get("type").and_then(Value::as_str) != Some("json_schema") {
        return given.clone();
    }
    let members = ["name", "description", "schema", "strict"];
    let schema: Map<String, Value> =
        members.iter().filter_map(|name| Some(((*name).to_owned(), given.get(*name)?.clone()))).collect();
    json!({"type": "json_schema", "json_schema": schema})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: Value, expected: Value) {
        let input = Input { fields: fields.as_object().cloned().unwrap_or_default(), ..Input::default() };
        assert_eq!(Value::Object(body("m", &input)), expected);
    }

    #[test]
    fn a_prompt_is_what_a_user_says() {
        check(
            json!({"prompt": "hi", "top_k": 3, "temperature": 0.5, "raw": true, "seed": null}),
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "top_k": 3, "temperature": 0.5}),
        );
    }

    #[test]
    fn flat_tools_and_plain_schemas_are_wrapped() {
        let schema = json!({"type": "object"});
        check(
            json!({
                "messages": [{"role": "user", "content": "hi"}],
                "tools": [{"name": "f", "description": "d", "parameters": schema}],
                "response_format": {"type": "json_schema", "json_schema": schema},
            }),
            json!({
                "model": "m",
                "messages": [{"role": "user", "content": "hi"}],
                "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": schema}}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}},
            }),
        );
    }

    #[test]
    fn the_newer_api_is_said_in_the_older_one() {
        check(
            json!({
                "input": "hi", "instructions": "be brief", "max_output_tokens": 5, "reasoning": {"effort": "low"},
                "text": {"format": {"type": "json_schema", "name": "n", "schema": {}}},
                "tools": [{"type": "function", "name": "f", "parameters": {}}],
                "tool_choice": {"type": "function", "name": "f"},
            }),
            json!({
                "model": "m", "max_tokens": 5, "reasoning_effort": "low",
                "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}},
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
                "tool_choice": {"type": "function", "function": {"name": "f"}},
            }),
        );
    }

    #[test]
    fn an_image_beside_the_prompt_is_shown_with_it() {
        check(
            json!({"prompt": "what?", "image": [0x89, 80, 78, 71]}),
            json!({"model": "m", "messages": [{"role": "user", "content": [
                {"type": "text", "text": "what?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
            ]}]}),
        );
    }
}
