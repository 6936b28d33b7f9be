//! Requests on their way out: what a model's request becomes before a transport sends it.

mod encoded;
mod file;
mod form;
mod json;
mod query;
mod source;

use std::fmt;

pub use self::encoded::{Encoded, Multipart};
pub use self::form::{AsFile, Form, Part};
pub(crate) use self::json::{explain, write};
pub use self::source::Source;

use crate::transport::BoxError;

/// What a model takes: anything that knows how to become a body.
///
/// The bindings implement it. Doing so by hand is for models they do not know:
///
/// ```
/// use serde::Serialize;
/// use workers_ai_client::{Encoded, Invalid, Number, Request};
///
/// #[derive(Serialize)]
/// struct Prompt {
///     prompt: String,
///     #[serde(skip_serializing_if = "Option::is_none")]
///     temperature: Option<Number<0, 5000>>,
/// }
///
/// impl Request for Prompt {
///     fn encode(&self) -> Result<Encoded, Invalid> {
///         Encoded::json(self)
///     }
/// }
/// ```
pub trait Request: Send + Sync + 'static {
    /// The request as a body.
    ///
    /// # Errors
    ///
    /// When a value lies outside the range its parameter accepts.
    fn encode(&self) -> Result<Encoded, Invalid>;
}

/// Any JSON goes as it is.
impl Request for serde_json::Value {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::json(self)
    }
}

/// A request that must not be sent: which parameter, and why.
///
/// ```
/// use workers_ai_client::{Encoded, Error, Invalid, Request};
///
/// struct Lookup(String);
///
/// impl Request for Lookup {
///     fn encode(&self) -> Result<Encoded, Invalid> {
///         if self.0.contains('\0') {
///             return Err(Invalid::parameter("word", "a zero byte cannot be looked up"));
///         }
///         Encoded::json(&serde_json::json!({"word": self.0}))
///     }
/// }
///
/// let error = Error::from(Lookup("\0".to_owned()).encode().unwrap_err());
/// assert!(error.is_invalid_request());
/// assert_eq!(error.message(), "word: a zero byte cannot be looked up");
/// ```
#[derive(Debug)]
pub struct Invalid {
    parameter: Option<String>,
    reason: String,
    source: Option<BoxError>,
}

impl Invalid {
    /// Refuses one parameter, named by its path (`messages[0].content`).
    ///
    /// ```
    /// use workers_ai_client::Invalid;
    ///
    /// let refused = Invalid::parameter("messages[0].content", "it is empty");
    /// assert_eq!(refused.to_string(), "messages[0].content: it is empty");
    /// ```
    #[must_use]
    pub fn parameter(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { parameter: Some(path.into()), reason: reason.into(), source: None }
    }

    /// Refuses the request as a whole.
    ///
    /// ```
    /// use workers_ai_client::Invalid;
    ///
    /// assert_eq!(Invalid::request("either a prompt or messages").to_string(), "either a prompt or messages");
    /// ```
    #[must_use]
    pub fn request(reason: impl Into<String>) -> Self {
        Self { parameter: None, reason: reason.into(), source: None }
    }

    fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parameter) = &self.parameter {
            write!(f, "{parameter}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Invalid {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Invalid> for crate::Error {
    fn from(invalid: Invalid) -> Self {
        let error = Self::invalid(invalid.to_string());
        match invalid.source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}
