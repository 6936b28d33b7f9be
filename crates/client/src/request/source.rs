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
    ///
    /// ```
    /// use std::{pin::Pin, task::{Context, Poll}};
    ///
    /// use workers_ai_client::{Bytes, Source, transport::TransportError};
    ///
    /// /// The same byte over and over, made up while it is sent.
    /// struct Zeros(u64);
    ///
    /// impl futures_core::Stream for Zeros {
    ///     type Item = Result<Bytes, TransportError>;
    ///
    ///     fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
    ///         let piece = self.0.min(4096);
    ///         self.0 -= piece;
    ///         Poll::Ready((piece > 0).then(|| Ok(Bytes::from(vec![0; piece as usize]))))
    ///     }
    /// }
    ///
    /// let silence = Source::new(320_000, || Box::pin(Zeros(320_000)));
    /// assert_eq!((silence.length(), silence.content_type()), (320_000, "application/octet-stream"));
    /// ```
    ///
    /// Fewer bytes than `length` make sending fail. `open` is called again where the request is attempted again.
    pub fn new(length: u64, open: impl Fn() -> ByteStream + Send + Sync + 'static) -> Self {
        Self { length, open: Arc::new(open), content_type: UNKNOWN }
    }

    /// A file, read in small pieces.
    ///
    /// Its first bytes are read now, to learn what it is. Should the file be shorter when it is sent, sending fails; what it
    /// has grown by is left out.
    ///
    /// ```no_run
    /// # fn main() -> std::io::Result<()> {
    /// use workers_ai_client::Source;
    ///
    /// let recording = Source::file("meeting.mp3")?;
    /// assert_eq!(recording.content_type(), "audio/mpeg");
    /// println!("{} MB to send", recording.length() / 1_000_000);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # use workers_ai_client::Source;
    /// use futures_util::StreamExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("meeting.mp3");
    /// # std::fs::write(&path, "ID3")?;
    /// // As a transport does, each time it sends.
    /// let mut pieces = Source::file(path)?.open();
    /// while let Some(piece) = pieces.next().await {
    ///     assert_eq!(piece?.as_ref(), b"ID3");
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
