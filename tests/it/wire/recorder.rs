//! A transport without a network: keeps the request and gives the same answer to each.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;
use workers_ai::transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};

/// What was sent last; copies share it.
#[derive(Clone)]
pub(crate) struct Recorder {
    content_type: &'static str,
    answer: Bytes,
    seen: Arc<Mutex<Option<(String, Body)>>>,
}

impl Recorder {
    pub(crate) fn new(content_type: &'static str, answer: Vec<u8>) -> Self {
        Self { content_type, answer: answer.into(), seen: Arc::default() }
    }

    fn last(&self) -> (String, Body) {
        self.seen.lock().unwrap().clone().unwrap()
    }

    /// The body as the client gave it to the transport.
    pub(crate) fn body(&self) -> Body {
        self.last().1
    }

    /// The JSON body.
    pub(crate) fn json(&self) -> Value {
        match self.body() {
            Body::Bytes { bytes, .. } => serde_json::from_slice(&bytes).unwrap(),
            other => panic!("not JSON: {other:?}"),
        }
    }

    /// The query of the address.
    pub(crate) fn query(&self) -> String {
        self.last().0
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        *self.seen.lock().unwrap() = Some((query, request.into_body()));
        let answer = self.answer.clone();
        let body: ByteStream = Box::pin(stream::once(async move { Ok(answer) }));
        let response = http::Response::builder().header("content-type", self.content_type).body(body).unwrap();
        Box::pin(async move { Ok(response) })
    }
}
