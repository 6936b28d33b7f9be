//! The replies of the OpenAI-shaped models: chat completions and text completions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use workers_ai_client::{Usage, wire::null_as_default};

use super::{finish_reason::FinishReason, lenient, tool_call::ToolCall};

/// A chat completion, as it came. Every field may be missing or null.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let reply: Reply = serde_json::from_str(
///     r#"{"id": "chatcmpl-1", "object": "chat.completion", "created": 1795000000,
///         "choices": [{"index": 0, "message": {"role": "assistant", "content": "Blue."}, "finish_reason": "stop"}]}"#,
/// )?;
/// let completion = reply.as_completion().expect("a chat completion");
/// assert_eq!((completion.id.as_deref(), completion.created), (Some("chatcmpl-1"), Some(1_795_000_000)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCompletion {
    /// The completion's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Usually `chat.completion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub created: Option<u64>,
    /// The model as the service names it, which may differ from the one asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The answers; usually one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub choices: Vec<Choice>,
    /// What the call used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Which build of the model answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// One answer of a chat completion.
///
/// ```
/// use workers_ai_text_generation::{FinishReason, Reply};
///
/// // Where several answers were asked for:
/// let reply: Reply = serde_json::from_str(
///     r#"{"choices": [{"message": {"content": "Blue."}}, {"message": {"content": "It is b"}, "finish_reason": "length"}]}"#,
/// )?;
/// let whole = reply.choices().iter().filter(|choice| choice.finish_reason != Some(FinishReason::Length));
/// assert_eq!(whole.count(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Choice {
    /// Its place among the answers.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// What the model said.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: CompletionMessage,
    /// Why the model stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<FinishReason>,
    /// How likely each token was, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<LogProbs>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What the model said.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let reply: Reply = serde_json::from_str(r#"{"choices": [{"message": {"content": null, "refusal": "I cannot help with that."}}]}"#)?;
/// let message = &reply.choices()[0].message;
/// assert_eq!(message.refusal.as_deref(), Some("I cannot help with that."));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompletionMessage {
    /// `assistant`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The text. Missing when the model only called tools, or spent its budget on thinking.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The words of refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The thoughts, under one of their two names.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The thoughts, under the other.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
    /// The tools that the model wants to be run.
    #[serde(default, deserialize_with = "lenient::tool_calls", skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// Sources of what was said.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
    /// The answer as speech.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<SpokenAnswer>,
    /// A call in the older form of tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_call: Option<FunctionCall>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// A source of what was said.
///
/// ```
/// use workers_ai_text_generation::CompletionMessage;
///
/// let message: CompletionMessage = serde_json::from_str(
///     r#"{"content": "Tides come twice a day.",
///         "annotations": [{"type": "url_citation", "url_citation": {"url": "https://example.com/tides", "title": "Tides"}}]}"#,
/// )?;
/// let sources: Vec<_> =
///     message.annotations.iter().filter_map(|source| source.url_citation.as_ref()?.url.as_deref()).collect();
/// assert_eq!(sources, ["https://example.com/tides"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Annotation {
    /// The kind of source, for example `url_citation`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The source, when it is a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_citation: Option<UrlCitation>,
}

/// A page that was cited, and where in the text.
///
/// ```
/// use workers_ai_text_generation::UrlCitation;
///
/// let cited: UrlCitation = serde_json::from_str(r#"{"url": "https://example.com/tides", "start_index": 0, "end_index": 5}"#)?;
/// let place = cited.start_index.zip(cited.end_index);
/// assert_eq!(place, Some((0, 5)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UrlCitation {
    /// The page's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The page's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where in the text the citation begins.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub start_index: Option<u64>,
    /// Where in the text the citation ends.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub end_index: Option<u64>,
}

/// An answer as speech.
///
/// ```
/// use workers_ai_text_generation::CompletionMessage;
///
/// let message: CompletionMessage =
///     serde_json::from_str(r#"{"content": null, "audio": {"id": "audio-1", "data": "UklGRg==", "transcript": "Blue."}}"#)?;
/// let spoken = message.audio.expect("an answer as speech");
/// assert_eq!(spoken.transcript.as_deref(), Some("Blue."));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SpokenAnswer {
    /// The id under which a later message can refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The recording as base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Until when the id is good, in seconds since 1970.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
    /// What is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
}

/// A call in the older form of tools.
///
/// ```
/// use workers_ai_text_generation::CompletionMessage;
///
/// let message: CompletionMessage =
///     serde_json::from_str(r#"{"function_call": {"name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}}"#)?;
/// let call = message.function_call.expect("a call in the older form");
/// assert_eq!((call.name.as_str(), call.arguments.as_deref()), ("weather", Some(r#"{"city": "Lisbon"}"#)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionCall {
    /// The function's name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// Its arguments as JSON text.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
}

/// How likely each token was.
///
/// ```
/// use workers_ai_text_generation::Choice;
///
/// let choice: Choice = serde_json::from_str(
///     r#"{"message": {"content": "Yes"}, "logprobs": {"content": [{"token": "Yes", "logprob": -0.105}]}}"#,
/// )?;
/// let sure: f64 = choice.logprobs.iter().flat_map(|all| &all.content).filter_map(|token| token.logprob).sum::<f64>().exp();
/// assert!((sure - 0.9).abs() < 0.01);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogProbs {
    /// The tokens of the answer.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<TokenLogProb>,
    /// The tokens of the refusal.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub refusal: Vec<TokenLogProb>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// How likely one token was, and which others could have stood in its place.
///
/// ```
/// use workers_ai_text_generation::TokenLogProb;
///
/// let token: TokenLogProb = serde_json::from_str(
///     r#"{"token": "Yes", "logprob": -0.105, "top_logprobs": [{"token": "Yes", "logprob": -0.105}, {"token": "No", "logprob": -2.4}]}"#,
/// )?;
/// let other = token.top_logprobs.iter().find(|other| other.token != token.token);
/// assert_eq!(other.map(|other| other.token.as_str()), Some("No"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenLogProb {
    /// The token.
    #[serde(default, deserialize_with = "null_as_default")]
    pub token: String,
    /// The logarithm of its probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprob: Option<f64>,
    /// Its bytes, for tokens that are no text by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Vec<i64>>,
    /// The likeliest tokens in this place.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub top_logprobs: Vec<TopLogProb>,
}

/// A token that could have stood in a place.
///
/// ```
/// use workers_ai_text_generation::TopLogProb;
///
/// let other: TopLogProb = serde_json::from_str(r#"{"token": "No", "logprob": -2.4, "bytes": [78, 111]}"#)?;
/// let percent = other.logprob.map(|logprob| (logprob.exp() * 100.0).round());
/// assert_eq!(percent, Some(9.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TopLogProb {
    /// The token.
    #[serde(default, deserialize_with = "null_as_default")]
    pub token: String,
    /// The logarithm of its probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprob: Option<f64>,
    /// Its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Vec<i64>>,
}

/// A text completion, as it came: how some OpenAI-shaped models answer a bare prompt.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let reply: Reply = serde_json::from_str(r#"{"object": "text_completion", "choices": [{"text": "blue.", "finish_reason": "stop"}]}"#)?;
/// let completion = reply.as_text_completion().expect("a text completion");
/// assert_eq!(completion.choices[0].text.as_deref(), Some("blue."));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextCompletion {
    /// The completion's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Usually `text_completion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub created: Option<u64>,
    /// The model as the service names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The answers; usually one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub choices: Vec<TextChoice>,
    /// What the call used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// One answer of a text completion.
///
/// ```
/// use workers_ai_text_generation::{FinishReason, TextChoice};
///
/// let choice: TextChoice = serde_json::from_str(r#"{"index": 0, "text": "blue.", "finish_reason": "stop"}"#)?;
/// assert_eq!(choice.finish_reason, Some(FinishReason::Stop));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextChoice {
    /// Its place among the answers.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// What the model said.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why the model stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<FinishReason>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}
