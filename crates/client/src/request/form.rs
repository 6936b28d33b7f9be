//! Multipart forms as data; the transport gives them their bytes.

use bytes::Bytes;

use super::Source;
use crate::{Base64, ByteArray, Media};

/// A multipart form, in the order of its parts.
///
/// ```
/// use workers_ai_client::{Form, Part, transport::Body};
///
/// /// What a transport of one's own does with a form.
/// fn names(form: &Form) -> Vec<&str> {
///     form.parts().iter().map(Part::name).collect()
/// }
///
/// assert_eq!(names(&Form::default()), [""; 0]);
/// ```
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
    ///
    /// ```
    /// use workers_ai_client::{Form, Part};
    ///
    /// fn length(form: Form) -> u64 {
    ///     let length = |part| match part {
    ///         Part::Text { value, .. } => value.len() as u64,
    ///         Part::File { bytes, .. } => bytes.len() as u64,
    ///         Part::Source { source, .. } => source.length(),
    ///     };
    ///     form.into_parts().into_iter().map(length).sum()
    /// }
    /// # assert_eq!(length(Form::default()), 0);
    /// ```
    #[must_use]
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    pub(crate) fn push(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.parts.retain(|part| part.name() != name);
    }
}

/// One part of a form.
///
/// ```
/// use workers_ai_client::Part;
///
/// let prompt = Part::Text { name: "prompt".to_owned(), value: "a lighthouse".to_owned() };
/// assert_eq!(prompt.name(), "prompt");
/// ```
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
///
/// ```
/// use workers_ai_client::{AsFile, ByteArray, Media};
///
/// let drawn: Option<ByteArray> = Some(ByteArray::from(b"\x89PNG\r\n\x1a\n"));
/// assert_eq!(drawn.as_file().map(|file| file.extension()), Some("png"));
/// assert_eq!(None::<Media>.as_file(), None);
/// ```
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
