//! Whole numbers that travel as text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A whole number that the wire wants as a string of digits.
///
/// ```
/// use workers_ai_client::Digits;
///
/// assert_eq!(serde_json::to_string(&Digits::from(16_000_u32)).unwrap(), "\"16000\"");
/// assert!(serde_json::from_str::<Digits>("\"16 kHz\"").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digits(String);

impl Digits {
    /// The digits.
    ///
    /// ```
    /// use workers_ai_client::Digits;
    ///
    /// assert_eq!(Digits::from(16_000_u32).as_str(), "16000");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<u32> for Digits {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl From<u64> for Digits {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(format_args!("`{text}` is not a string of digits")))
        }
    }
}
