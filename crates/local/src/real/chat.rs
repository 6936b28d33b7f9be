//! Conversations, told as they are written.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use workers_ai_inference::{Engine, Finish as Ended, GenerateRequest, Generated, Message, Task};

use super::{count, fidelity, refusal};
use crate::answer::{Answer, Delta, Finish, Question, Reply, Telling, ToolCall, Turn, Usage};
use crate::dialect::Style;
use crate::dice::Dice;
use crate::input::Input;
use crate::refusal::Refusal;
use crate::synthetic::{JsonFormat, json_format, prompt_tokens};

/// What the newer models may write where nothing is said; they have no cap, and a CPU has no patience.
const MOST_TOKENS: usize = 2048;

/// How many pieces may wait for a program that reads slowly.
const AHEAD: usize = 32;

/// Between these, models write the tools that they call.
const CALL: (&str, &str) = ("<tool_call>", "</tool_call>");

pub(super) async fn answer(engine: &Engine, question: Question) -> Result<Reply, Refusal> {
    let request = request(&question.input, question.style)?;
    let wants_object = request.schema.is_some();
    let model = Arc::clone(&question.model);
    let matched = engine.supports(model.id(), Task::Generation);
    let fidelity = matched.map(fidelity).ok_or_else(|| Refusal::failed("there are no weights"))?;
    if wants_object || !request.tools.is_empty() {
        // What is called, and which object was made, is known at the end only.
        let (engine, tools) = (engine.clone(), names(&request.tools));
        let made = tokio::task::spawn_blocking(move || {
            let made = engine.generate(model.id(), &request, |_| ControlFlow::Continue(()));
            let made = made.map_err(|error| refusal(model.id(), &error))?;
            Ok::<_, Refusal>((made, question.input.dice(model.id(), 1)))
        });
        let (made, dice) = made.await.map_err(|error| Refusal::failed(&error.to_string()))??;
        let (turn, usage) = (turn(&made, wants_object, &tools, dice), usage(&made));
        return Ok(Reply { answer: Answer::Turn(turn), usage, fidelity });
    }
    let (tell, deltas) = mpsc::channel(AHEAD);
    let engine = engine.clone();
    // Goes on by itself, and ends when nobody listens any more.
    tokio::task::spawn_blocking(move || {
        let made = engine.generate(model.id(), &request, |piece| {
            match tell.blocking_send(Ok(Delta::Text(piece.to_owned()))) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        let end = match made {
            Ok(made) => Ok(Delta::End { finish: finish(&made), usage: usage(&made) }),
            Err(error) => Err(refusal(model.id(), &error)),
        };
        // A program that has gone need not be told.
        let _ = tell.blocking_send(end);
    });
    let input_tokens = prompt_tokens(&question.input.fields);
    let mut deltas = Deltas { first: None, rest: deltas };
    // A failure before the first word is a failure of the call, not of the stream.
    match deltas.rest.recv().await {
        Some(Err(refusal)) => return Err(refusal),
        Some(Ok(first)) => deltas.first = Some(first),
        None => return Err(Refusal::failed("the model stopped")),
    }
    let telling = Telling { input_tokens, deltas: Box::pin(deltas) };
    Ok(Reply { answer: Answer::Telling(telling), usage: Usage::default(), fidelity })
}

struct Deltas {
    first: Option<Delta>,
    rest: mpsc::Receiver<Result<Delta, Refusal>>,
}

impl Stream for Deltas {
    type Item = Result<Delta, Refusal>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => self.rest.poll_recv(context),
        }
    }
}

/// The request as the engine takes it.
fn request(input: &Input, style: Style) -> Result<GenerateRequest, Refusal> {
    let fields = &input.fields;
    let mut request = match (input.text("prompt"), fields.get("raw")) {
        (Some(prompt), Some(Value::Bool(true))) => GenerateRequest::raw(prompt),
        (Some(prompt), _) => GenerateRequest::chat([Message::new("user", prompt)]),
        (None, _) => GenerateRequest::chat(messages(fields)?),
    };
    let number = |name: &str| fields.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_possible_truncation, reason = "single precision is what models compute in")]
    let single = |name: &str| number(name).map(|number| number as f32);
    let whole = |name: &str| input.integer(name).and_then(|number| usize::try_from(number).ok());
    let limit = ["max_tokens", "max_completion_tokens", "max_output_tokens"].into_iter().find_map(whole);
    if style != Style::Classic {
        request.max_tokens = MOST_TOKENS;
    }
    request.max_tokens = limit.unwrap_or(request.max_tokens);
    request.temperature = single("temperature").unwrap_or(request.temperature);
    request.top_p = single("top_p").filter(|share| *share > 0.0 && *share <= 1.0);
    request.top_k = whole("top_k");
    request.seed = input.integer("seed");
    request.repetition_penalty = single("repetition_penalty").filter(|penalty| *penalty > 0.0);
    request.frequency_penalty = single("frequency_penalty");
    request.presence_penalty = single("presence_penalty");
    request.stop = match fields.get("stop") {
        Some(Value::String(stop)) => vec![stop.clone()],
        Some(Value::Array(stops)) => stops.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    request.schema = json_format(fields).map(|format| match format {
        JsonFormat::Schema(schema) => schema.clone(),
        JsonFormat::Any => json!({"type": "object"}),
    });
    if fields.get("tool_choice").and_then(Value::as_str) != Some("none") {
        request.tools = fields.get("tools").and_then(Value::as_array).into_iter().flatten().map(nested).collect();
    }
    Ok(request)
}

/// The conversation; what is no text in it is left out, since these models read nothing else.
fn messages(fields: &Map<String, Value>) -> Result<Vec<Message>, Refusal> {
    let told = fields.get("messages").or_else(|| fields.get("input"));
    let instructions = fields.get("instructions").and_then(Value::as_str).map(|text| Message::new("system", text));
    let mut messages: Vec<Message> = instructions.into_iter().collect();
    match told {
        Some(Value::String(text)) => messages.push(Message::new("user", text)),
        Some(Value::Array(turns)) => messages.extend(turns.iter().map(message)),
        _ => {}
    }
    if messages.is_empty() { Err(Refusal::bad_input("there is no conversation")) } else { Ok(messages) }
}

fn message(turn: &Value) -> Message {
    let role = match (turn.get("role").and_then(Value::as_str), turn.get("type").and_then(Value::as_str)) {
        (_, Some("function_call_output")) => "tool",
        (_, Some("function_call")) => "assistant",
        // What the newer models call a developer.
        (Some("developer"), _) => "system",
        (Some(role), _) => role,
        _ => "user",
    };
    let content = turn.get("content").or_else(|| turn.get("output")).unwrap_or(&Value::Null);
    let parts = content.as_array().into_iter().flatten();
    let spoken: Vec<&str> = parts.filter_map(|part| part.get("text")?.as_str()).collect();
    let mut text = content.as_str().map_or_else(|| spoken.join("\n"), str::to_owned);
    let calls = turn.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    for call in calls.chain(turn.get("arguments").map(|_| turn)) {
        let function = call.get("function").unwrap_or(call);
        let arguments = match function.get("arguments") {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            arguments => arguments.cloned().unwrap_or_default(),
        };
        let call = json!({"name": function.get("name"), "arguments": arguments});
        text.push_str(&format!("{}\n{call}\n{}", CALL.0, CALL.1));
    }
    Message::new(role, text)
}

/// A tool in OpenAI's form, whichever it came in.
fn nested(tool: &Value) -> Value {
    if tool.get("function").is_some() { tool.clone() } else { json!({"type": "function", "function": tool}) }
}

fn names(tools: &[Value]) -> Vec<String> {
    tools.iter().filter_map(|tool| tool.pointer("/function/name")?.as_str().map(str::to_owned)).collect()
}

/// The whole turn: an object, calls of tools, or words.
fn turn(made: &Generated, wants_object: bool, tools: &[String], mut dice: Dice) -> Turn {
    let text = made.text.clone();
    let object = wants_object.then(|| serde_json::from_str(text.trim()).ok()).flatten();
    let calls: Vec<ToolCall> = written_calls(&text)
        .into_iter()
        .filter_map(|call| {
            let name = call.get("name")?.as_str().filter(|name| tools.iter().any(|tool| tool == name))?.to_owned();
            let arguments = call.get("arguments").or_else(|| call.get("parameters")).cloned().unwrap_or_default();
            Some(ToolCall { id: format!("chatcmpl-tool-{}", dice.hex(32)), name, arguments })
        })
        .collect();
    if !calls.is_empty() {
        return Turn { calls, finish: Finish::ToolCalls, ..Turn::default() };
    }
    Turn { text, object, finish: finish(made), ..Turn::default() }
}

/// Calls between marks, or a text that is nothing but a call.
fn written_calls(text: &str) -> Vec<Value> {
    let marked = text.split(CALL.0).skip(1).filter_map(|rest| rest.split(CALL.1).next());
    let found: Vec<Value> = marked.filter_map(|call| serde_json::from_str(call.trim()).ok()).collect();
    if found.is_empty() { serde_json::from_str(text.trim()).into_iter().collect() } else { found }
}

fn finish(made: &Generated) -> Finish {
    match made.finish {
        Ended::Length => Finish::Length,
        _ => Finish::Stop,
    }
}

fn usage(made: &Generated) -> Usage {
    Usage { input_tokens: count(made.prompt_tokens), output_tokens: count(made.completion_tokens), ..Usage::default() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn calls_are_read_between_marks_and_alone() {
        let marked = "Let me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call><tool_call>{\"name\": \"g\"}</tool_call>";
        assert_eq!(written_calls(marked), [json!({"name": "f", "arguments": {}}), json!({"name": "g"})]);
        assert_eq!(written_calls(" {\"name\": \"f\"}"), [json!({"name": "f"})]);
        assert!(written_calls("no call").is_empty());
    }

    #[test]
    fn a_conversation_becomes_text() {
        let turns = json!({"messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]},
            {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": "{\"x\":1}"}}]},
            {"role": "tool", "content": "2"},
        ]});
        let told = messages(turns.as_object().unwrap()).unwrap();
        let told: Vec<(&str, &str)> = told.iter().map(|message| (&*message.role, &*message.content)).collect();
        assert_eq!(
            told,
            [
                ("system", "Be brief."),
                ("user", "a\nb"),
                ("assistant", "<tool_call>\n{\"arguments\":{\"x\":1},\"name\":\"f\"}\n</tool_call>"),
                ("tool", "2"),
            ]
        );
    }
}
