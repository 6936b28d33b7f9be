//! Reads fields of replies that arrive in more forms than one.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::tool_call::ToolCall;

/// Text, or whatever else stands in its place as text: parts are joined, other JSON is written out.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Array(parts) => {
            Some(parts.iter().filter_map(|part| part.as_str().or_else(|| part.get("text")?.as_str())).collect())
        }
        other => Some(other.to_string()),
    })
}

/// A count or a time; floats are cut off, what makes no sense is nothing.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    // The conversion saturates, which suits a time beyond all times.
    Ok(value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64)))
}

/// Tool calls; what cannot be one is left out.
pub(crate) fn tool_calls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ToolCall>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(calls) => calls.iter().filter_map(ToolCall::from_json).collect(),
        call @ Value::Object(_) => ToolCall::from_json(&call).into_iter().collect(),
        _ => Vec::new(),
    })
}
