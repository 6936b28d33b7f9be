//! Why a model stopped.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a model stopped.
///
/// The list is open: a reason that is not known here is kept as it came.
///
/// ```
/// use workers_ai_text_generation::FinishReason;
///
/// assert_eq!(FinishReason::from("length"), FinishReason::Length);
/// assert_eq!(FinishReason::from("bored"), FinishReason::Unknown("bored".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FinishReason {
    /// It had said everything.
    Stop,
    /// The budget of tokens ran out.
    Length,
    /// It wants tools to be run.
    ToolCalls,
    /// The content was held back.
    ContentFilter,
    /// It wants a function to be run, in the older form of tools.
    FunctionCall,
    /// Something failed.
    Error,
    /// Any other reason.
    Unknown(String),
}

impl FinishReason {
    /// The reason as it is written on the wire.
    ///
    /// ```
    /// use workers_ai_text_generation::FinishReason;
    ///
    /// assert_eq!(FinishReason::ToolCalls.as_str(), "tool_calls");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
            Self::FunctionCall => "function_call",
            Self::Error => "error",
            Self::Unknown(reason) => reason,
        }
    }
}

impl From<&str> for FinishReason {
    fn from(reason: &str) -> Self {
        match reason {
            "stop" => Self::Stop,
            "length" => Self::Length,
            "tool_calls" => Self::ToolCalls,
            "content_filter" => Self::ContentFilter,
            "function_call" => Self::FunctionCall,
            "error" => Self::Error,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl fmt::Display for FinishReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FinishReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FinishReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(std::borrow::Cow::<'de, str>::deserialize(deserializer)?.as_ref()))
    }
}
