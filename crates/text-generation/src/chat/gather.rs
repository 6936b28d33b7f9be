//! Puts the pieces of a streamed answer together: text, thoughts, calls, usage, and in the end the whole reply.

use std::borrow::Cow;

use serde_json::Value;
use workers_ai_client::Usage;

use super::{
    chunk::{Chunk, CompletionChunk, ToolCallFragment},
    classic::{Classic, Response},
    completion::{ChatCompletion, Choice, CompletionMessage, TextChoice, TextCompletion},
    finish_reason::FinishReason,
    reply::Reply,
    responses::{OutputItem, OutputPart, Responses},
    stream::ChatDelta,
    thoughts::{Pieces, Splitter},
    tool_call::{ToolCall, ToolCallKind},
};

/// What has arrived of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    dialect: Dialect,
    id: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    /// As it came, thoughts between marks included.
    text: String,
    reasoning: String,
    /// The object of a JSON mode that answered in one piece.
    json: Option<Value>,
    calls: Vec<Call>,
    tally: Tally,
    finish_reason: Option<FinishReason>,
    /// The reply that the last event of the Responses interface repeats.
    whole: Option<Responses>,
    splitter: Splitter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Dialect {
    #[default]
    Classic,
    Completion,
    TextCompletion,
    Responses,
}

/// A call in the making.
#[derive(Clone, Debug, Default)]
struct Call {
    index: Option<u64>,
    id: Option<String>,
    custom: bool,
    name: String,
    arguments: String,
}

impl Gathered {
    /// Takes the next chunk; gives what is new in it, which may be nothing.
    pub(crate) fn push(&mut self, chunk: &Chunk) -> ChatDelta {
        let text = chunk.text();
        match chunk {
            Chunk::Classic(chunk) => {
                if let Some(Response::Json(value @ (Value::Object(_) | Value::Array(_)))) = &chunk.response {
                    self.json = Some(value.clone());
                }
            }
            Chunk::Completion(chunk) => self.note(chunk),
            Chunk::Responses(event) => {
                self.dialect = Dialect::Responses;
                if let Some(whole) = &event.response {
                    self.whole = Some(whole.clone());
                }
            }
        }
        if let Some(reason) = chunk.finish_reason() {
            self.finish_reason = Some(reason);
        }
        self.tally.add(chunk);
        self.text.push_str(&text);
        let Pieces { mut thoughts, words } = self.splitter.push(&text);
        if let Some(reasoning) = chunk.reasoning() {
            self.reasoning.push_str(&reasoning);
            thoughts.insert_str(0, &reasoning);
        }
        chunk.tool_calls().for_each(|fragment| self.add(fragment));
        // Fragments of several calls may alternate: which are whole is known at the end.
        ChatDelta { text: words, reasoning: thoughts, ..ChatDelta::default() }
    }

    /// What was held back until the end.
    pub(crate) fn finish(&mut self) -> ChatDelta {
        let Pieces { thoughts, words } = self.splitter.finish();
        let reply = self.reply();
        ChatDelta {
            text: words,
            reasoning: thoughts,
            tool_calls: reply.tool_calls(),
            finish_reason: reply.finish_reason(),
        }
    }

    /// What the call has used so far.
    pub(crate) fn usage(&self) -> Option<&Usage> {
        self.tally.total()
    }

    /// Everything so far, as the reply to a plain call would have said it.
    pub(crate) fn reply(&self) -> Reply {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let usage = self.usage().cloned();
        let finish_reason = self.finish_reason.clone();
        let (id, created, model) = (self.id.clone(), self.created, self.model.clone());
        match self.dialect {
            Dialect::Classic => {
                // The text of an object is its own; anything said beside it makes it text.
                let whole = |json: &&Value| json.to_string().as_str() == self.text;
                let json = self.json.as_ref().filter(whole).cloned();
                let response = json.map_or_else(|| Response::Text(self.text.clone()), Response::Json);
                let tool_calls = self.calls();
                Reply::Classic(Classic { response: Some(response), tool_calls, usage, ..Classic::default() })
            }
            Dialect::Completion => {
                let message = CompletionMessage {
                    role: Some("assistant".to_owned()),
                    content: text(&self.text),
                    reasoning_content: text(&self.reasoning),
                    tool_calls: self.calls(),
                    ..CompletionMessage::default()
                };
                let choices = vec![Choice { index: Some(0), message, finish_reason, ..Choice::default() }];
                let object = Some("chat.completion".to_owned());
                Reply::Completion(ChatCompletion {
                    id,
                    object,
                    created,
                    model,
                    choices,
                    usage,
                    ..ChatCompletion::default()
                })
            }
            Dialect::TextCompletion => {
                let text = Some(self.text.clone());
                let choices = vec![TextChoice { index: Some(0), text, finish_reason, ..TextChoice::default() }];
                let object = Some("text_completion".to_owned());
                Reply::TextCompletion(TextCompletion {
                    id,
                    object,
                    created,
                    model,
                    choices,
                    usage,
                    ..TextCompletion::default()
                })
            }
            Dialect::Responses => Reply::Responses(self.responses(usage)),
        }
    }

    /// The reply that the last event repeated, or as much of one as there is.
    fn responses(&self, usage: Option<Usage>) -> Responses {
        let mut whole = self.whole.clone().unwrap_or_default();
        let item = |kind: &str, part: &str, text: &str| OutputItem {
            kind: Some(kind.to_owned()),
            content: vec![OutputPart {
                kind: Some(part.to_owned()),
                text: Some(text.to_owned()),
                ..OutputPart::default()
            }],
            ..OutputItem::default()
        };
        if whole.text().is_empty() && !self.text.is_empty() {
            whole.output.push(item("message", "output_text", &self.text));
        }
        if whole.reasoning().is_none() && !self.reasoning.is_empty() {
            whole.output.insert(0, item("reasoning", "reasoning_text", &self.reasoning));
        }
        whole.usage = usage.or(whole.usage);
        whole
    }

    fn note(&mut self, chunk: &CompletionChunk) {
        if self.dialect != Dialect::TextCompletion {
            let text = chunk.choice().is_some_and(|choice| choice.text.is_some());
            self.dialect = if text { Dialect::TextCompletion } else { Dialect::Completion };
        }
        self.id = self.id.take().or_else(|| chunk.id.clone());
        self.created = self.created.or(chunk.created);
        self.model = self.model.take().or_else(|| chunk.model.clone());
    }

    /// Finds the call that a fragment belongs to, or begins one.
    fn add(&mut self, fragment: &ToolCallFragment) {
        let same_id = |call: &Call| match (&call.id, &fragment.id) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        let known = match (fragment.index, &fragment.id) {
            // Servers have been seen giving every parallel call the same index; the id tells them apart.
            (Some(index), _) => self.calls.iter().rposition(|call| call.index == Some(index) && same_id(call)),
            (None, Some(id)) => self.calls.iter().rposition(|call| call.id.as_ref() == Some(id)),
            // A call in one piece, flat and without an id, is always a new one.
            (None, None) if fragment.name().is_some() => None,
            (None, None) => self.calls.len().checked_sub(1),
        };
        let position = known.unwrap_or_else(|| {
            self.calls.push(Call::default());
            self.calls.len() - 1
        });
        if let Some(call) = self.calls.get_mut(position) {
            call.index = call.index.or(fragment.index);
            call.id = call.id.take().or_else(|| fragment.id.clone().filter(|id| !id.is_empty()));
            call.custom |= fragment.kind.as_deref() == Some("custom");
            if call.name.is_empty() {
                call.name = fragment.name().unwrap_or_default().to_owned();
            }
            call.arguments.push_str(fragment.arguments());
        }
    }

    fn calls(&self) -> Vec<ToolCall> {
        let mut calls: Vec<ToolCall> = self.calls.iter().map(Call::to_tool_call).collect();
        ToolCall::identify(&mut calls);
        calls
    }
}

impl Call {
    fn to_tool_call(&self) -> ToolCall {
        let kind = if self.custom { ToolCallKind::Custom } else { ToolCallKind::Function };
        ToolCall::assembled(self.id.clone(), kind, self.name.clone(), self.arguments.clone())
    }
}

/// Adds usage up, or does not: the first chunk reports the prompt, later ones their own share, and the service's trailer
/// everything again.
#[derive(Clone, Debug, Default)]
struct Tally {
    sum: Option<Usage>,
    total: Option<Usage>,
}

impl Tally {
    fn add(&mut self, chunk: &Chunk) {
        let Some(usage) = chunk.usage() else { return };
        match chunk {
            // A report that counts the prompt counts from the beginning; one that does not is a share.
            Chunk::Completion(_) if usage.prompt_tokens.unwrap_or_default() == 0 => {
                self.sum = Some(match self.sum.take() {
                    Some(sum) => plus(&sum, usage),
                    None => usage.clone(),
                });
            }
            Chunk::Completion(_) => self.sum = Some(usage.clone()),
            Chunk::Classic(_) | Chunk::Responses(_) => self.total = Some(usage.clone()),
        }
    }

    fn total(&self) -> Option<&Usage> {
        self.total.as_ref().or(self.sum.as_ref())
    }
}

fn plus(sum: &Usage, share: &Usage) -> Usage {
    fn both<T>(left: Option<T>, right: Option<T>, plus: fn(T, T) -> T) -> Option<T> {
        match (left, right) {
            (Some(left), Some(right)) => Some(plus(left, right)),
            (left, right) => left.or(right),
        }
    }
    // Whatever a server counts, the sum must not be what breaks.
    let add = |left, right| both(left, right, u64::saturating_add);
    let mut usage = Usage::default();
    usage.prompt_tokens = add(sum.prompt_tokens, share.prompt_tokens);
    usage.completion_tokens = add(sum.completion_tokens, share.completion_tokens);
    usage.total_tokens = add(sum.total_tokens, share.total_tokens);
    usage.cached_tokens = add(sum.cached_tokens, share.cached_tokens);
    usage.reasoning_tokens = add(sum.reasoning_tokens, share.reasoning_tokens);
    usage.neurons = both(sum.neurons, share.neurons, |left, right| left + right);
    usage
}

/// The words of a text that may be the text of JSON.
pub(crate) fn unfenced(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let inner = text.strip_prefix("```").and_then(|text| text.strip_suffix("```"));
    Cow::Borrowed(inner.map_or(text, |inner| inner.strip_prefix("json").unwrap_or(inner).trim()))
}
