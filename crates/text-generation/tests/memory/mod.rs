//! A transport that answers from memory, for the tests beside it.

#![allow(dead_code, reason = "every test takes what it needs")]

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use serde_json::Value;
use workers_ai_client::{
    Bytes, Client,
    transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError, TransportErrorKind},
};

/// Answers requests one after the other with what it was given, and remembers the requests.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    replies: VecDeque<(&'static str, Bytes)>,
    sent: Vec<Value>,
}

impl Memory {
    pub(crate) fn json(self, body: &str) -> Self {
        let body = format!(r#"{{"result":{body},"success":true,"errors":[],"messages":[]}}"#);
        self.reply("application/json", body.into())
    }

    pub(crate) fn events(self, body: &str) -> Self {
        self.reply("text/event-stream", body.to_owned().into())
    }

    fn reply(self, content_type: &'static str, body: Bytes) -> Self {
        self.0.lock().unwrap().replies.push_back((content_type, body));
        self
    }

    pub(crate) fn client(&self) -> Client {
        Client::builder("account", "token").transport(self.clone()).build().unwrap()
    }

    /// The bodies that were sent.
    pub(crate) fn sent(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap().sent)
    }
}

impl Transport for Memory {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        if let Body::Bytes { bytes, .. } = request.body() {
            state.sent.push(serde_json::from_slice(bytes).unwrap());
        }
        let reply = state.replies.pop_front();
        Box::pin(async move {
            let Some((content_type, body)) = reply else {
                return Err(TransportError::new(TransportErrorKind::Request, "nothing more to say"));
            };
            let body: ByteStream = Box::pin(Once(Some(body)));
            Ok(http::Response::builder().header("content-type", content_type).body(body).unwrap())
        })
    }
}

struct Once(Option<Bytes>);

impl futures_core::Stream for Once {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// Everything here is ready at once, or wakes itself.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    unreachable!("the future waits for something that never comes")
}
