//! Bytes that travel as an array of numbers inside JSON.

use std::{fmt, fs, io, path::Path};

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Media, extension, sniff};

/// Bytes that a JSON body carries as an array of numbers from 0 to 255.
///
/// ```
/// use workers_ai_client::ByteArray;
///
/// assert_eq!(serde_json::to_string(&ByteArray::from(b"\x89PNG"))?, "[137,80,78,71]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ByteArray(Bytes);

impl ByteArray {
    /// Reads a file.
    ///
    /// ```no_run
    /// # fn main() -> std::io::Result<()> {
    /// use workers_ai_client::ByteArray;
    ///
    /// let photo = ByteArray::from_file("cat.jpg")?;
    /// photo.save(format!("copy.{}", photo.extension()))?;
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

    /// Writes the bytes to a file.
    ///
    /// # Errors
    ///
    /// Those of writing the file.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, &self.0)
    }

    /// The bytes.
    ///
    /// ```
    /// use workers_ai_client::ByteArray;
    ///
    /// let mask: ByteArray = serde_json::from_str("[137, 80, 78, 71]")?;
    /// assert_eq!(mask.as_bytes(), b"\x89PNG");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, shared.
    ///
    /// ```
    /// use workers_ai_client::{ByteArray, Bytes};
    ///
    /// let body: Bytes = ByteArray::from(vec![1, 2, 3]).bytes();
    /// assert_eq!(body.as_ref(), [1, 2, 3]);
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
    /// use workers_ai_client::ByteArray;
    ///
    /// let photo = ByteArray::from(b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    /// assert_eq!(photo.media().content_type(), "image/jpeg");
    /// ```
    #[must_use]
    pub fn media(&self) -> Media {
        Media::from(self.bytes())
    }
}

impl fmt::Debug for ByteArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteArray({}, {} bytes)", self.content_type(), self.0.len())
    }
}

impl From<Bytes> for ByteArray {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl Serialize for ByteArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for ByteArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<u8>::deserialize(deserializer).map(Self::from)
    }
}
