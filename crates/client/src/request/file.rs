//! A file as it is sent: in pieces, one in memory at a time.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;

use crate::transport::{TransportError, TransportErrorKind};

/// Large enough that reading costs little, small enough that a disk answers before anybody else has to wait.
const PIECE: u64 = 64 << 10;

/// Reads a file from its start. Reading blocks for the moment that the disk takes, as no runtime is known here.
pub(super) struct Pieces {
    path: PathBuf,
    file: Option<File>,
    left: u64,
}

impl Pieces {
    pub(super) fn new(path: PathBuf, length: u64) -> Self {
        Self { path, file: None, left: length }
    }

    fn read(&mut self) -> io::Result<Bytes> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::open(&self.path)?),
        };
        let wanted = PIECE.min(self.left);
        let mut piece = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
        let read = file.take(wanted).read_to_end(&mut piece)?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter"));
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(piece.into())
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(self.read().map_err(|error| {
            self.left = 0;
            TransportError::new(TransportErrorKind::Request, error)
        })))
    }
}
