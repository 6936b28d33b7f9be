//! Multipart forms as data; the transport gives them their bytes.

use bytes::Bytes;

use super::Source;
use crate::{Base64, ByteArray, Media};

/// A multipart form, in the order of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    parts: Vec<Part>,
}

impl Form {
    /// The parts in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts in order, owned.
    #[must_use]
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    pub(super) fn push(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.parts.retain(|part| part.name() != name);
    }
}

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A plain field.
    Text {
        /// The field's name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A file.
    File {
        /// The field's name.
        name: String,
        /// A name for the file, made from the field and the content.
        file_name: String,
        /// What the bytes are.
        content_type: String,
        /// The file's content.
        bytes: Bytes,
    },
    /// A file that is read while it is sent.
    Source {
        /// The field's name.
        name: String,
        /// The file's name.
        file_name: String,
        /// What the bytes are.
        content_type: String,
        /// Where they come from.
        source: Source,
    },
}

impl Part {
    /// The field's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text { name, .. } | Self::File { name, .. } | Self::Source { name, .. } => name,
        }
    }

    pub(super) fn file(name: &str, media: &Media) -> Self {
        Self::File {
            name: name.to_owned(),
            file_name: format!("{name}.{}", media.extension()),
            content_type: media.content_type().to_owned(),
            bytes: media.bytes(),
        }
    }
}

/// What can be a file of a form: bytes of any type, or an option of them.
pub trait AsFile {
    /// The file, if there is one.
    fn as_file(&self) -> Option<Media>;
}

impl AsFile for Media {
    fn as_file(&self) -> Option<Media> {
        Some(self.clone())
    }
}

impl AsFile for Base64 {
    fn as_file(&self) -> Option<Media> {
        Some(self.media())
    }
}

impl AsFile for ByteArray {
    fn as_file(&self) -> Option<Media> {
        Some(self.media())
    }
}

impl<T: AsFile> AsFile for Option<T> {
    fn as_file(&self) -> Option<Media> {
        self.as_ref().and_then(AsFile::as_file)
    }
}

impl<T: AsFile + ?Sized> AsFile for &T {
    fn as_file(&self) -> Option<Media> {
        (*self).as_file()
    }
}
