//! Bytes that are read while they are sent.

use std::{fmt, sync::Arc};

use crate::transport::ByteStream;

/// The content of a large file: read piece by piece when it is sent, and from the start when it is sent again.
///
/// ```
/// use workers_ai_client::{Source, transport::ByteStream};
///
/// # fn read(path: &str) -> ByteStream { unimplemented!("{path}") }
/// let adapter = Source::new(57_000_000, || read("adapter_model.safetensors"));
/// assert_eq!(adapter.length(), 57_000_000);
/// ```
#[derive(Clone)]
pub struct Source {
    length: u64,
    open: Arc<dyn Fn() -> ByteStream + Send + Sync>,
}

impl Source {
    /// A source of `length` bytes; `open` begins to read them.
    pub fn new(length: u64, open: impl Fn() -> ByteStream + Send + Sync + 'static) -> Self {
        Self { length, open: Arc::new(open) }
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
