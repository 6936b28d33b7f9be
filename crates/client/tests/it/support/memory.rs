//! A transport that answers from memory and remembers what was sent.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures_core::Stream;
use http::{Request, Response};
use workers_ai_client::{
    Bytes, Client, ClientBuilder,
    transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError, TransportErrorKind},
};

use super::{ACCOUNT, TOKEN};

/// Answers requests one after the other with what it was given.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pieces: Vec<Bytes>,
    broken: bool,
}

#[derive(Default)]
struct State {
    replies: VecDeque<Canned>,
    sent: Vec<Request<Body>>,
}

impl Memory {
    /// The next answer, in pieces.
    pub(crate) fn pieces<'a>(
        self,
        status: u16,
        content_type: &str,
        pieces: impl IntoIterator<Item = &'a [u8]>,
    ) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("cf-ai-req-id", "request-1".to_owned()),
            ("cf-ai-neurons", "1.25".to_owned()),
        ];
        let pieces = pieces.into_iter().map(Bytes::copy_from_slice).collect();
        self.0.lock().unwrap().replies.push_back(Canned { status, headers, pieces, broken: false });
        self
    }

    pub(crate) fn reply(self, status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.pieces(status, content_type, [body.as_ref()])
    }

    pub(crate) fn json(self, body: impl AsRef<[u8]>) -> Self {
        self.reply(200, "application/json", body)
    }

    pub(crate) fn events(self, body: impl AsRef<[u8]>) -> Self {
        self.reply(200, "text/event-stream; charset=utf-8", body)
    }

    /// Replaces a header of the last answer given; an empty value removes it.
    pub(crate) fn with_header(self, name: &'static str, value: &str) -> Self {
        if let Some(Canned { headers, .. }) = self.0.lock().unwrap().replies.back_mut() {
            headers.retain(|(present, _)| *present != name);
            if !value.is_empty() {
                headers.push((name, value.to_owned()));
            }
        }
        self
    }

    /// Nobody answers the next request.
    pub(crate) fn nobody(self) -> Self {
        self.0.lock().unwrap().replies.push_back(Canned {
            status: 0,
            headers: Vec::new(),
            pieces: Vec::new(),
            broken: false,
        });
        self
    }

    /// The last answer given breaks off at its end.
    pub(crate) fn broken(self) -> Self {
        if let Some(Canned { broken, .. }) = self.0.lock().unwrap().replies.back_mut() {
            *broken = true;
        }
        self
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(ACCOUNT, TOKEN).transport(self.clone())
    }

    /// What was sent since the last time.
    pub(crate) fn sent(&self) -> Vec<Request<Body>> {
        std::mem::take(&mut self.0.lock().unwrap().sent)
    }

    /// The body of the only request sent, as text.
    #[track_caller]
    pub(crate) fn sent_text(&self) -> String {
        let sent = self.sent();
        let [request] = sent.as_slice() else { unreachable!("one request, not {}", sent.len()) };
        let Body::Bytes { bytes, .. } = request.body() else { unreachable!("not bytes: {:?}", request.body()) };
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

impl Transport for Memory {
    fn send(
        &self,
        mut request: Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Response<ByteStream>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        // What is kept says how long it might have taken.
        request.extensions_mut().insert(limits);
        state.sent.push(request);
        let reply = state.replies.pop_front();
        Box::pin(async move {
            let Some(Canned { status, headers, pieces, broken }) = reply.filter(|reply| reply.status != 0) else {
                return Err(TransportError::new(TransportErrorKind::Connection, "nobody there"));
            };
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            let body: ByteStream = Box::pin(Pieces { pieces: pieces.into(), broken });
            Ok(response.body(body).unwrap())
        })
    }
}

struct Pieces {
    pieces: VecDeque<Bytes>,
    broken: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(piece)));
        }
        let broken = std::mem::take(&mut self.broken);
        Poll::Ready(broken.then(|| Err(TransportError::new(TransportErrorKind::Connection, "the line was cut"))))
    }
}

/// A client whose every call is answered with this.
pub(crate) fn client(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Client {
    Memory::default().reply(status, content_type, body).client()
}
