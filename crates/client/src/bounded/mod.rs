//! Values with a published range: numbers, text and lists that cannot be sent when they are outside it.

mod always;
mod digits;
mod integer;
mod list;
mod literal;
mod number;
mod one_or_many;
mod sentence;
mod text;

use std::fmt;

pub use self::always::Always;
pub use self::digits::Digits;
pub use self::integer::Integer;
pub use self::list::List;
pub use self::literal::Checked;
pub use self::number::Number;
pub use self::one_or_many::OneOrMany;
pub use self::text::Text;

/// A value that lies outside the range its parameter accepts. The text names both.
///
/// ```
/// use workers_ai_client::Number;
///
/// let refused = Number::<0, 5000>::new(5.1).unwrap_err();
/// assert_eq!(refused.to_string(), "5.1 is outside 0 to 5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfRange(String);

impl OutOfRange {
    /// `None` is an open end.
    fn new<T: fmt::Display>(value: impl fmt::Display, least: Option<T>, most: Option<T>) -> Self {
        Self(match (least, most) {
            (Some(least), Some(most)) => format!("{value} is outside {least} to {most}"),
            (Some(least), None) => format!("{value} is below {least}"),
            (None, Some(most)) => format!("{value} is above {most}"),
            (None, None) => format!("{value} is not accepted"),
        })
    }

    fn other(text: String) -> Self {
        Self(text)
    }

    /// A word that is none of those that there are; for [`choice!`](crate::choice).
    #[doc(hidden)]
    #[must_use]
    pub fn choice(value: &str, known: &[&str]) -> Self {
        let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
        Self(format!("`{value}` is none of {}", known.join(", ")))
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OutOfRange {}

/// The error of a text or list whose length is out of range: `"text of 0 characters is outside 1 to 20"`.
fn length(what: &str, unit: &str, length: usize, least: usize, most: usize) -> OutOfRange {
    let plural = if length == 1 { "" } else { "s" };
    OutOfRange::new(
        format_args!("{what} of {length} {unit}{plural}"),
        (least > 0).then_some(least),
        (most < usize::MAX).then_some(most),
    )
}
