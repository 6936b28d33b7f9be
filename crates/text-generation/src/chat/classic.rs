//! The reply of the classic models: `{response, tool_calls, usage}`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use workers_ai_client::{Usage, wire::null_as_default};

use super::{
    lenient::{self, TextOrJson},
    tool_call::ToolCall,
};

/// The reply of a classic model, as it came.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let reply: Reply = serde_json::from_str(r#"{"response": "Blue.", "tool_calls": [], "finish": "soon"}"#)?;
/// let classic = reply.as_classic().expect("a classic model answered");
/// assert_eq!(classic.fields["finish"], "soon");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Classic {
    /// What the model said: text, or the parsed object when JSON was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// The tools that the model wants to be run.
    #[serde(default, deserialize_with = "lenient::tool_calls", skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// What the call used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that are not known here.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What a classic model said.
///
/// ```
/// use workers_ai_text_generation::{ClassicReply, Response};
///
/// let reply: ClassicReply = serde_json::from_str(r#"{"response": {"city": "Lisbon"}}"#)?;
/// match reply.response {
///     Some(Response::Json(value)) => assert_eq!(value["city"], "Lisbon"),
///     said => unreachable!("{said:?}"),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Response {
    /// Text.
    Text(String),
    /// Parsed JSON: an object in JSON mode, a verdict, a number.
    Json(Value),
}

impl Response {
    /// The text, or the JSON as text.
    ///
    /// ```
    /// use workers_ai_text_generation::Response;
    ///
    /// assert_eq!(Response::Text("Blue.".to_owned()).text(), "Blue.");
    /// assert_eq!(Response::Json(serde_json::json!({"city": "Lisbon"})).text(), r#"{"city":"Lisbon"}"#);
    /// ```
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(value) => Cow::Owned(value.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOrJson::deserialize(deserializer)? {
            TextOrJson::Text(text) => Self::Text(text),
            TextOrJson::Json(value) => Self::Json(value),
        })
    }
}

/// The streamed form; the padding `p` is not read.
///
/// ```
/// use workers_ai_text_generation::Chunk;
///
/// let chunk: Chunk = serde_json::from_str(r#"{"response": "Blue", "p": "abcdefgh"}"#)?;
/// let Chunk::Classic(chunk) = chunk else { unreachable!() };
/// assert_eq!(chunk.response.map(|response| response.text().into_owned()).as_deref(), Some("Blue"));
/// assert!(chunk.usage.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClassicChunk {
    /// The next piece of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Tool calls, whole or in fragments.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<super::chunk::ToolCallFragment>,
    /// The totals, in the last chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}
