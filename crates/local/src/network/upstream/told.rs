//! What an upstream server says: turns, at once or piece by piece.

use std::collections::{BTreeMap, VecDeque};

use futures_util::stream;
use reqwest::{Response, Url};
use serde_json::{Value, json};

use super::refused;
use crate::answer::{Delta, Finish, Telling, ToolCall, Turn, Usage, tokens};
use crate::refusal::Refusal;

/// A whole turn.
pub(super) fn turn(said: &Value, estimated: u64) -> Result<(Turn, Usage), Refusal> {
    let message = said.pointer("/choices/0/message");
    let Some(message) = message else { return Err(refused::in_stream(said)) };
    let text = |name: &str| message.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut calls = Calls::default();
    for (index, call) in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten().enumerate() {
        calls.add(index, call);
    }
    let calls = calls.whole();
    let reason = said.pointer("/choices/0/finish_reason").and_then(Value::as_str);
    let turn = Turn {
        reasoning: text("reasoning_content").or(text("reasoning")).map(str::to_owned),
        text: text("content").unwrap_or_default().to_owned(),
        object: None,
        finish: finish(reason, &calls),
        calls,
    };
    let spoken = tokens(&turn.text) + tokens(turn.reasoning.as_deref().unwrap_or_default());
    let usage = said.get("usage").and_then(usage).unwrap_or(Usage {
        input_tokens: estimated,
        output_tokens: spoken,
        ..Usage::default()
    });
    Ok((turn, usage))
}

/// A turn as it comes. Whoever drops it hangs up.
pub(super) fn telling(base: Url, response: Response, estimated: u64) -> Telling {
    let teller = Teller { base, response: Some(response), lines: Lines::default(), heard: Heard::new(estimated) };
    let deltas = stream::unfold(teller, |mut teller| async move { Some((teller.next().await?, teller)) });
    Telling { input_tokens: estimated, deltas: Box::pin(deltas) }
}

struct Teller {
    base: Url,
    /// The connection, as long as more may come.
    response: Option<Response>,
    lines: Lines,
    heard: Heard,
}

impl Teller {
    async fn next(&mut self) -> Option<Result<Delta, Refusal>> {
        loop {
            if let Some(delta) = self.heard.ready.pop_front() {
                return Some(Ok(delta));
            }
            let response = self.response.as_mut()?;
            match response.chunk().await {
                Ok(Some(bytes)) => {
                    for data in self.lines.add(&bytes) {
                        if let Err(refusal) = self.heard.hear(&data) {
                            self.response = None;
                            return Some(Err(refusal));
                        }
                    }
                    if self.heard.is_over {
                        self.response = None;
                    }
                }
                Ok(None) => {
                    self.response = None;
                    // Some servers end without `[DONE]`; one that has not even finished broke off.
                    if self.heard.finish.is_none() {
                        return Some(Err(Refusal::failed(&format!("the upstream server {} broke off", self.base))));
                    }
                    self.heard.end();
                }
                Err(error) => {
                    self.response = None;
                    return Some(Err(refused::unreachable(&self.base, &error)));
                }
            }
        }
    }
}

/// The data of events, however the bytes are cut. These servers write each event's data on one line.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.extend_from_slice(bytes);
        let Some(end) = self.0.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let rest = self.0.split_off(end + 1);
        let whole = std::mem::replace(&mut self.0, rest);
        let text = String::from_utf8_lossy(&whole);
        text.lines().filter_map(|line| line.strip_prefix("data:")).map(|data| data.trim().to_owned()).collect()
    }
}

/// What was heard so far.
struct Heard {
    ready: VecDeque<Delta>,
    calls: Calls,
    finish: Option<String>,
    usage: Option<Usage>,
    /// What is counted where the server does not.
    estimated: u64,
    spoken: u64,
    is_over: bool,
}

impl Heard {
    fn new(estimated: u64) -> Self {
        Self {
            ready: VecDeque::new(),
            calls: Calls::default(),
            finish: None,
            usage: None,
            estimated,
            spoken: 0,
            is_over: false,
        }
    }

    fn hear(&mut self, data: &str) -> Result<(), Refusal> {
        if self.is_over {
            return Ok(());
        }
        if data == "[DONE]" {
            self.end();
            return Ok(());
        }
        let event: Value = serde_json::from_str(data)
            .map_err(|error| Refusal::failed(&format!("an event of the upstream server is no JSON: {error}")))?;
        if event.get("error").or_else(|| event.get("errors")).is_some_and(|error| !error.is_null()) {
            return Err(refused::in_stream(&event));
        }
        if let Some(counted) = event.get("usage").and_then(usage) {
            self.usage = Some(counted);
        }
        let Some(choice) = event.pointer("/choices/0") else { return Ok(()) };
        let delta = choice.get("delta").unwrap_or(&Value::Null);
        let text = |name: &str| delta.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if let Some(thought) = text("reasoning_content").or(text("reasoning")) {
            self.spoken += 1;
            self.ready.push_back(Delta::Reasoning(thought.to_owned()));
        }
        if let Some(said) = text("content") {
            self.spoken += 1;
            self.ready.push_back(Delta::Text(said.to_owned()));
        }
        for (place, call) in delta.get("tool_calls").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let index = call.get("index").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
            self.spoken += 1;
            self.calls.add(index.unwrap_or(place), call);
        }
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
        Ok(())
    }

    /// Calls are whole now, and follow what was said.
    fn end(&mut self) {
        let calls = std::mem::take(&mut self.calls).whole();
        let finish = finish(self.finish.as_deref(), &calls);
        self.ready.extend(calls.into_iter().map(Delta::Call));
        let usage = self.usage.unwrap_or(Usage {
            input_tokens: self.estimated,
            output_tokens: self.spoken,
            ..Usage::default()
        });
        self.ready.push_back(Delta::End { finish, usage });
        self.is_over = true;
    }
}

/// Calls that come in fragments.
#[derive(Default)]
struct Calls(BTreeMap<usize, (String, String, String)>);

impl Calls {
    fn add(&mut self, index: usize, call: &Value) {
        let text = |place: &str| call.pointer(place).and_then(Value::as_str);
        let (id, name, arguments) = self.0.entry(index).or_default();
        if let Some(given) = text("/id").filter(|given| !given.is_empty()) {
            given.clone_into(id);
        }
        if let Some(given) = text("/function/name").filter(|given| !given.is_empty()) {
            given.clone_into(name);
        }
        match call.pointer("/function/arguments") {
            Some(Value::String(more)) => arguments.push_str(more),
            Some(object @ Value::Object(_)) => *arguments = object.to_string(),
            _ => {}
        }
    }

    fn whole(self) -> Vec<ToolCall> {
        let calls = self.0.into_iter().map(|(index, (id, name, arguments))| ToolCall {
            id: if id.is_empty() { format!("call{index:05}") } else { id },
            name,
            arguments: match arguments.trim() {
                "" => json!({}),
                // A model may write no JSON; what it wrote is passed on.
                text => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            },
        });
        calls.collect()
    }
}

fn finish(reason: Option<&str>, calls: &[ToolCall]) -> Finish {
    match reason {
        Some("length") => Finish::Length,
        Some("tool_calls" | "function_call") => Finish::ToolCalls,
        // Some servers stop where others wait for tools.
        _ if !calls.is_empty() => Finish::ToolCalls,
        _ => Finish::Stop,
    }
}

pub(super) fn usage(counted: &Value) -> Option<Usage> {
    let number = |name: &str| counted.get(name).and_then(Value::as_u64);
    let input_tokens = number("prompt_tokens")?;
    Some(Usage { input_tokens, output_tokens: number("completion_tokens").unwrap_or_default(), ..Usage::default() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn heard(text: &str, size: usize) -> Vec<Delta> {
        let (mut lines, mut heard) = (Lines::default(), Heard::new(9));
        for bytes in text.as_bytes().chunks(size) {
            for data in lines.add(bytes) {
                heard.hear(&data).unwrap();
            }
        }
        heard.ready.into()
    }

    #[test]
    fn events_are_heard_however_the_bytes_are_cut() {
        let text = concat!(
            ": a comment\r\n\r\n",
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n",
            "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n",
            "data:{\"choices\":[{\"delta\":{\"content\":\"é\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}}]}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n",
            "data: [DONE]\n\n",
        );
        let call = ToolCall { id: "c".to_owned(), name: "f".to_owned(), arguments: json!({"a": 1}) };
        let usage = Usage { input_tokens: 3, output_tokens: 4, ..Usage::default() };
        let expected = [
            Delta::Reasoning("hm".to_owned()),
            Delta::Text("é".to_owned()),
            Delta::Call(call),
            Delta::End { finish: Finish::ToolCalls, usage },
        ];
        for size in [1, 2, 3, 7, 4096] {
            assert_eq!(heard(text, size), expected, "pieces of {size}");
        }
    }

    #[test]
    fn what_the_server_does_not_count_is_estimated() {
        let end = heard("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n", 64).pop();
        let usage = Usage { input_tokens: 9, output_tokens: 1, ..Usage::default() };
        assert_eq!(end, Some(Delta::End { finish: Finish::Stop, usage }));
    }
}
