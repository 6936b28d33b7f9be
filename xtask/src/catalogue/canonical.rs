//! The one way JSON is written here: the same facts are always the same bytes.

use anyhow::{Context, Result};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::keyword::{Holds, holds, rank};

/// Writes any value of ours: two spaces, a newline at the end.
pub(crate) fn to_pretty(value: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    text.push('\n');
    Ok(text)
}

/// The SHA-256 of some bytes in hexadecimal.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 of a JSON document whatever the order of its keys and its white space.
pub(crate) fn sha256_of(document: &Value) -> Result<String> {
    let text = serde_json::to_string(&Sorted(document)).context("cannot write JSON")?;
    Ok(sha256(text))
}

/// Serialises a map with its keys sorted, even where serde_json was built to keep insertion order.
pub(crate) struct Sorted<'a>(pub(crate) &'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Ordered { value: self.0, position: Position::Data }.serialize(serializer)
    }
}

/// Serialises a schema with its keywords in the project's order and its properties sorted by name.
pub(crate) struct Schema<'a>(pub(crate) &'a Value);

impl Serialize for Schema<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Ordered { value: self.0, position: Position::Schema }.serialize(serializer)
    }
}

/// For `#[serde(serialize_with)]` on a field that holds plain data.
pub(crate) fn sorted<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    Sorted(value).serialize(serializer)
}

/// For `#[serde(serialize_with)]` on a field that holds a schema.
pub(crate) fn schema<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    Schema(value).serialize(serializer)
}

#[derive(Clone, Copy)]
enum Position {
    Schema,
    NamedSchemas,
    Data,
}

struct Ordered<'a> {
    value: &'a Value,
    position: Position,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(object) => {
                let mut entries: Vec<_> = object.iter().collect();
                match self.position {
                    Position::Schema => entries.sort_by_key(|(key, _)| (rank(key), *key)),
                    Position::NamedSchemas | Position::Data => {
                        entries.sort_by_key(|(key, _)| *key);
                    }
                }
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    let position = self.position.below(key);
                    map.serialize_entry(key, &Ordered { value, position })?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&Ordered { value, position: self.position })?;
                }
                list.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

impl Position {
    fn below(self, key: &str) -> Self {
        match self {
            Self::Schema => match holds(key) {
                Holds::Schema | Holds::Arms => Self::Schema,
                Holds::NamedSchemas => Self::NamedSchemas,
                Holds::Data => Self::Data,
            },
            Self::NamedSchemas => Self::Schema,
            Self::Data => Self::Data,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use serde_json::json;

    #[test]
    fn keywords_come_in_a_fixed_order_and_properties_by_name() {
        let value = json!({
            "properties": {"type": {"maximum": 2, "type": "integer"}, "a": {"enum": ["z", "a"], "type": "string"}},
            "required": ["a"], "type": "object", "zeta": 1, "beta": {"type": 1, "a": 2}
        });
        assert_eq!(
            serde_json::to_string(&Schema(&value)).unwrap(),
            r#"{"type":"object","required":["a"],"properties":{"a":{"type":"string","enum":["z","a"]},"type":{"type":"integer","maximum":2}},"beta":{"a":2,"type":1},"zeta":1}"#
        );
    }

    #[test]
    fn a_document_hashes_the_same_in_any_key_order() {
        let one = json!({"a": 1, "b": [1, 2]});
        let other: Value = serde_json::from_str(r#"{ "b": [1, 2], "a": 1 }"#).unwrap();
        assert_eq!(sha256_of(&one).unwrap(), sha256_of(&other).unwrap());
        assert_ne!(sha256_of(&one).unwrap(), sha256_of(&json!({"a": 1, "b": [2, 1]})).unwrap());
    }
}
