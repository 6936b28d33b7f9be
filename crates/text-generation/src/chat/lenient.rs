//! Reads fields of replies that arrive in more forms than one.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        self,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::Value;

use super::tool_call::ToolCall;

/// Text, or whatever else stands in its place as text: parts are joined, other JSON is written out.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match TextOrJson::deserialize(deserializer)? {
        TextOrJson::Text(text) => Some(text),
        TextOrJson::Json(Value::Null) => None,
        TextOrJson::Json(Value::Array(parts)) => {
            Some(parts.iter().filter_map(|part| part.as_str().or_else(|| part.get("text")?.as_str())).collect())
        }
        TextOrJson::Json(other) => Some(other.to_string()),
    })
}

/// What is nearly always text, and then read straight into a string of its own length: every token passes here.
pub(crate) enum TextOrJson {
    /// Text.
    Text(String),
    /// Anything else.
    Json(Value),
}

impl<'de> Deserialize<'de> for TextOrJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = TextOrJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or other JSON")
            }

            fn visit_str<E>(self, text: &str) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Text(text))
            }

            fn visit_unit<E>(self) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Json(Value::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Json(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Json(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Json(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<TextOrJson, E> {
                Ok(TextOrJson::Json(value.into()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<TextOrJson, A::Error> {
                Value::deserialize(SeqAccessDeserializer::new(list)).map(TextOrJson::Json)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<TextOrJson, A::Error> {
                Value::deserialize(MapAccessDeserializer::new(map)).map(TextOrJson::Json)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
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
