//! What a message may carry besides text: images, videos, recordings and files.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use workers_ai_client::Media;

/// Something other than text in a message.
///
/// ```
/// use workers_ai_text_generation::{Attachment, Message, Part, Vision};
///
/// let message: Message<Vision> = Message::user_with_image("What is this?", "https://example.com/cat.jpg");
/// let parts = message.content().map(|content| content.parts()).unwrap_or_default();
/// let images = parts.iter().filter_map(Part::as_attachment).filter(|part| matches!(part, Attachment::Image(_)));
/// assert_eq!(images.count(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attachment {
    /// An image.
    Image(Image),
    /// A video.
    Video(Video),
    /// A recording.
    Audio(Audio),
    /// A file.
    File(File),
}

impl Attachment {
    /// The kinds of part that carry an attachment; the field beside `type` has the same name.
    pub(crate) const KINDS: [&str; 4] = ["image_url", "video_url", "input_audio", "file"];

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Image(_) => "image_url",
            Self::Video(_) => "video_url",
            Self::Audio(_) => "input_audio",
            Self::File(_) => "file",
        }
    }

    /// Reads the field that stands beside `type`, if it holds nothing but what the typed form knows.
    pub(crate) fn exact(kind: &str, value: &serde_json::Value) -> Option<Self> {
        match kind {
            "image_url" => Image::deserialize(value).map(Self::Image).ok(),
            "video_url" => Video::deserialize(value).map(Self::Video).ok(),
            "input_audio" => Audio::deserialize(value).map(Self::Audio).ok(),
            "file" => File::deserialize(value).map(Self::File).ok(),
            _ => None,
        }
    }
}

impl AsRef<Self> for Attachment {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Serialize for Attachment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", self.kind())?;
        match self {
            Self::Image(image) => map.serialize_entry(self.kind(), image)?,
            Self::Video(video) => map.serialize_entry(self.kind(), video)?,
            Self::Audio(audio) => map.serialize_entry(self.kind(), audio)?,
            Self::File(file) => map.serialize_entry(self.kind(), file)?,
        }
        map.end()
    }
}

/// The attachment of a text-only message: there is none, and no value of this type.
///
/// ```
/// use workers_ai_text_generation::{Part, Text};
///
/// // The compiler knows that this arm cannot be reached.
/// fn length(part: &Part<Text>) -> usize {
///     match part {
///         Part::Text(text) | Part::Refusal(text) => text.len(),
///         Part::Attachment(none) => match *none {},
///         _ => 0,
///     }
/// }
///
/// assert_eq!(length(&Part::text("sea")), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAttachment {}

impl AsRef<Attachment> for NoAttachment {
    fn as_ref(&self) -> &Attachment {
        match *self {}
    }
}

impl From<NoAttachment> for Attachment {
    fn from(none: NoAttachment) -> Self {
        match none {}
    }
}

/// An image, as a `data:` URL or the address of one.
///
/// Bytes become a data URL with the content type read from the bytes. Classic models take data URLs only.
///
/// ```
/// use workers_ai_text_generation::{Detail, Image};
///
/// let image = Image::from_bytes(b"\x89PNG\r\n\x1a\n").with_detail(Detail::Low);
/// assert!(image.url.starts_with("data:image/png;base64,"));
/// assert_eq!(Image::from("https://example.com/cat.jpg").url, "https://example.com/cat.jpg");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Image {
    /// A `data:` URL or an address.
    pub url: String,
    /// How closely to look, where a model offers the choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

impl Image {
    /// An image from its bytes.
    ///
    /// ```
    /// use workers_ai_text_generation::Image;
    ///
    /// let image = Image::from_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    /// assert!(image.url.starts_with("data:image/jpeg;base64,"));
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Media>) -> Self {
        Self::from(bytes.into().data_url())
    }

    /// An image from a file. Its content type is read from the bytes, whatever the file is called.
    ///
    /// ```no_run
    /// use workers_ai_text_generation::{Image, Message, Vision};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let message: Message<Vision> = Message::user_with_image("What is this?", Image::from_file("cat.jpg")?);
    /// # let _ = message;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of reading the file.
    pub fn from_file(path: impl AsRef<std::path::Path>) -> std::io::Result<Self> {
        Media::from_file(path).map(Self::from_bytes)
    }

    /// Says how closely to look.
    ///
    /// ```
    /// use workers_ai_text_generation::{Detail, Image, Message, Vision};
    ///
    /// let scan = Image::from("https://example.com/contract.png").with_detail(Detail::High);
    /// let message: Message<Vision> = Message::user_with_image("Who has signed?", scan);
    /// # assert!(serde_json::to_string(&message).unwrap().contains(r#""detail":"high""#));
    /// ```
    #[must_use]
    pub fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = Some(detail);
        self
    }
}

impl From<&str> for Image {
    fn from(url: &str) -> Self {
        Self::from(url.to_owned())
    }
}

impl From<String> for Image {
    fn from(url: String) -> Self {
        Self { url, detail: None }
    }
}

impl From<Media> for Image {
    fn from(media: Media) -> Self {
        Self::from_bytes(media)
    }
}

impl From<&Media> for Image {
    fn from(media: &Media) -> Self {
        Self::from(media.data_url())
    }
}

impl From<Vec<u8>> for Image {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<&[u8]> for Image {
    fn from(bytes: &[u8]) -> Self {
        Self::from_bytes(bytes)
    }
}

/// How closely to look at an image.
///
/// ```
/// use workers_ai_text_generation::{Detail, Image};
///
/// let photo = Image::from("https://example.com/cat.jpg").with_detail(Detail::Low);
/// assert_eq!(serde_json::to_value(&photo)?["detail"], "low");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Detail {
    /// The model decides.
    Auto,
    /// A glance: fewer tokens.
    Low,
    /// Every detail: more tokens.
    High,
}

/// A video, by its address or as a `data:` URL.
///
/// ```
/// use workers_ai_text_generation::{Message, Part, Vision};
///
/// let message: Message<Vision> =
///     Message::user([Part::text("What happens here?"), Part::video("https://example.com/waves.mp4")]);
/// assert_eq!(message.text(), "What happens here?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Video {
    /// A `data:` URL or an address.
    pub url: String,
}

impl<T: Into<String>> From<T> for Video {
    fn from(url: T) -> Self {
        Self { url: url.into() }
    }
}

/// A recording inside a message.
///
/// ```
/// use workers_ai_text_generation::{Audio, AudioFormat, Message, Part, Vision};
///
/// let recording = Audio::new("UklGRg==", AudioFormat::Wav);
/// let message: Message<Vision> = Message::user([Part::text("Who speaks?"), Part::audio(recording)]);
/// assert_eq!(serde_json::to_value(&message)?["content"][1]["input_audio"]["format"], "wav");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Audio {
    /// The recording as base64.
    pub data: String,
    /// How the recording is encoded.
    pub format: AudioFormat,
}

impl Audio {
    /// A recording, already base64.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_client::Base64;
    /// use workers_ai_text_generation::{Audio, AudioFormat};
    ///
    /// // From bytes, by the type that writes itself as base64.
    /// let base64: String = serde_json::from_value(serde_json::to_value(Base64::from(b"RIFF"))?)?;
    /// assert_eq!(Audio::new(base64, AudioFormat::Wav).data, "UklGRg==");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(base64: impl Into<String>, format: AudioFormat) -> Self {
        Self { data: base64.into(), format }
    }
}

/// How a recording inside a message is encoded.
///
/// ```
/// use workers_ai_text_generation::AudioFormat;
///
/// assert_eq!(serde_json::to_value(AudioFormat::Mp3)?, "mp3");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AudioFormat {
    /// WAV.
    Wav,
    /// MP3.
    Mp3,
}

/// A file inside a message: its content, or the id under which the service knows it.
///
/// ```
/// use workers_ai_text_generation::{File, Message, Part, Vision};
///
/// let report = File::new("report.pdf", "JVBERi0xLjc=");
/// let message: Message<Vision> = Message::user([Part::text("Sum it up."), Part::file(report)]);
/// assert_eq!(serde_json::to_value(&message)?["content"][1]["file"]["filename"], "report.pdf");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct File {
    /// The content as base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_data: Option<String>,
    /// The id of a file that was uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}

impl File {
    /// A file with its content as base64.
    #[must_use]
    pub fn new(filename: impl Into<String>, base64: impl Into<String>) -> Self {
        Self { file_data: Some(base64.into()), file_id: None, filename: Some(filename.into()) }
    }

    /// A file that was uploaded before.
    ///
    /// ```
    /// use workers_ai_text_generation::File;
    ///
    /// let report = File::uploaded("file-17");
    /// assert_eq!((report.file_id.as_deref(), report.file_data), (Some("file-17"), None));
    /// ```
    #[must_use]
    pub fn uploaded(id: impl Into<String>) -> Self {
        Self { file_id: Some(id.into()), ..Self::default() }
    }
}
