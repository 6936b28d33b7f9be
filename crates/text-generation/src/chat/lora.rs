//! A fine-tuned adapter, by its name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A fine-tuned adapter of an account or a public one, by its id or name.
///
/// Only requests of models that can apply adapters have a place for it: their `INFO.flags.lora` is true.
///
/// ```
/// use workers_ai_text_generation::Lora;
///
/// let adapter = Lora::from("cf-public-cnn-summarization");
/// assert!(adapter.is_public());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lora(String);

impl Lora {
    /// The id or name.
    ///
    /// ```
    /// use workers_ai_text_generation::Lora;
    ///
    /// assert_eq!(Lora::from("seafaring").as_str(), "seafaring");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one of the adapters that every account may use, going by its name.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.0.starts_with("cf-public-")
    }
}

impl From<&str> for Lora {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for Lora {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for Lora {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
