//! One part of a message: text, a refusal, or an attachment.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::{Map, Value};

use super::{
    attachment::{Attachment, Audio, File, Image, Video},
    modality::{FitsInto, Modality, SeesImages, Text, Vision},
};

/// One part of a message's content.
///
/// The attachment of a `Part<Text>` is of a type without values, so a text-only conversation cannot hold an image.
///
/// ```
/// use workers_ai_text_generation::{Part, Vision};
///
/// let parts: [Part<Vision>; 2] = [Part::text("What is this?"), Part::image("data:image/png;base64,iVBORw0KGgo=")];
/// assert_eq!(parts[0].as_text(), Some("What is this?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part<C: Modality = Text> {
    /// Text.
    Text(String),
    /// A model's words of refusal, in the history.
    Refusal(String),
    /// An image, video, recording or file.
    Attachment(C::Attachment),
    /// A part that was read from JSON and is none of the above. It is kept and sent as it came.
    Other(OtherPart),
}

impl<C: Modality> Part<C> {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text of this part, if it has some.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other(other) => other.0.get("text").and_then(Value::as_str),
            Self::Refusal(_) | Self::Attachment(_) => None,
        }
    }

    /// The attachment of this part, if it is one.
    ///
    /// ```
    /// use workers_ai_text_generation::{Attachment, Part, Vision};
    ///
    /// let part: Part<Vision> = Part::image("https://example.com/cat.jpg");
    /// match part.as_attachment() {
    ///     Some(Attachment::Image(image)) => assert_eq!(image.url, "https://example.com/cat.jpg"),
    ///     other => unreachable!("{other:?}"),
    /// }
    /// ```
    #[must_use]
    pub fn as_attachment(&self) -> Option<&Attachment> {
        match self {
            Self::Attachment(attachment) => Some(attachment.as_ref()),
            Self::Text(_) | Self::Refusal(_) | Self::Other(_) => None,
        }
    }

    /// Moves the part into a conversation that can hold as much or more.
    pub(crate) fn widen<D: Modality>(self) -> Part<D>
    where
        C: FitsInto<D>,
    {
        match self {
            Self::Text(text) => Part::Text(text),
            Self::Refusal(text) => Part::Refusal(text),
            Self::Attachment(attachment) => Part::Attachment(C::move_attachment(attachment)),
            Self::Other(other) => Part::Other(other),
        }
    }

    /// Reads a part; what does not have exactly a known form is kept as it is.
    pub(crate) fn from_json(value: Value) -> Result<Self, String> {
        let Value::Object(mut map) = value else {
            return Err("a part must be an object".to_owned());
        };
        strip_nulls(&mut map);
        if map.len() == 2
            && let Some(kind) = map.get("type").and_then(Value::as_str)
            && let Some(value) = map.get(kind)
        {
            match (kind, value) {
                ("text", Value::String(text)) => return Ok(Self::Text(text.clone())),
                ("refusal", Value::String(text)) => return Ok(Self::Refusal(text.clone())),
                _ => {}
            }
            if let Some(attachment) = Attachment::exact(kind, value) {
                return C::attach(attachment).map(Self::Attachment).map_err(|attachment| text_only(attachment.kind()));
            }
        }
        let other = OtherPart(map);
        match other.attached() {
            Some(kind) if !C::ATTACHES => Err(text_only(kind)),
            _ => Ok(Self::Other(other)),
        }
    }
}

impl<C: SeesImages> Part<C> {
    /// An image, from a URL or from bytes.
    #[must_use]
    pub fn image(image: impl Into<Image>) -> Self {
        Self::Attachment(Attachment::Image(image.into()))
    }

    /// A video.
    #[must_use]
    pub fn video(video: impl Into<Video>) -> Self {
        Self::Attachment(Attachment::Video(video.into()))
    }

    /// A recording.
    #[must_use]
    pub fn audio(audio: Audio) -> Self {
        Self::Attachment(Attachment::Audio(audio))
    }

    /// A file.
    #[must_use]
    pub fn file(file: File) -> Self {
        Self::Attachment(Attachment::File(file))
    }
}

/// A part of no known form, as it was read.
///
/// ```
/// use workers_ai_text_generation::Part;
///
/// let part: Part = serde_json::from_str(r#"{"type": "thinking", "thinking": "Hm."}"#)?;
/// let Part::Other(other) = &part else { unreachable!() };
/// assert_eq!(other.fields()["thinking"], "Hm.");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherPart(Map<String, Value>);

impl OtherPart {
    /// The fields of the part.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The kind of attachment that the fields speak of.
    fn attached(&self) -> Option<&'static str> {
        let kind = self.0.get("type").and_then(Value::as_str);
        Attachment::KINDS.into_iter().find(|known| kind == Some(known) || self.0.contains_key(*known))
    }
}

/// The service reads `null` as nothing, its schemas do not: nothing is what goes out.
fn strip_nulls(map: &mut Map<String, Value>) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        if let Value::Object(inner) = value {
            strip_nulls(inner);
        }
    }
}

fn text_only(kind: &str) -> String {
    let what = match kind {
        "image_url" => "an image",
        "video_url" => "a video",
        "input_audio" => "a recording",
        _ => "a file",
    };
    format!("{what} cannot go to a model that reads text only")
}

impl From<Part<Text>> for Part<Vision> {
    fn from(part: Part<Text>) -> Self {
        part.widen()
    }
}

impl TryFrom<Part<Vision>> for Part<Text> {
    type Error = String;

    fn try_from(part: Part<Vision>) -> Result<Self, String> {
        match part {
            Part::Text(text) => Ok(Self::Text(text)),
            Part::Refusal(text) => Ok(Self::Refusal(text)),
            Part::Attachment(attachment) => Err(text_only(attachment.kind())),
            Part::Other(other) => match other.attached() {
                Some(kind) => Err(text_only(kind)),
                None => Ok(Self::Other(other)),
            },
        }
    }
}

impl<C: Modality> From<&str> for Part<C> {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl<C: Modality> From<String> for Part<C> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<C: SeesImages> From<Image> for Part<C> {
    fn from(image: Image) -> Self {
        Self::image(image)
    }
}

impl<C: Modality> Serialize for Part<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, text) = match self {
            Self::Text(text) => ("text", text),
            Self::Refusal(text) => ("refusal", text),
            Self::Attachment(attachment) => return attachment.as_ref().serialize(serializer),
            Self::Other(other) => return other.0.serialize(serializer),
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", kind)?;
        map.serialize_entry(kind, text)?;
        map.end()
    }
}

impl<'de, C: Modality> Deserialize<'de> for Part<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
