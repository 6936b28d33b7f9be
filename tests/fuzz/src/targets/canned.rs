//! A client whose every call is answered with the same pieces, without a runtime and without waiting.

use futures_util::{FutureExt as _, stream};
use http::{HeaderMap, StatusCode};
use workers_ai_client::transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};
use workers_ai_client::{Bytes, Client};

/// No output may ever hold this.
pub(super) const TOKEN: &str = "a-token-that-nothing-may-show";

struct Canned {
    status: StatusCode,
    headers: HeaderMap,
    pieces: Vec<Bytes>,
}

impl Transport for Canned {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let pieces: Vec<Result<Bytes, TransportError>> = self.pieces.iter().cloned().map(Ok).collect();
        let body: ByteStream = Box::pin(stream::iter(pieces));
        let mut reply = http::Response::new(body);
        *reply.status_mut() = self.status;
        reply.headers_mut().clone_from(&self.headers);
        Box::pin(std::future::ready(Ok(reply)))
    }
}

/// The client.
pub(super) fn client<'a>(status: StatusCode, headers: HeaderMap, pieces: impl IntoIterator<Item = &'a [u8]>) -> Client {
    let pieces = pieces.into_iter().map(Bytes::copy_from_slice).collect();
    Client::builder("account", TOKEN).transport(Canned { status, headers, pieces }).build().unwrap()
}

/// The client of an event stream.
pub(super) fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Client {
    let kind = http::HeaderValue::from_static("text/event-stream");
    client(StatusCode::OK, HeaderMap::from_iter([(http::header::CONTENT_TYPE, kind)]), pieces)
}

/// What a future says that has nothing to wait for.
#[track_caller]
pub(super) fn at_once<F: Future>(future: F) -> F::Output {
    future.now_or_never().unwrap_or_else(|| panic!("it waits for something though all is here"))
}

/// Places to cut an input at: all of a short one, some of a long one.
pub(super) fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).step_by(1 + length / 600)
}
