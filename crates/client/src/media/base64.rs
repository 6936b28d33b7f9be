//! Bytes that travel as base64 text inside JSON.

use std::{fmt, fs, io, path::Path};

use base64_simd::{STANDARD, STANDARD_NO_PAD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Media, extension, sniff};

/// Bytes that a JSON body carries as a base64 string.
///
/// ```
/// use workers_ai_client::Base64;
///
/// let audio = Base64::from(b"RIFF");
/// assert_eq!(serde_json::to_string(&audio)?, r#""UklGRg==""#);
/// assert_eq!(serde_json::from_str::<Base64>(r#""data:audio/wav;base64,UklGRg==""#)?, audio);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Base64(Bytes);

impl Base64 {
    /// Reads a file.
    ///
    /// ```no_run
    /// # fn main() -> std::io::Result<()> {
    /// use workers_ai_client::Base64;
    ///
    /// let recording = Base64::from_file("meeting.mp3")?;
    /// assert_eq!((recording.content_type(), recording.extension()), ("audio/mpeg", "mp3"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of reading the file.
    pub fn from_file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::from(fs::read(path)?))
    }

    /// Writes the bytes (not their base64 form) to a file.
    ///
    /// ```no_run
    /// # fn example(picture: workers_ai_client::Base64) -> std::io::Result<()> {
    /// picture.save(format!("lighthouse.{}", picture.extension()))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of writing the file.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, &self.0)
    }

    /// The bytes, decoded.
    ///
    /// ```
    /// use workers_ai_client::Base64;
    ///
    /// let audio: Base64 = serde_json::from_str(r#""UklGRg==""#)?;
    /// assert_eq!(audio.as_bytes(), b"RIFF");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, decoded and shared.
    ///
    /// ```
    /// use workers_ai_client::{Base64, Bytes};
    ///
    /// let body: Bytes = Base64::from(b"RIFF").bytes();
    /// assert_eq!(body.len(), 4);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }

    /// What the bytes are, for example `image/jpeg`; `application/octet-stream` when nothing tells.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        sniff(&self.0).unwrap_or(super::sniff::UNKNOWN)
    }

    /// The usual file name extension for these bytes, without a dot; `bin` when nothing tells.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        extension(&self.0, "")
    }

    /// The bytes with their content type.
    ///
    /// ```
    /// use workers_ai_client::Base64;
    ///
    /// let drawn = Base64::from(b"\x89PNG\r\n\x1a\n");
    /// let shown = drawn.media(); // as a chat message carries it
    /// assert_eq!(shown.content_type(), "image/png");
    /// ```
    #[must_use]
    pub fn media(&self) -> Media {
        Media::from(self.bytes())
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({}, {} bytes)", self.content_type(), self.0.len())
    }
}

impl From<Bytes> for Base64 {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::new();
        encode_into(&self.0, &mut text);
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Base64 {
    /// Takes bare base64, padded or not, or a `data:` URL.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text(|text: &str| decode(text.as_bytes()).map(|(bytes, _)| Self(bytes))))
    }
}

/// Decodes text where it lies, in the body it came with: megabytes are not copied first.
pub(super) struct Text<F>(pub(super) F);

impl<T, F: FnOnce(&str) -> Result<T, NotBase64>> de::Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

pub(super) fn encode_into(bytes: &[u8], text: &mut String) {
    STANDARD.encode_append(bytes, text);
}

/// The bytes of bare base64 or of a `data:` URL, with the content type that the URL names.
pub(crate) fn decode(text: &[u8]) -> Result<(Bytes, Option<&str>), NotBase64> {
    let (text, content_type) = match text.strip_prefix(b"data:") {
        None => (text, None),
        Some(url) => {
            let comma = memchr::memchr(b',', url).ok_or(NotBase64)?;
            let (head, data) = url.split_at_checked(comma).ok_or(NotBase64)?;
            let content_type = head.strip_suffix(b";base64").ok_or(NotBase64)?;
            let content_type = std::str::from_utf8(content_type).map_err(|_| NotBase64)?;
            (data.strip_prefix(b",").unwrap_or(data), Some(content_type).filter(|name| !name.is_empty()))
        }
    };
    let text = text.trim_ascii();
    let bare = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    if bare.len() < text.len() && bare.len() % 4 == 0 {
        return Err(NotBase64);
    }
    // Straight into an allocation of the right size, which becomes the bytes: the only copy.
    let bytes = STANDARD_NO_PAD.decode_to_vec(bare).map_err(|_| NotBase64)?;
    Ok((bytes.into(), content_type))
}

/// The text is neither base64 nor a `data:` URL that holds base64. (What it says instead is not repeated: it can be
/// megabytes.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotBase64;

impl fmt::Display for NotBase64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not base64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_fills_up_and_nothing_else() {
        let decoded = |text: &str| decode(text.as_bytes()).ok().map(|(bytes, _)| bytes);
        for (text, bytes) in [("", ""), ("YWJj", "abc"), ("YWI=", "ab"), ("YWI", "ab"), ("YQ==", "a"), (" YQ \n", "a")]
        {
            assert_eq!(decoded(text).as_deref(), Some(bytes.as_bytes()), "{text:?}");
        }
        for text in ["YWJj=", "YWJj==", "=", "Y", "YW!j"] {
            assert_eq!(decoded(text), None, "{text:?}");
        }
    }
}
