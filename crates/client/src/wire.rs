//! Serde functions for the generated bindings: what the wire does that derived code does not expect.

use serde::{Deserialize, Deserializer, de, de::DeserializeOwned};
use serde_json::Value;

/// Reads `null` as the default: models send it for fields their schema calls a list or a text.
///
/// For use as `#[serde(default, deserialize_with = "workers_ai_client::wire::null_as_default")]`.
///
/// ```
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Reply {
///     #[serde(default, deserialize_with = "workers_ai_client::wire::null_as_default")]
///     labels: Vec<String>,
/// }
///
/// assert_eq!(serde_json::from_str::<Reply>(r#"{"labels": null}"#)?.labels, [""; 0]);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// Those of reading `T`.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

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
pub fn choose(value: &Value, arms: &[Arm]) -> Option<usize> {
    // Keys that are null count as absent: some models fill in every field.
    let has = |key: &&str| value.get(key).is_some_and(|value| !value.is_null());
    let fits = |arm: &Arm| match arm {
        Arm::Keys(keys) => keys.iter().all(has).then_some(2 + keys.len()),
        Arm::AnyKey(keys) => keys.iter().any(has).then_some(2),
        Arm::Tag(key, tag) => (value.get(key).and_then(Value::as_str) == Some(tag)).then_some(usize::MAX),
        Arm::Text => value.is_string().then_some(2),
        Arm::Number => value.is_number().then_some(2),
        Arm::Boolean => value.is_boolean().then_some(2),
        Arm::List => value.is_array().then_some(2),
        Arm::Object => value.is_object().then_some(1),
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

/// Decodes the chosen arm, naming the path that does not fit.
///
/// ```
/// use serde::{Deserialize, Deserializer};
/// use serde_json::{Value, json};
/// use workers_ai_client::wire::{self, Arm};
///
/// #[derive(Debug, PartialEq)]
/// enum Input {
///     One(String),
///     Many(Vec<String>),
/// }
///
/// impl<'de> Deserialize<'de> for Input {
///     fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
///         let value = Value::deserialize(deserializer)?;
///         match wire::choose(&value, &[Arm::Text, Arm::Any]) {
///             Some(0) => wire::decode(value).map(Self::One),
///             _ => wire::decode(value).map(Self::Many),
///         }
///     }
/// }
///
/// assert_eq!(serde_json::from_value::<Input>(json!("sea"))?, Input::One("sea".to_owned()));
/// let error = serde_json::from_value::<Input>(json!(["sea", 7])).unwrap_err();
/// assert!(error.to_string().starts_with("[1]: invalid type"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// When the value is not of the type.
pub fn decode<T: DeserializeOwned, E: de::Error>(value: Value) -> Result<T, E> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        if path == "." { E::custom(error.into_inner()) } else { E::custom(format_args!("{path}: {}", error.inner())) }
    })
}
