//! A stream of typed chunks.

use std::{
    borrow::Cow,
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Response};
use memchr::memmem;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::events::{Event, Events, TooLong};
use crate::{
    Answer, Error,
    answer::{Unwrapped, unwrap},
    client::{Bounds, Watch},
    request::explain,
    response::header,
    transport::{self, ByteStream},
};

/// One piece of a streamed answer.
///
/// ```
/// use serde::Deserialize;
/// use workers_ai_client::Chunk;
///
/// #[derive(Deserialize)]
/// struct Piece {
///     response: Option<String>,
///     finish_reason: Option<String>,
/// }
///
/// impl Chunk for Piece {
///     fn is_final(&self) -> bool {
///         self.finish_reason.is_some()
///     }
/// }
///
/// let last: Piece = serde_json::from_str(r#"{"response": "", "finish_reason": "stop"}"#)?;
/// assert!(last.is_final());
/// # let _ = last.response;
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Chunk: DeserializeOwned {
    /// Whether the model says with this chunk that it has finished. A stream that ends after such a chunk is whole even
    /// without the service's end mark; one that ends without either was cut off.
    fn is_final(&self) -> bool {
        false
    }

    /// Reads a chunk from the data of one event. A type that knows what nearly all of its chunks look like can do so faster
    /// than serde, and leave to serde what looks otherwise.
    ///
    /// # Errors
    ///
    /// When the data is not what the type says.
    fn read(data: &[u8]) -> Result<Self, serde_json::Error> {
        // UTF-8 is checked faster for all of it than for each text in it.
        match std::str::from_utf8(data) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(data),
        }
    }
}

/// Any JSON. Final is a chunk with a finish reason, or one whose status says that the work succeeded.
impl Chunk for Value {
    fn is_final(&self) -> bool {
        let choices = self.get("choices").and_then(Value::as_array);
        choices.is_some_and(|choices| {
            choices.iter().any(|choice| choice.get("finish_reason").is_some_and(Value::is_string))
        }) || self.get("status").and_then(Value::as_str) == Some("succeeded")
    }
}

/// An answer in pieces, as they arrive.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client(["data: {\"response\": \"Blue\"}\n\ndata: {\"response\": \".\"}\n\ndata: [DONE]\n\n"]);
/// # let mut chunks = client.untyped("@cf/a/b", serde_json::json!({})).stream().await?;
/// # let mut text = String::new();
/// while let Some(chunk) = chunks.try_next().await? {
///     print!("{}", chunk["response"].as_str().unwrap_or_default());
/// #   text += chunk["response"].as_str().unwrap_or_default();
/// }
/// # assert_eq!(text, "Blue.");
/// # Ok(())
/// # }
/// ```
///
/// It is also a [`Stream`]. After an error there is nothing more. Dropping it ends the exchange, and the model stops.
///
/// A model that answered in one piece although it was asked to stream gives a single chunk.
#[must_use = "chunks only arrive when they are asked for"]
pub struct Chunks<C> {
    model: Cow<'static, str>,
    head: Head,
    state: State,
    events: Events,
    watch: Watch,
    /// Some chunk said that the model has finished.
    finished: bool,
    chunk: PhantomData<fn() -> C>,
}

/// What is known of the reply before its body, and how its events are read.
struct Head {
    status: u16,
    headers: HeaderMap,
    /// Finds what every failure has in it.
    failure: memmem::Finder<'static>,
}

impl Head {
    /// One event as a chunk; `None` is the end mark.
    fn read<C: Chunk>(&self, event: Event<'_>) -> Option<Result<C, Error>> {
        if event.data.trim_ascii() == b"[DONE]" {
            return None;
        }
        let is_failure = event.name == Some(b"error")
            // Cheap, and nearly always false: quotes inside text are escaped, so text about errors does not match either.
            || self.failure.find(event.data).is_some() && matches!(unwrap(event.data), Unwrapped::Failure);
        if is_failure {
            let data = Bytes::copy_from_slice(event.data);
            return Some(Err(Error::service(self.status, &self.headers, data)));
        }
        Some(C::read(event.data).map_err(|error| self.unreadable::<C>(event.data, error)))
    }

    /// Only where a chunk cannot be read is it read again, to find the place.
    #[cold]
    fn unreadable<C: Chunk>(&self, data: &[u8], error: serde_json::Error) -> Error {
        let reason = explain::<C>(data);
        let data = Bytes::copy_from_slice(data);
        Error::decode(format!("a chunk is not as expected: {reason}")).with_source(error).with_reply(
            self.status,
            &self.headers,
            &data,
        )
    }
}

enum State {
    /// Bytes are arriving.
    Reading(ByteStream),
    /// The answer came in one piece.
    Whole(Answer),
    /// Nothing more to come.
    Over,
}

impl<C: Chunk> Chunks<C> {
    /// Looks at what kind of reply it is.
    pub(crate) async fn open(
        model: Cow<'static, str>,
        reply: Response<ByteStream>,
        bounds: Bounds,
    ) -> Result<Self, Error> {
        let Bounds { most, watch } = bounds;
        let (head, body) = reply.into_parts();
        let empty = Answer::new(head.status, head.headers.clone(), Bytes::new());
        let mut events = Events::up_to(most);
        let state = if empty.content_type().as_deref() == Some("text/event-stream") {
            State::Reading(body)
        } else {
            let body = watch.clone().over(body);
            let body = transport::collect(body, most).await.map_err(|error| watch.blamed(error.into(), &model))?;
            let answer = Answer::new(head.status, head.headers.clone(), body);
            if answer.is_failure() {
                let error = Error::service(head.status.as_u16(), &head.headers, answer.body().clone());
                return Err(watch.blamed(error, &model));
            }
            let start = answer.body().trim_ascii_start();
            if [b"data:".as_slice(), b"event:", b":"].iter().any(|field| start.starts_with(field)) {
                // Proxies have been known to lose content types. All is here; what is left is to cut it up.
                events.push(answer.body());
                State::Reading(Box::pin(Nothing))
            } else {
                State::Whole(answer)
            }
        };
        Ok(Self {
            model,
            head: Head {
                status: head.status.as_u16(),
                headers: head.headers,
                failure: memmem::Finder::new(b"\"error"),
            },
            state,
            events,
            watch,
            finished: false,
            chunk: PhantomData,
        })
    }

    /// The next chunk, or `None` when the model has finished.
    ///
    /// # Errors
    ///
    /// When the service reports a failure inside the stream, a chunk is not what its type says, or the stream ends
    /// before the model had finished.
    pub async fn try_next(&mut self) -> Result<Option<C>, Error> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// The last event, which may be incomplete, and then the end: orderly or not.
    fn end(&mut self) -> Option<Result<C, Error>> {
        if let Some(event) = self.events.finish() {
            match self.head.read::<C>(event) {
                None => return None,
                Some(Ok(chunk)) => {
                    self.finished |= chunk.is_final();
                    // The verdict on the end follows with the next poll.
                    self.state = State::Reading(Box::pin(Nothing));
                    return Some(Ok(chunk));
                }
                Some(Err(error)) if !error.is_decode() => return Some(Err(error)),
                // Half a chunk: the stream was cut.
                Some(Err(_)) => return Some(Err(self.truncated())),
            }
        }
        (!self.finished).then(|| Err(self.truncated()))
    }

    fn truncated(&self) -> Error {
        Error::truncated().with_reply(self.head.status, &self.head.headers, &Bytes::new())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<C, Error>>> {
        let mut arrived = false;
        loop {
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Whole(answer) => {
                    let chunk = answer.json();
                    self.state = State::Over;
                    return Poll::Ready(Some(chunk));
                }
                State::Reading(_) => {}
            }
            match self.events.next() {
                Ok(Some(event)) => {
                    self.watch.renew();
                    let chunk = self.head.read::<C>(event);
                    match &chunk {
                        Some(Ok(chunk)) => self.finished |= chunk.is_final(),
                        Some(Err(_)) => {}
                        None => self.drain(cx),
                    }
                    return Poll::Ready(chunk);
                }
                Err(TooLong(most)) => return Poll::Ready(Some(Err(transport::too_large(most).into()))),
                Ok(None) => {}
            }
            if std::mem::take(&mut arrived)
                && let Err(error) = self.watch.check()
            {
                return Poll::Ready(Some(Err(error.into())));
            }
            let State::Reading(body) = &mut self.state else { continue };
            match body.as_mut().poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(bytes))) => {
                    arrived = true;
                    self.events.push(&bytes);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(Error::interrupted(error)))),
                Poll::Ready(None) => {
                    self.state = State::Over;
                    return Poll::Ready(self.end());
                }
            }
        }
    }

    /// After the end mark: reads what has already arrived. Usually that is the end of the body, and the connection can serve
    /// the next call. Never waits for more.
    fn drain(&mut self, cx: &mut Context<'_>) {
        if let State::Reading(body) = &mut self.state {
            while let Poll::Ready(Some(Ok(_))) = body.as_mut().poll_next(cx) {}
        }
    }
}

impl<C> Chunks<C> {
    /// The headers of the reply.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"data: [DONE]"#]);
    /// # let chunks = client.untyped("@cf/a/b", serde_json::json!({})).stream().await?;
    /// // There as soon as the model begins to answer.
    /// assert_eq!(chunks.headers()["content-type"], "text/event-stream");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The id under which Cloudflare's support can find the request.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"data: [DONE]"#]);
    /// # let chunks = client.untyped("@cf/a/b", serde_json::json!({})).stream().await?;
    /// assert_eq!(chunks.request_id(), Some("cba15bde-5351-404a-bc9e-32094e768932"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        header(&self.head.headers, "cf-ai-req-id")
    }
}

impl<C: Chunk> Stream for Chunks<C> {
    type Item = Result<C, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let poll = self.poll(cx);
        match poll {
            Poll::Ready(None) => self.state = State::Over,
            Poll::Ready(Some(Err(error))) => {
                self.state = State::Over;
                return Poll::Ready(Some(Err(self.watch.blamed(error, &self.model))));
            }
            _ => {}
        }
        poll
    }
}

impl<C> fmt::Debug for Chunks<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("model", &self.model).field("status", &self.head.status).finish_non_exhaustive()
    }
}

/// A body that has ended.
struct Nothing;

impl Stream for Nothing {
    type Item = Result<Bytes, transport::TransportError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
