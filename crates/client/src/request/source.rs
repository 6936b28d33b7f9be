//! Bytes that are read while they are sent.

use std::{
    fmt, fs,
    io::{self, Read},
    path::Path,
    sync::Arc,
};

use super::file::Pieces;
use crate::{
    media::{UNKNOWN, sniff},
    transport::ByteStream,
};

/// How much of a file tells what it is.
const SNIFFED: u64 = 8192;

/// The content of a large file: read piece by piece when it is sent, and from the start when it is sent again.
///
/// ```
/// use workers_ai_client::{Source, transport::ByteStream};
///
/// # fn read(path: &str) -> ByteStream { panic!("{path}") }
/// let adapter = Source::new(57_000_000, || read("adapter_model.safetensors"));
/// assert_eq!(adapter.length(), 57_000_000);
/// ```
#[derive(Clone)]
pub struct Source {
    length: u64,
    open: Arc<dyn Fn() -> ByteStream + Send + Sync>,
    content_type: &'static str,
}

impl Source {
    /// A source of `length` bytes; `open` begins to read them.
    pub fn new(length: u64, open: impl Fn() -> ByteStream + Send + Sync + 'static) -> Self {
        Self { length, open: Arc::new(open), content_type: UNKNOWN }
    }

    /// A file, read in small pieces.
    ///
    /// Its first bytes are read now, to learn what it is. Should the file be shorter when it is sent, sending fails; what it
    /// has grown by is left out.
    ///
    /// # Errors
    ///
    /// Those of opening and reading the file.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let mut file = fs::File::open(&path)?;
        let length = file.metadata()?.len();
        let mut head = Vec::new();
        file.by_ref().take(SNIFFED).read_to_end(&mut head)?;
        let content_type = sniff(&head).unwrap_or(UNKNOWN);
        Ok(Self { content_type, ..Self::new(length, move || Box::pin(Pieces::new(path.clone(), length))) })
    }

    /// What the bytes are, for example `audio/mpeg`; `application/octet-stream` when nothing tells.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// How many bytes there are.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads from the start.
    #[must_use]
    pub fn open(&self) -> ByteStream {
        (self.open)()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({} bytes)", self.length)
    }
}

/// The same is what is read in the same way, not what happens to have the same bytes.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && Arc::ptr_eq(&self.open, &other.open)
    }
}

impl Eq for Source {}
