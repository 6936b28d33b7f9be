//! Why a conversation cannot be sent: which message, which part, what is wrong.

use std::fmt;

/// A message that a model does not take.
///
/// ```
/// use workers_ai_text_generation::{Message, Messages, Text, Vision};
///
/// let seen: Messages<Vision> = Messages::from([
///     Message::system("Be brief."),
///     Message::user_with_image("What is this?", "data:image/png;base64,iVBORw0KGgo="),
/// ]);
/// let refused = Messages::<Text>::try_from(seen).unwrap_err();
/// assert_eq!((refused.message(), refused.part()), (Some(1), Some(1)));
/// assert_eq!(refused.to_string(), "message 1, part 1: an image cannot go to a model that reads text only");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMessage {
    message: Option<usize>,
    part: Option<usize>,
    reason: String,
}

impl InvalidMessage {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { message: None, part: None, reason: reason.into() }
    }

    pub(crate) fn in_message(mut self, index: usize) -> Self {
        self.message = Some(index);
        self
    }

    pub(crate) fn in_part(mut self, index: usize) -> Self {
        self.part = Some(index);
        self
    }

    /// Which message, counted from zero. `None` when a message was looked at alone, or none in particular is wrong.
    #[must_use]
    pub fn message(&self) -> Option<usize> {
        self.message
    }

    /// Which part of the message, counted from zero. `None` when the message as a whole is wrong.
    #[must_use]
    pub fn part(&self) -> Option<usize> {
        self.part
    }
}

impl fmt::Display for InvalidMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message, self.part) {
            (Some(message), Some(part)) => write!(f, "message {message}, part {part}: ")?,
            (Some(message), None) => write!(f, "message {message}: ")?,
            (None, Some(part)) => write!(f, "part {part}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for InvalidMessage {}
