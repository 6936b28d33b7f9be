//! One piece of a streamed answer, in whichever dialect.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use workers_ai_client::{Usage, wire::null_as_default};

pub use super::classic::ClassicChunk;
use super::{classic::Response, finish_reason::FinishReason, lenient, quick, responses::Responses};

/// One piece of a streamed answer.
///
/// The same questions for both dialects; the variants are the typed originals. A model that answers in one piece
/// although a stream was asked for gives one chunk with everything in it.
///
/// ```
/// use workers_ai_text_generation::Chunk;
///
/// let classic: Chunk = serde_json::from_str(r#"{"response": "Blu", "p": "abdefghijk"}"#)?;
/// let shaped: Chunk = serde_json::from_str(r#"{"choices": [{"delta": {"content": "e."}, "finish_reason": null}]}"#)?;
/// assert_eq!(format!("{}{}", classic.text(), shaped.text()), "Blue.");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Chunk {
    /// From a classic model, or the trailer that the service sends after any model's last chunk.
    Classic(ClassicChunk),
    /// From an OpenAI-shaped model.
    Completion(CompletionChunk),
    /// From the Responses interface.
    Responses(Box<ResponsesEvent>),
}

impl Chunk {
    /// The next piece of text; empty when the chunk brings something else.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Classic(chunk) => chunk.response.as_ref().map(Response::text).unwrap_or_default(),
            Self::Completion(chunk) => Cow::Borrowed(
                chunk
                    .choice()
                    .and_then(|choice| choice.text.as_deref().or(choice.delta.content.as_deref()))
                    .unwrap_or_default(),
            ),
            Self::Responses(event) => event.text(),
        }
    }

    /// The next piece of the model's thoughts.
    ///
    /// ```
    /// use workers_ai_text_generation::Chunk;
    ///
    /// let chunk: Chunk = serde_json::from_str(r#"{"choices": [{"delta": {"reasoning_content": "They ask why."}}]}"#)?;
    /// assert_eq!(chunk.reasoning().as_deref(), Some("They ask why."));
    /// assert_eq!(chunk.text(), "");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Thoughts between `<think>` and `</think>` are text here; [`Deltas`](super::Deltas) tells them apart.
    #[must_use]
    pub fn reasoning(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Classic(_) => None,
            Self::Completion(chunk) => {
                let delta = &chunk.choice()?.delta;
                let mut names = [&delta.reasoning, &delta.reasoning_content].into_iter().flatten();
                names.find(|text| !text.is_empty()).map(|text| Cow::Borrowed(text.as_str()))
            }
            Self::Responses(event) => event.reasoning(),
        }
    }

    /// The next pieces of tool calls. The empty one that some models send at the end is left out.
    ///
    /// ```
    /// use workers_ai_text_generation::Chunk;
    ///
    /// let chunk: Chunk = serde_json::from_str(
    ///     r#"{"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "weather", "arguments": ""}}]}}]}"#,
    /// )?;
    /// let names: Vec<_> = chunk.tool_calls().filter_map(|fragment| fragment.name()).collect();
    /// assert_eq!(names, ["weather"]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// [`Deltas`](super::Deltas) puts the pieces together.
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCallFragment> {
        let fragments: &[ToolCallFragment] = match self {
            Self::Classic(chunk) => &chunk.tool_calls,
            Self::Completion(chunk) => match chunk.choice() {
                Some(choice) => &choice.delta.tool_calls,
                None => &[],
            },
            Self::Responses(_) => &[],
        };
        fragments.iter().filter(|fragment| !fragment.is_empty())
    }

    /// The usage that this chunk reports.
    ///
    /// It is not for adding up: OpenAI-shaped models report each chunk's own share, and the trailer reports the total
    /// again. [`total_usage`](Self::total_usage) tells the total apart.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        match self {
            Self::Classic(chunk) => chunk.usage.as_ref(),
            Self::Completion(chunk) => chunk.usage.as_ref(),
            Self::Responses(event) => event.response.as_ref()?.usage.as_ref(),
        }
    }

    /// The usage of the whole call, in the chunk that has it: the service's trailer, or the last event.
    ///
    /// ```
    /// use workers_ai_text_generation::Chunk;
    ///
    /// let share = r#"{"object": "chat.completion.chunk", "choices": [], "usage": {"total_tokens": 13}}"#;
    /// let total = r#"{"response": "", "usage": {"total_tokens": 20}}"#;
    /// let tokens = |chunk: &str| -> serde_json::Result<Option<u64>> {
    ///     let chunk: Chunk = serde_json::from_str(chunk)?;
    ///     Ok(chunk.total_usage().and_then(|usage| usage.total_tokens))
    /// };
    /// assert_eq!((tokens(share)?, tokens(total)?), (None, Some(20)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn total_usage(&self) -> Option<&Usage> {
        match self {
            Self::Completion(chunk) if chunk.object.as_deref() == Some("chat.completion.chunk") => None,
            _ => self.usage(),
        }
    }

    /// Why the model stopped, in the chunk that says so.
    ///
    /// ```
    /// use workers_ai_text_generation::{Chunk, FinishReason};
    ///
    /// let chunk: Chunk = serde_json::from_str(r#"{"choices": [{"delta": {}, "finish_reason": "length"}]}"#)?;
    /// assert_eq!(chunk.finish_reason(), Some(FinishReason::Length));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn finish_reason(&self) -> Option<FinishReason> {
        match self {
            Self::Classic(_) => None,
            Self::Completion(chunk) => chunk.choices.iter().find_map(|choice| choice.finish_reason.clone()),
            Self::Responses(event) => event.response.as_ref()?.finish_reason(),
        }
    }
}

impl workers_ai_client::Chunk for Chunk {
    /// A chunk with a finish reason, or the trailer with the totals.
    fn is_final(&self) -> bool {
        match self {
            Self::Classic(chunk) => chunk.usage.is_some(),
            Self::Completion(_) | Self::Responses(_) => self.finish_reason().is_some(),
        }
    }

    fn read(data: &[u8]) -> Result<Self, serde_json::Error> {
        match std::str::from_utf8(data) {
            Ok(text) => quick::chunk(text).map_or_else(|| serde_json::from_str(text), Ok),
            Err(_) => serde_json::from_slice(data),
        }
    }
}

/// A chunk of a chat completion or text completion, as it came. The padding `p` is not read.
///
/// ```
/// use workers_ai_text_generation::Chunk;
///
/// let chunk: Chunk = serde_json::from_str(
///     r#"{"id": "chatcmpl-1", "model": "gpt-oss-120b", "choices": [{"index": 1, "delta": {"content": "Sea"}}]}"#,
/// )?;
/// let Chunk::Completion(chunk) = chunk else { unreachable!() };
/// assert_eq!(chunk.model.as_deref(), Some("gpt-oss-120b"));
/// assert_eq!(chunk.choices[0].index, Some(1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CompletionChunk {
    /// The completion's id, the same in every chunk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Usually `chat.completion.chunk`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// When the completion began, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<u64>,
    /// The model as the service names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What is new in each answer; empty in chunks that only report usage.
    pub choices: Vec<ChunkChoice>,
    /// This chunk's share of the usage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

impl CompletionChunk {
    /// What is new in the first answer: where several were asked for, each chunk speaks of one of them.
    pub(crate) fn choice(&self) -> Option<&ChunkChoice> {
        self.choices.iter().find(|choice| choice.index.unwrap_or_default() == 0)
    }
}

/// What is new in one answer.
///
/// ```
/// use workers_ai_text_generation::ChunkChoice;
///
/// // Of several answers, the second.
/// let choice: ChunkChoice = serde_json::from_str(r#"{"index": 1, "delta": {"content": "Sea"}, "finish_reason": "stop"}"#)?;
/// assert_eq!((choice.index, choice.delta.content.as_deref()), (Some(1), Some("Sea")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkChoice {
    /// The answer's place among the answers.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// What is new. An answer in one piece calls it `message`.
    #[serde(default, alias = "message", deserialize_with = "null_as_default")]
    pub delta: Delta,
    /// The next text of a text completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why the model stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<FinishReason>,
}

/// What is new in a message.
///
/// ```
/// use workers_ai_text_generation::Delta;
///
/// let delta: Delta = serde_json::from_str(r#"{"role": "assistant", "content": null, "refusal": "I cannot"}"#)?;
/// assert_eq!((delta.content, delta.refusal.as_deref()), (None, Some("I cannot")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delta {
    /// The speaker, in the first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The next text.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The next words of refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The next thoughts, under one of their two names.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The next thoughts, under the other.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// The next pieces of tool calls.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCallFragment>,
}

/// A piece of a tool call: the first brings id and name, later ones the text of the arguments bit by bit.
///
/// ```
/// use workers_ai_text_generation::ToolCallFragment;
///
/// let first: ToolCallFragment = serde_json::from_str(r#"{"id": "a", "function": {"name": "weather", "arguments": "{\"ci"}}"#)?;
/// let second: ToolCallFragment = serde_json::from_str(r#"{"function": {"arguments": "ty\": \"Lisbon\"}"}}"#)?;
/// assert_eq!(first.name(), Some("weather"));
/// assert_eq!(first.arguments().to_owned() + second.arguments(), r#"{"city": "Lisbon"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCallFragment {
    /// Which call of the message this belongs to.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The call's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Usually `function`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Name and arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<FunctionFragment>,
    /// Name and arguments of a model that does not nest them.
    #[serde(flatten)]
    flat: FunctionFragment,
}

/// Name and arguments of a piece of a tool call.
///
/// ```
/// use workers_ai_text_generation::FunctionFragment;
///
/// // Whole arguments become text, so that fragments add up whatever the model sends.
/// let whole: FunctionFragment = serde_json::from_str(r#"{"name": "weather", "arguments": {"city": "Lisbon"}}"#)?;
/// assert_eq!(whole.arguments.as_deref(), Some(r#"{"city":"Lisbon"}"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionFragment {
    /// The tool's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The next text of the arguments. Arguments that come whole, as an object, are given as JSON text.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
}

impl ToolCallFragment {
    /// The tool's name, if this piece brings it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let nested = self.function.as_ref().and_then(|function| function.name.as_deref());
        nested.or(self.flat.name.as_deref())
    }

    /// The next text of the arguments; empty when this piece brings something else.
    #[must_use]
    pub fn arguments(&self) -> &str {
        let nested = self.function.as_ref().and_then(|function| function.arguments.as_deref());
        nested.or(self.flat.arguments.as_deref()).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.id.is_none() && self.name().is_none() && self.arguments().is_empty()
    }
}

/// An event of the Responses interface, as it came.
///
/// ```
/// use workers_ai_text_generation::Chunk;
///
/// let chunk: Chunk = serde_json::from_str(r#"{"type": "response.output_text.delta", "delta": "Sea"}"#)?;
/// assert_eq!(chunk.text(), "Sea");
/// let Chunk::Responses(event) = chunk else { unreachable!() };
/// assert_eq!(event.kind.as_deref(), Some("response.output_text.delta"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResponsesEvent {
    /// The kind of event, for example `response.output_text.delta`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The next text of whatever the event speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta: Option<String>,
    /// The reply as a whole, in the events that begin and end a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<Responses>,
}

impl ResponsesEvent {
    fn text(&self) -> Cow<'_, str> {
        match (self.kind.as_deref(), &self.response) {
            (Some("response.output_text.delta"), _) => Cow::Borrowed(self.delta.as_deref().unwrap_or_default()),
            // The last event of a stream repeats everything; an answer in one piece has no event around it.
            (None, Some(whole)) => Cow::Owned(whole.text()),
            _ => Cow::Borrowed(""),
        }
    }

    fn reasoning(&self) -> Option<Cow<'_, str>> {
        match (self.kind.as_deref(), &self.response) {
            (Some(kind), _) if kind.starts_with("response.reasoning") && kind.ends_with(".delta") => {
                self.delta.as_deref().map(Cow::Borrowed)
            }
            (None, Some(whole)) => whole.reasoning().map(Cow::Owned),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Everything that any dialect sends. Reading all of it at once spares every token a detour through JSON values.
        #[derive(Deserialize)]
        struct Wire {
            id: Option<String>,
            object: Option<String>,
            #[serde(default, deserialize_with = "lenient::whole")]
            created: Option<u64>,
            model: Option<String>,
            choices: Option<Vec<ChunkChoice>>,
            usage: Option<Usage>,
            response: Option<Response>,
            #[serde(default, deserialize_with = "null_as_default")]
            tool_calls: Vec<ToolCallFragment>,
            #[serde(rename = "type")]
            kind: Option<String>,
            #[serde(default, deserialize_with = "lenient::text")]
            delta: Option<String>,
            output: Option<Value>,
        }
        let Wire { id, object, created, model, choices, usage, response, tool_calls, kind, delta, output } =
            Wire::deserialize(deserializer)?;
        let is_event = kind.as_deref().is_some_and(|kind| kind.starts_with("response."));
        Ok(match (choices, output) {
            (Some(choices), _) => Self::Completion(CompletionChunk { id, object, created, model, choices, usage }),
            (None, Some(output)) if !is_event => {
                let output = Vec::deserialize(output).map_err(serde::de::Error::custom)?;
                let status = Some("completed".to_owned());
                let whole =
                    Responses { id, object, created_at: created, model, output, usage, status, ..Responses::default() };
                Self::Responses(Box::new(ResponsesEvent { kind: None, delta: None, response: Some(whole) }))
            }
            _ if is_event => {
                let response = match response {
                    Some(Response::Json(value)) => {
                        Some(Responses::deserialize(value).map_err(serde::de::Error::custom)?)
                    }
                    _ => None,
                };
                Self::Responses(Box::new(ResponsesEvent { kind, delta, response }))
            }
            _ => Self::Classic(ClassicChunk { response, tool_calls, usage }),
        })
    }
}
