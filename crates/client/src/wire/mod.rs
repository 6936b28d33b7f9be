//! Serde functions for the generated bindings: what the wire does that derived code does not expect.

mod choose;
mod cursor;
mod spans;
mod verbatim;

use serde::{Deserialize, Deserializer, de, de::DeserializeOwned};
use serde_json::Value;

pub use self::{
    choose::{Arm, Look, choose, expected},
    cursor::Cursor,
    verbatim::Held,
};
pub(crate) use self::{
    spans::Fields,
    verbatim::{VERBATIM, read},
};

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
