//! Bytes in requests and replies: files as they are, as base64 text, and as arrays of numbers.

mod base64;
mod byte_array;
mod sniff;

use std::{fmt, fs, io, path::Path};

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::base64::Base64;
pub(crate) use self::base64::decode as decode_base64;
pub use self::byte_array::ByteArray;
pub(crate) use self::sniff::{UNKNOWN, extension, sniff};

/// An image, a recording or another file: bytes and what they are.
///
/// The content type is read from the bytes themselves. In a JSON body a `Media` is a data URL; as a raw body or a part
/// of a form it travels as it is. Copies are cheap: they share the bytes.
///
/// ```no_run
/// use workers_ai_client::Media;
///
/// # fn main() -> std::io::Result<()> {
/// let photo = Media::from_file("cat.png")?;
/// assert_eq!(photo.content_type(), "image/png");
/// photo.save(format!("copy.{}", photo.extension()))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    bytes: Bytes,
    content_type: Option<Box<str>>,
}

impl Media {
    /// Bytes whose content type is known.
    ///
    /// ```
    /// use workers_ai_client::Media;
    ///
    /// let samples = Media::new(vec![0_u8; 64], "audio/l16");
    /// assert_eq!(samples.content_type(), "audio/l16");
    /// ```
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>, content_type: &str) -> Self {
        Self { bytes: bytes.into(), content_type: Some(content_type.into()) }
    }

    /// Reads a file.
    ///
    /// ```no_run
    /// # fn main() -> std::io::Result<()> {
    /// let photo = workers_ai_client::Media::from_file("cat.png")?;
    /// # let _ = photo;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// All of it is read into memory; for long recordings see [`Source::file`](crate::Source::file).
    ///
    /// # Errors
    ///
    /// Those of reading the file.
    pub fn from_file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::from(fs::read(path)?))
    }

    /// Writes the bytes to a file.
    ///
    /// ```no_run
    /// # fn example(picture: workers_ai_client::Media) -> std::io::Result<()> {
    /// picture.save(format!("lighthouse.{}", picture.extension()))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of writing the file.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, &self.bytes)
    }

    /// The bytes.
    ///
    /// ```
    /// use workers_ai_client::Media;
    ///
    /// let speech = Media::from(b"ID3\x04");
    /// assert!(speech.as_bytes().starts_with(b"ID3"));
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, shared.
    ///
    /// ```
    /// use workers_ai_client::{Bytes, Media};
    ///
    /// // A body for a web framework: nothing is copied.
    /// let body: Bytes = Media::from(vec![0; 1 << 20]).bytes();
    /// assert_eq!(body.len(), 1 << 20);
    /// ```
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// What the bytes are, for example `image/jpeg`; `application/octet-stream` when nothing tells.
    ///
    /// ```
    /// use workers_ai_client::Media;
    ///
    /// assert_eq!(Media::from(b"GIF89a").content_type(), "image/gif");
    /// assert_eq!(Media::from(b"?").content_type(), "application/octet-stream");
    /// ```
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or(sniff::UNKNOWN)
    }

    /// The usual file name extension for these bytes, without a dot; `bin` when nothing tells.
    ///
    /// ```
    /// use workers_ai_client::Media;
    ///
    /// assert_eq!(Media::from(b"\x89PNG\r\n\x1a\n").extension(), "png");
    /// assert_eq!(Media::from(b"?").extension(), "bin");
    /// ```
    #[must_use]
    pub fn extension(&self) -> &'static str {
        extension(&self.bytes, self.content_type())
    }

    /// The bytes as a `data:` URL, the form in which chat messages carry images.
    ///
    /// ```
    /// use workers_ai_client::Media;
    ///
    /// assert_eq!(Media::from(b"GIF89a").data_url(), "data:image/gif;base64,R0lGODlh");
    /// ```
    #[must_use]
    pub fn data_url(&self) -> String {
        let mut url = format!("data:{};base64,", self.content_type());
        base64::encode_into(&self.bytes, &mut url);
        url
    }

    /// Bytes that a server called `declared`. What the bytes say wins: models were seen calling JPEG `image/png`.
    pub(crate) fn declared(bytes: Bytes, declared: Option<&str>) -> Self {
        let content_type = sniff(&bytes).or(declared).map(Into::into);
        Self { bytes, content_type }
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Media({}, {} bytes)", self.content_type(), self.bytes.len())
    }
}

impl From<Bytes> for Media {
    fn from(bytes: Bytes) -> Self {
        Self::declared(bytes, None)
    }
}

impl Serialize for Media {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.data_url())
    }
}

impl<'de> Deserialize<'de> for Media {
    /// Takes a `data:` URL or bare base64.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(base64::Text(|text: &str| {
            let (bytes, declared) = decode_base64(text.as_bytes())?;
            Ok(match declared {
                Some(content_type) => Self::new(bytes, content_type),
                None => Self::from(bytes),
            })
        }))
    }
}

/// The ways in that all types of bytes share.
macro_rules! from_bytes {
    ($($type:ident)*) => {$(
        impl From<Vec<u8>> for $type {
            fn from(bytes: Vec<u8>) -> Self {
                Self::from(Bytes::from(bytes))
            }
        }

        impl From<&[u8]> for $type {
            fn from(bytes: &[u8]) -> Self {
                Self::from(Bytes::copy_from_slice(bytes))
            }
        }

        impl<const N: usize> From<&[u8; N]> for $type {
            fn from(bytes: &[u8; N]) -> Self {
                Self::from(bytes.as_slice())
            }
        }

        impl From<$type> for Bytes {
            fn from(value: $type) -> Self {
                value.bytes()
            }
        }

        impl AsRef<[u8]> for $type {
            fn as_ref(&self) -> &[u8] {
                self.as_bytes()
            }
        }
    )*};
}

from_bytes!(Media Base64 ByteArray);

/// Conversions between the types of bytes, so that a picture one model drew can be shown to another.
macro_rules! same_bytes {
    ($($from:ident => $to:ident,)*) => {$(
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                Self::from(value.bytes())
            }
        }

        impl From<&$from> for $to {
            fn from(value: &$from) -> Self {
                Self::from(value.bytes())
            }
        }
    )*};
}

same_bytes! {
    Media => Base64,
    Media => ByteArray,
    Base64 => Media,
    Base64 => ByteArray,
    ByteArray => Media,
    ByteArray => Base64,
}
