//! Serde functions for the generated bindings: what the wire does that derived code does not expect.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the default: models send it for fields their schema calls a list or a text.
///
/// For use as `#[serde(default, deserialize_with = "workers_ai_client::wire::null_as_default")]`.
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
