//! What a message says: one text, or a list of parts.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::{
    invalid::InvalidMessage,
    modality::{FitsInto, Modality, Text},
    part::Part,
};

/// The content of a message.
///
/// ```
/// use workers_ai_text_generation::{Content, Part, Vision};
///
/// let content: Content<Vision> = Content::from([Part::text("What is"), Part::text("this?")]);
/// assert_eq!(content.text(), "What is\nthis?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content<C: Modality = Text> {
    /// One text.
    Text(String),
    /// Parts, in order.
    Parts(Vec<Part<C>>),
}

impl<C: Modality> Content<C> {
    /// The text, parts joined by a line break. Attachments are left out.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Parts(parts) => match parts.as_slice() {
                [part] => Cow::Borrowed(part.as_text().unwrap_or_default()),
                parts => Cow::Owned(parts.iter().filter_map(Part::as_text).collect::<Vec<_>>().join("\n")),
            },
        }
    }

    /// The parts; a plain text has none.
    ///
    /// ```
    /// use workers_ai_text_generation::{Content, Part};
    ///
    /// let content: Content = [Part::text("Once"), Part::text("upon a time")].into();
    /// assert_eq!(content.parts().len(), 2);
    /// assert!(Content::<workers_ai_text_generation::Text>::from("Once upon a time").parts().is_empty());
    /// ```
    #[must_use]
    pub fn parts(&self) -> &[Part<C>] {
        match self {
            Self::Text(_) => &[],
            Self::Parts(parts) => parts,
        }
    }

    /// Adds a part at the end; a plain text becomes the first part.
    ///
    /// ```
    /// use workers_ai_text_generation::{Content, Image, Vision};
    ///
    /// let mut content: Content<Vision> = "What is this?".into();
    /// content.push(Image::from("https://example.com/cat.jpg"));
    /// assert_eq!(content.parts().len(), 2);
    /// ```
    pub fn push(&mut self, part: impl Into<Part<C>>) {
        match self {
            Self::Parts(parts) => parts.push(part.into()),
            Self::Text(text) => *self = Self::Parts(vec![Part::Text(std::mem::take(text)), part.into()]),
        }
    }

    pub(crate) fn widen<D: Modality>(self) -> Content<D>
    where
        C: FitsInto<D>,
    {
        match self {
            Self::Text(text) => Content::Text(text),
            Self::Parts(parts) => Content::Parts(parts.into_iter().map(Part::widen).collect()),
        }
    }

    /// Moves the parts one by one, naming the first that cannot move.
    pub(crate) fn try_map<D: Modality>(
        self,
        narrow: impl Fn(Part<C>) -> Result<Part<D>, String>,
    ) -> Result<Content<D>, InvalidMessage> {
        Ok(match self {
            Self::Text(text) => Content::Text(text),
            Self::Parts(parts) => Content::Parts(
                parts
                    .into_iter()
                    .enumerate()
                    .map(|(index, part)| narrow(part).map_err(|reason| InvalidMessage::new(reason).in_part(index)))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }

    /// Reads content in any published form; a part by itself becomes a list of one.
    pub(crate) fn from_json(value: Value) -> Result<Self, InvalidMessage> {
        match value {
            Value::String(text) => Ok(Self::Text(text)),
            Value::Array(parts) => parts
                .into_iter()
                .enumerate()
                .map(|(index, part)| Part::from_json(part).map_err(|reason| InvalidMessage::new(reason).in_part(index)))
                .collect::<Result<_, _>>()
                .map(Self::Parts),
            part @ Value::Object(_) => match Part::from_json(part) {
                Ok(part) => Ok(Self::Parts(vec![part])),
                Err(reason) => Err(InvalidMessage::new(reason)),
            },
            _ => Err(InvalidMessage::new("content must be text or a list of parts")),
        }
    }
}

impl<C: Modality> From<&str> for Content<C> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<C: Modality> From<&String> for Content<C> {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl<C: Modality> From<String> for Content<C> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<C: Modality> From<Cow<'_, str>> for Content<C> {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl<C: Modality> From<Part<C>> for Content<C> {
    fn from(part: Part<C>) -> Self {
        Self::Parts(vec![part])
    }
}

impl<C: Modality> From<Vec<Part<C>>> for Content<C> {
    fn from(parts: Vec<Part<C>>) -> Self {
        Self::Parts(parts)
    }
}

impl<C: Modality, const N: usize> From<[Part<C>; N]> for Content<C> {
    fn from(parts: [Part<C>; N]) -> Self {
        Self::Parts(parts.into())
    }
}

impl<C: Modality> Serialize for Content<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Parts(parts) => parts.serialize(serializer),
        }
    }
}

impl<'de, C: Modality> Deserialize<'de> for Content<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
