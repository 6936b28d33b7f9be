//! A switch that has only one position.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A flag that a model accepts with one value only.
///
/// ```
/// use workers_ai_client::Always;
///
/// assert_eq!(serde_json::to_string(&Always::<true>).unwrap(), "true");
/// assert!(serde_json::from_str::<Always<true>>("false").is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Always<const VALUE: bool>;

impl<const VALUE: bool> Serialize for Always<VALUE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(VALUE)
    }
}

impl<'de, const VALUE: bool> Deserialize<'de> for Always<VALUE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? == VALUE {
            Ok(Self)
        } else {
            Err(de::Error::custom(format_args!("only {VALUE} is accepted")))
        }
    }
}
