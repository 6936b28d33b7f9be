//! Turns of a conversation: an honest echo, JSON by schema, calls of tools.

use std::io;

use serde_json::{Map, Value, json};

use super::{Asked, excerpt};
use crate::answer::{Answer, Finish, ToolCall, Turn, Usage, tokens};
use crate::dialect::{Style, arms, property};
use crate::sample::Sampler;

/// What the older models write at most unless told otherwise.
const CLASSIC_LIMIT: u64 = 256;

pub(super) fn answer(asked: &Asked<'_>, style: Style) -> (Answer, Usage) {
    let fields = &asked.input.fields;
    let talk = Talk::of(fields);
    let mut turn = turn(asked, &talk, style);
    let limit =
        ["max_tokens", "max_completion_tokens", "max_output_tokens"].iter().find_map(|name| asked.input.integer(name));
    let limit = limit.or((style == Style::Classic).then_some(CLASSIC_LIMIT));
    if let Some(limit) = limit {
        cut(&mut turn, limit);
    }
    let spoken = turn.calls.iter().map(|call| tokens(&call.arguments.to_string()).saturating_add(2)).sum::<u64>()
        + tokens(&turn.text)
        + tokens(turn.reasoning.as_deref().unwrap_or_default());
    let usage = Usage { input_tokens: prompt_tokens(fields), output_tokens: spoken, ..Usage::default() };
    (Answer::Turn(turn), usage)
}

/// Tokens of everything the model is told, tools included.
pub(crate) fn prompt_tokens(fields: &Map<String, Value>) -> u64 {
    let told = ["prompt", "messages", "input", "tools", "functions", "instructions"];
    told.iter()
        .filter_map(|name| fields.get(*name))
        .map(|value| match value {
            Value::String(text) => tokens(text),
            other => tokens_as_json(other),
        })
        .sum::<u64>()
        .max(1)
}

/// Tokens of what a value is in JSON, which nobody needs to see.
fn tokens_as_json(value: &Value) -> u64 {
    struct Letters(usize);

    impl io::Write for Letters {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // Every letter has one byte that does not go on with another.
            self.0 += bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut letters = Letters(0);
    // Neither the value nor counting can fail.
    let _ = serde_json::to_writer(&mut letters, value);
    u64::try_from(letters.0.div_ceil(4)).unwrap_or(u64::MAX)
}

/// What matters of a conversation: who spoke last, and what was said.
struct Talk {
    role: String,
    text: String,
    /// Images that were shown with it.
    images: usize,
}

impl Talk {
    fn of(fields: &Map<String, Value>) -> Self {
        let plain = |text: &str| Self { role: "user".to_owned(), text: text.to_owned(), images: 0 };
        if let Some(prompt) = fields.get("prompt").and_then(Value::as_str) {
            return plain(prompt);
        }
        if let Some(Value::String(input)) = fields.get("input") {
            return plain(input);
        }
        let messages = fields.get("messages").or_else(|| fields.get("input")).and_then(Value::as_array);
        let Some(last) = messages.and_then(|messages| messages.last()) else { return plain("") };
        let role = match (last.get("role").and_then(Value::as_str), last.get("type").and_then(Value::as_str)) {
            (_, Some("function_call_output")) => "tool",
            (Some(role), _) => role,
            _ => "user",
        };
        let content = last.get("content").or_else(|| last.get("output")).unwrap_or(&Value::Null);
        let parts = content.as_array().map(Vec::as_slice).unwrap_or_default();
        let images = parts
            .iter()
            .filter(|part| part.get("type").and_then(Value::as_str).is_some_and(|kind| kind.contains("image")))
            .count();
        let spoken: Vec<&str> = parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
        let mut text = content.as_str().map_or_else(|| spoken.join(" "), str::to_owned);
        if role == "tool" {
            // Tools that were called together have all answered.
            let answers = messages.into_iter().flatten().rev().map_while(answer_of_tool);
            let mut answers: Vec<&str> = answers.collect();
            answers.reverse();
            if answers.len() > 1 {
                text = answers.join("; ");
            }
        }
        Self { role: role.to_owned(), text, images }
    }
}

/// What a tool said, if this is a message in which one does.
fn answer_of_tool(message: &Value) -> Option<&str> {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    match (text("role"), text("type")) {
        (Some("tool"), _) => text("content"),
        (_, Some("function_call_output")) => text("output"),
        _ => None,
    }
}

fn turn(asked: &Asked<'_>, talk: &Talk, style: Style) -> Turn {
    let fields = &asked.input.fields;
    let reasoning = reasoning(asked, talk);
    if let Some(calls) = calls(asked, talk) {
        return Turn {
            calls,
            finish: Finish::ToolCalls,
            reasoning: reasoning.filter(|_| style != Style::Classic),
            ..Turn::default()
        };
    }
    if let Some(object) = wanted_object(asked, fields, talk) {
        let text = object.to_string();
        return Turn {
            text,
            object: Some(object),
            reasoning: reasoning.filter(|_| style != Style::Classic),
            ..Turn::default()
        };
    }
    if is_guard(asked) {
        return Turn { text: "safe".to_owned(), ..Turn::default() };
    }
    // A completion of text has no place for thoughts.
    let reasoning = reasoning.filter(|_| style != Style::TextCompletion);
    Turn { text: words(asked, talk), reasoning, ..Turn::default() }
}

fn words(asked: &Asked<'_>, talk: &Talk) -> String {
    let name = asked.model.id().rsplit('/').next().unwrap_or_default();
    let mut dice = asked.dice.clone();
    let said = excerpt(&talk.text, 160);
    let heard = match (talk.role.as_str(), said.is_empty()) {
        ("tool", _) => format!("The tool answered: {said}"),
        (_, true) => "You said nothing in words.".to_owned(),
        (_, false) => format!("You said: \"{said}\""),
    };
    let seen = match talk.images {
        0 => String::new(),
        1 => " You showed one image.".to_owned(),
        count => format!(" You showed {count} images."),
    };
    let ends = [
        "The same words always get this same answer.",
        "Its form is that of the real service, its content is not.",
        "Nothing was sent anywhere and nothing was billed.",
        "Ask the real model for a real answer.",
    ];
    let end = dice.pick(&ends).unwrap_or_default();
    format!("This is a synthetic answer from the local Workers AI in place of {name}. {heard}{seen} {end}")
}

/// What the model thinks, unless it does not think or is told not to.
fn reasoning(asked: &Asked<'_>, talk: &Talk) -> Option<String> {
    let fields = &asked.input.fields;
    let effort = fields.get("reasoning_effort").or_else(|| fields.get("reasoning")?.get("effort"));
    let template = |name: &str| fields.get("chat_template_kwargs").and_then(|kwargs| kwargs.get(name));
    let off = effort.and_then(Value::as_str) == Some("none")
        || ["enable_thinking", "thinking"].into_iter().any(|name| template(name) == Some(&Value::Bool(false)));
    (asked.model.facts().flag("reasoning") && !off).then(|| {
        format!(
            "Nothing is thought here; a real model would consider {} characters of input.",
            talk.text.chars().count()
        )
    })
}

/// A model whose only answers are verdicts, such as llama-guard.
fn is_guard(asked: &Asked<'_>) -> bool {
    guard_verdict(asked).is_some()
}

/// The schema of a guard's verdict in JSON.
fn guard_verdict<'a>(asked: &'a Asked<'_>) -> Option<&'a Value> {
    let output = &asked.model.facts().schema.as_ref()?.output;
    let responses = arms(output).into_iter().filter_map(|arm| property(arm, "response"));
    responses.flat_map(arms).find(|arm| property(arm, "safe").is_some())
}

/// The object that JSON mode asks for.
fn wanted_object(asked: &Asked<'_>, fields: &Map<String, Value>, talk: &Talk) -> Option<Value> {
    let by_schema = |schema: &Value| Some(Sampler::new(schema, asked.dice.clone()).full().about(&topic(talk)).value());
    match json_format(fields)? {
        JsonFormat::Schema(schema) => by_schema(schema),
        JsonFormat::Any if is_guard(asked) => Some(json!({"safe": true, "categories": []})),
        JsonFormat::Any => Some(json!({"answer": words(asked, talk)})),
    }
}

/// The JSON that an answer must be.
pub(crate) enum JsonFormat<'a> {
    /// Any object.
    Any,
    /// What satisfies a schema.
    Schema(&'a Value),
}

/// What JSON mode asks for, if it is on.
pub(crate) fn json_format(fields: &Map<String, Value>) -> Option<JsonFormat<'_>> {
    if let Some(schema) = fields.get("guided_json").filter(|schema| schema.is_object()) {
        return Some(JsonFormat::Schema(schema));
    }
    let format = fields.get("response_format").or_else(|| fields.get("text")?.get("format"))?;
    match format.get("type").and_then(Value::as_str)? {
        "json_schema" => {
            let given = format.get("json_schema").unwrap_or(format);
            // Bare on the older models, wrapped as {name, strict, schema} on the newer ones.
            Some(JsonFormat::Schema(given.get("schema").filter(|schema| schema.is_object()).unwrap_or(given)))
        }
        "json_object" => Some(JsonFormat::Any),
        _ => None,
    }
}

/// A word of the user's that could be the value of something: the last name, else the last word.
fn topic(talk: &Talk) -> String {
    let clean = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned();
    let words: Vec<String> = talk.text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect();
    let named = words
        .iter()
        .skip(1)
        .rfind(|word| word.chars().count() > 1 && word.chars().next().is_some_and(char::is_uppercase));
    named.or(words.last()).cloned().unwrap_or_else(|| "example".to_owned())
}

/// Calls the tool that must be called; else, when the user has just spoken, the tools whose names the user mentions, or the
/// first.
fn calls(asked: &Asked<'_>, talk: &Talk) -> Option<Vec<ToolCall>> {
    let fields = &asked.input.fields;
    let tools = fields.get("tools").or_else(|| fields.get("functions")).and_then(Value::as_array)?;
    let functions: Vec<&Value> = tools.iter().map(|tool| tool.get("function").unwrap_or(tool)).collect();
    let choice = fields.get("tool_choice");
    let named = choice
        .and_then(|choice| choice.pointer("/function/name").or_else(|| choice.get("name")))
        .and_then(Value::as_str);
    let first = functions.get(..1).unwrap_or_default();
    let chosen: Vec<&Value> = match (choice.and_then(Value::as_str), named) {
        (Some("none"), _) => return None,
        (_, Some(name)) => functions.into_iter().filter(|function| name_of(function) == Some(name)).take(1).collect(),
        (Some("required"), _) => first.to_vec(),
        _ if talk.role == "user" => {
            let several = fields.get("parallel_tool_calls") != Some(&Value::Bool(false));
            let mentioned = functions.iter().copied().filter(|function| is_mentioned(function, &talk.text));
            let mentioned: Vec<&Value> = mentioned.take(if several { usize::MAX } else { 1 }).collect();
            if mentioned.is_empty() { first.to_vec() } else { mentioned }
        }
        _ => return None,
    };
    let nothing = json!({"type": "object"});
    let mut dice = asked.dice.clone();
    let calls = chosen.into_iter().filter_map(|function| {
        let parameters = function.get("parameters").filter(|parameters| parameters.is_object()).unwrap_or(&nothing);
        let arguments = Sampler::new(parameters, asked.dice.clone()).about(&topic(talk)).value();
        Some(ToolCall { id: format!("chatcmpl-tool-{}", dice.hex(32)), name: name_of(function)?.to_owned(), arguments })
    });
    let calls: Vec<ToolCall> = calls.collect();
    (!calls.is_empty()).then_some(calls)
}

fn name_of(function: &Value) -> Option<&str> {
    function.get("name").and_then(Value::as_str)
}

/// Whether one of the words in a tool's name stands in the text.
fn is_mentioned(function: &Value, text: &str) -> bool {
    let said: Vec<String> = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect();
    let words = name_of(function).unwrap_or_default().split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.len() > 2).any(|word| said.contains(&word.to_lowercase()))
}

/// Ends the turn where its tokens run out: first the thoughts are paid for, then the words.
fn cut(turn: &mut Turn, limit: u64) {
    let thought = tokens(turn.reasoning.as_deref().unwrap_or_default());
    if thought.saturating_add(tokens(&turn.text)) <= limit || !turn.calls.is_empty() {
        return;
    }
    turn.finish = Finish::Length;
    turn.object = None;
    let letters = |tokens: u64| usize::try_from(tokens.saturating_mul(4)).unwrap_or(usize::MAX);
    if let Some(reasoning) = &mut turn.reasoning {
        *reasoning = reasoning.chars().take(letters(limit)).collect();
    }
    turn.text = turn.text.chars().take(letters(limit.saturating_sub(thought))).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_without_being_written() {
        for value in [json!(null), json!("déjà vu – 日本語 🌊 \n\"quoted\""), json!({"a": [1, 2.5, {"ü": "é"}]})]
        {
            assert_eq!(tokens_as_json(&value), tokens(&value.to_string()), "{value}");
        }
    }
}
