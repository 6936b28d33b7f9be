//! A reply together with what came around it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A model's reply with the status, the headers and the raw body it came with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The reply.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
}

impl<T> Response<T> {
    /// The id under which Cloudflare's support can find the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        header(&self.headers, "cf-ai-req-id")
    }

    /// The neurons this call was billed.
    #[must_use]
    pub fn neurons(&self) -> Option<f64> {
        header(&self.headers, "cf-ai-neurons")?.parse().ok()
    }

    /// The reply alone.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
