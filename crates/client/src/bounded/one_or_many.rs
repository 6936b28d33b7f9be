//! A single value or a list of them, where a parameter takes both.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// One value or many, sent as the bare value or as a list.
///
/// Embedding models take a text or a list of texts under the same name; this type lets both be written as they are:
///
/// ```
/// use workers_ai_client::{List, OneOrMany, Text};
///
/// type Texts = OneOrMany<Text<1, 1000>, List<Text<1, 1000>, 1, 100>>;
///
/// assert_eq!(serde_json::to_string(&Texts::from("sea")).unwrap(), r#""sea""#);
/// assert_eq!(serde_json::to_string(&Texts::from(["sea", "sky"])).unwrap(), r#"["sea","sky"]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany<One, Many> {
    /// The bare value.
    One(One),
    /// The list.
    Many(Many),
}

impl<One: Serialize, Many: Serialize> Serialize for OneOrMany<One, Many> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(one) => one.serialize(serializer),
            Self::Many(many) => many.serialize(serializer),
        }
    }
}

impl<'de, One: DeserializeOwned, Many: DeserializeOwned> Deserialize<'de> for OneOrMany<One, Many> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        // A single value may be a list itself, so that the shape does not tell.
        match One::deserialize(&value) {
            Ok(one) => Ok(Self::One(one)),
            Err(error) if !value.is_array() => Err(D::Error::custom(error)),
            Err(_) => Many::deserialize(value).map(Self::Many).map_err(D::Error::custom),
        }
    }
}

impl<'a, One: From<&'a str>, Many> From<&'a str> for OneOrMany<One, Many> {
    fn from(one: &'a str) -> Self {
        Self::One(one.into())
    }
}

impl<'a, One: From<&'a String>, Many> From<&'a String> for OneOrMany<One, Many> {
    fn from(one: &'a String) -> Self {
        Self::One(one.into())
    }
}

impl<One: From<String>, Many> From<String> for OneOrMany<One, Many> {
    fn from(one: String) -> Self {
        Self::One(one.into())
    }
}

impl<One, T, Many: From<Vec<T>>> From<Vec<T>> for OneOrMany<One, Many> {
    fn from(many: Vec<T>) -> Self {
        Self::Many(many.into())
    }
}

impl<One, T, const N: usize, Many: From<[T; N]>> From<[T; N]> for OneOrMany<One, Many> {
    fn from(many: [T; N]) -> Self {
        Self::Many(many.into())
    }
}

impl<'a, One, T, Many: From<&'a [T]>> From<&'a [T]> for OneOrMany<One, Many> {
    fn from(many: &'a [T]) -> Self {
        Self::Many(many.into())
    }
}

impl<'a, One, T, Many: From<&'a Vec<T>>> From<&'a Vec<T>> for OneOrMany<One, Many> {
    fn from(many: &'a Vec<T>) -> Self {
        Self::Many(many.into())
    }
}

impl<'a, One, T, const N: usize, Many: From<&'a [T; N]>> From<&'a [T; N]> for OneOrMany<One, Many> {
    fn from(many: &'a [T; N]) -> Self {
        Self::Many(many.into())
    }
}
