//! Text with a range of lengths.

use std::{borrow::Cow, fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{OutOfRange, length, sentence::Sentence};

/// Text of `MIN` to `MAX` characters (Unicode code points, as JSON Schema counts), both included.
///
/// `usize::MAX` leaves the upper side open. Making one is infallible, so that requests read well; a length outside the
/// range is refused when the request is built for sending, before anything leaves the program. For literals
/// [`lit!`](crate::lit) checks while compiling.
///
/// ```
/// use workers_ai_client::{Text, lit};
///
/// type Prompt = Text<1, 2048>;
///
/// let from_program: Prompt = "a lighthouse".into();
/// assert_eq!(from_program, lit!(Prompt, "a lighthouse"));
/// assert!(Prompt::from("").check().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MIN: usize = 0, const MAX: usize = { usize::MAX }>(Cow<'static, str>);

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The least number of characters accepted.
    ///
    /// ```
    /// use workers_ai_client::Text;
    ///
    /// type Prompt = Text<1, 2048>;
    ///
    /// let typed = "a lighthouse ".repeat(500);
    /// let prompt = Prompt::from(typed.chars().take(Prompt::MAX).collect::<String>());
    /// assert!(prompt.check().is_ok() && prompt.chars().count() >= Prompt::MIN);
    /// ```
    pub const MIN: usize = MIN;

    /// The greatest number of characters accepted.
    pub const MAX: usize = MAX;

    /// The plain text.
    ///
    /// ```
    /// use workers_ai_client::Text;
    ///
    /// let prompt: Text<1, 2048> = "a lighthouse".into();
    /// assert_eq!(prompt.as_str(), "a lighthouse");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The plain text, owned.
    ///
    /// ```
    /// use workers_ai_client::Text;
    ///
    /// let prompt: Text<1, 2048> = "a lighthouse".into();
    /// assert_eq!(prompt.into_string() + " at night", "a lighthouse at night");
    /// ```
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }

    /// Whether the length is inside the range, as sending will check it.
    ///
    /// ```
    /// use workers_ai_client::Text;
    ///
    /// let refused = Text::<1, 20>::from("").check().unwrap_err();
    /// assert_eq!(refused.to_string(), "text of 0 characters is outside 1 to 20");
    /// ```
    ///
    /// # Errors
    ///
    /// Names the length and the range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let characters = characters(self.0.as_bytes());
        if characters >= MIN && characters <= MAX {
            Ok(())
        } else {
            Err(length("text", "character", characters, MIN, MAX))
        }
    }

    /// A literal. The caller is a constant, so a failed assertion is a compile error.
    #[track_caller]
    pub(super) const fn literal(text: &'static str) -> Self {
        let characters = characters(text.as_bytes());
        assert!(characters >= MIN && characters <= MAX, "{}", Self::outside(characters).as_str());
        Self(Cow::Borrowed(text))
    }

    const fn outside(characters: usize) -> Sentence {
        let unit = if characters == 1 { " character" } else { " characters" };
        let subject = Sentence::new("text of ").number(characters as i128, 0).text(unit);
        let least = if MIN > 0 { Some(MIN as i128) } else { None };
        let most = if MAX < usize::MAX { Some(MAX as i128) } else { None };
        Sentence::outside(subject, least, most, 0)
    }
}

/// Counts code points: every byte of UTF-8 that does not continue a character begins one. (`str::chars` cannot be
/// called while compiling.)
const fn characters(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while let [first, rest @ ..] = bytes {
        count += (*first & 0xC0 != 0x80) as usize;
        bytes = rest;
    }
    count
}

impl<const MIN: usize, const MAX: usize> Deref for Text<MIN, MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> AsRef<str> for Text<MIN, MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> From<&str> for Text<MIN, MAX> {
    fn from(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }
}

impl<const MIN: usize, const MAX: usize> From<String> for Text<MIN, MAX> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl<const MIN: usize, const MAX: usize> From<&String> for Text<MIN, MAX> {
    fn from(text: &String) -> Self {
        Self(Cow::Owned(text.clone()))
    }
}

impl<const MIN: usize, const MAX: usize> From<Cow<'_, str>> for Text<MIN, MAX> {
    fn from(text: Cow<'_, str>) -> Self {
        Self(Cow::Owned(text.into_owned()))
    }
}

impl<const MIN: usize, const MAX: usize> From<Text<MIN, MAX>> for String {
    fn from(text: Text<MIN, MAX>) -> Self {
        text.into_string()
    }
}

impl<const MIN: usize, const MAX: usize> PartialEq<str> for Text<MIN, MAX> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<const MIN: usize, const MAX: usize> PartialEq<&str> for Text<MIN, MAX> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Debug for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<const MIN: usize, const MAX: usize> Serialize for Text<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(ser::Error::custom)?;
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Text<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Self(Cow::Owned(String::deserialize(deserializer)?));
        text.check().map_err(de::Error::custom)?;
        Ok(text)
    }
}
