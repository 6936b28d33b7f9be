//! The replies of the Responses interface, which gpt-oss speaks when it is given an `input`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use workers_ai_client::{Usage, wire::null_as_default};

use super::{finish_reason::FinishReason, lenient, tool_call::ToolCall};

/// A reply of the Responses interface, as it came. Every field may be missing or null.
///
/// ```
/// use workers_ai_text_generation::Responses;
///
/// let reply: Responses = serde_json::from_str(
///     r#"{"id": "resp-1", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []}"#,
/// )?;
/// assert_eq!(reply.status.as_deref(), Some("incomplete"));
/// assert_eq!(reply.fields["incomplete_details"]["reason"], "max_output_tokens");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Responses {
    /// The reply's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Usually `response`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<u64>,
    /// The model as the service names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// `completed`, `incomplete`, `failed`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What the model thought, said and wants to be run, in order.
    #[serde(default, deserialize_with = "null_as_default")]
    pub output: Vec<OutputItem>,
    /// What the call used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ResponsesError>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl Responses {
    pub(crate) fn text(&self) -> String {
        self.parts("message").collect()
    }

    pub(crate) fn reasoning(&self) -> Option<String> {
        let text: String = self.parts("reasoning").collect();
        (!text.is_empty()).then_some(text)
    }

    fn parts(&self, kind: &'static str) -> impl Iterator<Item = &str> {
        let items = self.output.iter().filter(move |item| item.kind.as_deref() == Some(kind));
        // Thoughts stand in `content` as they were, or in `summary` shortened.
        items
            .flat_map(|item| if item.content.is_empty() { &item.summary } else { &item.content })
            .filter_map(|part| part.text.as_deref())
    }

    pub(crate) fn tool_calls(&self) -> Vec<ToolCall> {
        let calls = self.output.iter().filter(|item| item.kind.as_deref() == Some("function_call"));
        let mut calls: Vec<ToolCall> = calls
            .filter_map(|item| {
                ToolCall::from_json(&serde_json::json!({
                    "id": item.call_id.as_ref().or(item.id.as_ref()),
                    "name": item.name,
                    "arguments": item.arguments,
                }))
            })
            .collect();
        ToolCall::identify(&mut calls);
        calls
    }

    pub(crate) fn finish_reason(&self) -> Option<FinishReason> {
        match self.status.as_deref()? {
            "completed" if self.output.iter().any(|item| item.kind.as_deref() == Some("function_call")) => {
                Some(FinishReason::ToolCalls)
            }
            "completed" => Some(FinishReason::Stop),
            "incomplete" => {
                let reason = self.fields.get("incomplete_details").and_then(|details| details.get("reason")?.as_str());
                Some(match reason {
                    None | Some("max_output_tokens") => FinishReason::Length,
                    Some(reason) => FinishReason::from(reason),
                })
            }
            "failed" => Some(FinishReason::Error),
            "queued" | "in_progress" => None,
            other => Some(FinishReason::from(other)),
        }
    }
}

/// One thing the model thought, said or wants to be run.
///
/// ```
/// use workers_ai_text_generation::OutputItem;
///
/// let item: OutputItem = serde_json::from_str(
///     r#"{"type": "function_call", "call_id": "a", "name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}"#,
/// )?;
/// assert_eq!((item.kind.as_deref(), item.call_id.as_deref()), (Some("function_call"), Some("a")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutputItem {
    /// `message`, `reasoning`, `function_call`, …
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The item's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What is said or thought.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<OutputPart>,
    /// Thoughts, shortened.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub summary: Vec<OutputPart>,
    /// The id under which a call is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The name of the tool called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The call's arguments as JSON text.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// A piece of what is said or thought.
///
/// ```
/// use workers_ai_text_generation::OutputPart;
///
/// let part: OutputPart = serde_json::from_str(r#"{"type": "output_text", "text": "Blue.", "annotations": []}"#)?;
/// assert_eq!(part.text.as_deref(), Some("Blue."));
/// assert!(part.fields.contains_key("annotations"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutputPart {
    /// `output_text`, `reasoning_text`, `refusal`, …
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What went wrong, as the model's own reply tells it.
///
/// ```
/// use workers_ai_text_generation::Responses;
///
/// let reply: Responses =
///     serde_json::from_str(r#"{"status": "failed", "output": [], "error": {"code": "server_error", "message": "no luck"}}"#)?;
/// let error = reply.error.expect("it failed");
/// assert_eq!((error.code.as_deref(), error.message.as_deref()), (Some("server_error"), Some("no luck")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResponsesError {
    /// A short name of the failure.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What happened.
    #[serde(default, deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The kind of failure.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}
