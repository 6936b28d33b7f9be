//! No spans.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};

use crate::{
    Error,
    client::Outgoing,
    transport::{Body, ByteStream},
};

/// Nobody watches.
pub(crate) struct CallSpan;

impl CallSpan {
    pub(crate) fn open(_: &str, _: &Uri, _: &Outgoing) -> Self {
        Self
    }

    pub(crate) fn attempt(&self, _: u32) -> Self {
        Self
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn asked(&self, _: &Body) {}

    pub(crate) fn answered(&self, _: StatusCode, _: &HeaderMap, _: u32) {}

    pub(crate) fn read(&self, _: &Bytes, _: bool) {}

    pub(crate) fn failed(&self, _: &Error) {}

    pub(crate) fn cost(&self, _: f64) {}

    pub(crate) fn watch(self, body: ByteStream, _: bool) -> ByteStream {
        body
    }
}
