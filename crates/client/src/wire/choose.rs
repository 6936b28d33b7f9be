//! Tells alternative shapes of a value apart by what arrives.

use serde::de;
use serde_json::Value;

use super::verbatim::{Form, Held};

/// What tells one shape of a value from the others.
///
/// ```
/// use serde_json::json;
/// use workers_ai_client::wire::{Arm, choose};
///
/// let arms = [Arm::Tag("type", "text"), Arm::Keys(&["image_url"]), Arm::Text];
/// assert_eq!(choose(&json!({"type": "text", "text": "sea"}), &arms), Some(0));
/// assert_eq!(choose(&json!("sea"), &arms), Some(2));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Arm {
    /// An object with all of these keys; of several such arms the one with the most keys is meant.
    Keys(&'static [&'static str]),
    /// An object with any of these keys.
    AnyKey(&'static [&'static str]),
    /// An object whose key holds this text.
    Tag(&'static str, &'static str),
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
    /// Anything.
    Any,
}

/// Which arm a value is meant to be, by what it holds rather than by what decodes.
///
/// ```
/// use serde_json::json;
/// use workers_ai_client::wire::{Arm, choose};
///
/// let arms = [Arm::Keys(&["prompt"]), Arm::Keys(&["prompt", "image"])];
/// assert_eq!(choose(&json!({"prompt": "sea", "image": null}), &arms), Some(0));
/// assert_eq!(choose(&json!({"prompt": "sea", "image": "iVBOR"}), &arms), Some(1));
/// assert_eq!(choose(&json!(7), &arms), None);
/// ```
#[must_use]
pub fn choose(value: &impl Look, arms: &[Arm]) -> Option<usize> {
    let fits = |arm: &Arm| match arm {
        Arm::Keys(keys) => keys.iter().all(|key| value.has(key)).then_some(2 + keys.len()),
        Arm::AnyKey(keys) => keys.iter().any(|key| value.has(key)).then_some(2),
        Arm::Tag(key, tag) => value.says(key, tag).then_some(usize::MAX),
        Arm::Text => (value.kind() == Kind::Text).then_some(2),
        Arm::Number => (value.kind() == Kind::Number).then_some(2),
        Arm::Boolean => (value.kind() == Kind::Boolean).then_some(2),
        Arm::List => (value.kind() == Kind::List).then_some(2),
        Arm::Object => (value.kind() == Kind::Object).then_some(1),
        Arm::Any => Some(0),
    };
    let mut best: Option<(usize, usize)> = None;
    for (index, arm) in arms.iter().enumerate() {
        if let Some(rank) = fits(arm)
            && best.is_none_or(|(_, known)| rank > known)
        {
            best = Some((index, rank));
        }
    }
    best.map(|(index, _)| index)
}

/// The error of a value that is none of the arms; for [`union!`](crate::union).
#[doc(hidden)]
pub fn expected<E: de::Error>(arms: &[Arm]) -> E {
    let keys = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    let name = |arm: &Arm| match arm {
        Arm::Keys(names) | Arm::AnyKey(names) => format!("an object with {}", keys(names)),
        Arm::Tag(key, tag) => format!("an object whose `{key}` is `{tag}`"),
        Arm::Text => "string".to_owned(),
        Arm::Number => "number".to_owned(),
        Arm::Boolean => "boolean".to_owned(),
        Arm::List => "array".to_owned(),
        Arm::Object => "object".to_owned(),
        Arm::Any => "any".to_owned(),
    };
    E::custom(format_args!("expected {}", arms.iter().map(name).collect::<Vec<_>>().join(", or ")))
}

/// A value that can be looked at: JSON, taken apart or not.
///
/// ```
/// use serde_json::json;
/// use workers_ai_client::wire::{Arm, Look, choose};
///
/// fn is_text(value: &impl Look) -> bool {
///     choose(value, &[Arm::Text]).is_some()
/// }
///
/// assert!(is_text(&json!("sea")));
/// ```
pub trait Look: sealed::Sealed {
    /// Whether it is an object with this key. Keys that are null count as absent: some models fill in every field.
    #[doc(hidden)]
    fn has(&self, key: &str) -> bool;

    /// Whether it is an object whose key holds this text.
    #[doc(hidden)]
    fn says(&self, key: &str, text: &str) -> bool;

    #[doc(hidden)]
    fn kind(&self) -> Kind;
}

/// The kinds of JSON.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}

impl Look for Value {
    fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_null())
    }

    fn says(&self, key: &str, text: &str) -> bool {
        self.get(key).and_then(Value::as_str) == Some(text)
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::Text,
            Self::Array(_) => Kind::List,
            Self::Object(_) => Kind::Object,
        }
    }
}

impl Look for Held<'_> {
    fn has(&self, key: &str) -> bool {
        match self.form() {
            Form::Object(_, fields) => fields.iter().any(|(name, value)| *name == key.as_bytes() && *value != b"null"),
            Form::Value(value) => value.has(key),
        }
    }

    fn says(&self, key: &str, text: &str) -> bool {
        match self.form() {
            Form::Object(_, fields) => fields.iter().any(|(name, value)| {
                *name == key.as_bytes() && serde_json::from_slice::<String>(value).is_ok_and(|said| said == text)
            }),
            Form::Value(value) => value.says(key, text),
        }
    }

    fn kind(&self) -> Kind {
        match self.form() {
            Form::Object(..) => Kind::Object,
            Form::Value(value) => value.kind(),
        }
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for serde_json::Value {}

    impl Sealed for super::Held<'_> {}
}
