//! An open session: events out, events in, and an orderly end.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use http::HeaderMap;

use super::{Arrival, Meter, Received, Sent, Socket};
use crate::{Error, client::Opened};

/// A session with a model: typed events in both directions over one WebSocket.
///
/// Made by [`Call::connect`](crate::Call::connect). Nothing is read before it is asked for and nothing is taken before
/// what was sent has left, so that neither side can flood the other. A model that answers while it listens wants to be
/// read while it is spoken to: [`split`](Self::split) gives the two directions to two tasks.
///
/// The session ends when the service closes it ([`try_next`](Self::try_next) is `None`), when it is
/// [closed](Self::close), or when it is dropped, which also tells the service if that is possible at once. It does not
/// come back by itself: what was said is part of it, so only the program knows how to go on. Pings are answered while
/// the session is read.
///
/// ```no_run
/// # async fn example(call: workers_ai_client::Call<workers_ai_client::Untyped>) -> Result<(), workers_ai_client::Error> {
/// use workers_ai_client::Frame;
///
/// let mut session = call.connect().await?;
/// println!("session {:?}", session.request_id());
/// session.send(r#"{"type": "Speak", "text": "Hello."}"#).await?;
/// while let Some(frame) = session.try_next().await? {
///     match frame {
///         Frame::Binary(sound) => println!("{} bytes of sound", sound.len()),
///         Frame::Text(text) if text.contains("Flushed") => break,
///         Frame::Text(_) => {}
///     }
/// }
/// session.close().await?;
/// # Ok(())
/// # }
/// ```
pub struct Session<S, R> {
    sender: Sender<S>,
    receiver: Receiver<R>,
}

/// The sending half of a [`Session`].
///
/// ```no_run
/// # async fn example(session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>,
/// #     pieces: Vec<Vec<u8>>) -> Result<(), workers_ai_client::Error> {
/// let (mut sender, receiver) = session.split();
/// for piece in pieces {
///     sender.send(piece).await?; // waits while the service has enough to do
/// }
/// # let _ = receiver;
/// # Ok(())
/// # }
/// ```
pub struct Sender<S> {
    line: Line,
    events: PhantomData<fn(S)>,
}

/// The receiving half of a [`Session`].
///
/// ```no_run
/// # async fn example(session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>)
/// # -> Result<(), workers_ai_client::Error> {
/// let (sender, mut receiver) = session.split();
/// while let Some(event) = receiver.try_next().await? {
///     println!("{} bytes", event.as_bytes().len());
/// }
/// # let _ = sender;
/// # Ok(())
/// # }
/// ```
///
/// It is also a [`Stream`]. After the end, in order or by a broken connection, there is nothing more.
pub struct Receiver<R> {
    line: Line,
    ended: bool,
    events: PhantomData<fn() -> R>,
}

/// What both halves hold on to; the connection ends with the last of them.
#[derive(Clone)]
struct Line(Arc<Inner>);

struct Inner {
    model: String,
    headers: HeaderMap,
    // Both are held for the length of one poll only, never across an await.
    socket: Mutex<Box<dyn Socket>>,
    meter: Mutex<Meter>,
}

impl Line {
    fn socket(&self) -> MutexGuard<'_, Box<dyn Socket>> {
        self.0.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meter(&self) -> MutexGuard<'_, Meter> {
        self.0.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn named(&self, error: Error) -> Error {
        let error = error.with_model(&self.0.model);
        self.meter().failed(&error);
        error
    }
}

impl<S: Sent, R: Received> Session<S, R> {
    pub(crate) fn new(model: &str, opened: Opened) -> Self {
        let Opened { headers, socket, meter } = opened;
        let (socket, meter) = (Mutex::new(socket), Mutex::new(meter));
        let line = Line(Arc::new(Inner { model: model.to_owned(), headers, socket, meter }));
        Self {
            sender: Sender { line: line.clone(), events: PhantomData },
            receiver: Receiver { line, ended: false, events: PhantomData },
        }
    }

    /// Sends an event; done when it has left this program, which takes as long as the service takes it.
    ///
    /// An abandoned `send` has sent the event as a whole or not at all.
    ///
    /// # Errors
    ///
    /// When the event cannot be sent as it is, when the client's [`Budget`](crate::Budget) has nothing left for it
    /// ([`Error::is_budget_exhausted`]; nothing was sent then, and the session goes on), and when the session is over.
    pub async fn send(&mut self, event: impl Into<S>) -> Result<(), Error> {
        self.sender.send(event).await
    }

    /// The next event; `None` when the service has ended the session in order. An abandoned wait loses nothing.
    ///
    /// # Errors
    ///
    /// When the connection breaks or the service closes it with an error ([`Error::is_truncated`]), and when an event
    /// is not what the model's type says; such an event does not end the session.
    pub async fn try_next(&mut self) -> Result<Option<R>, Error> {
        self.receiver.try_next().await
    }

    /// The two directions, for two tasks. The session lasts until both halves are dropped.
    ///
    /// ```no_run
    /// # async fn example(session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>,
    /// #     microphone: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Result<(), workers_ai_client::Error> {
    /// let (mut sender, mut receiver) = session.split();
    /// let speaking = tokio::spawn(async move {
    ///     for sound in microphone {
    ///         sender.send(sound).await?;
    ///     }
    ///     sender.send(r#"{"type": "CloseStream"}"#).await
    /// });
    /// while let Some(event) = receiver.try_next().await? {
    ///     println!("{event:?}");
    /// }
    /// # let _ = speaking;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn split(self) -> (Sender<S>, Receiver<R>) {
        (self.sender, self.receiver)
    }

    /// Closes the session and waits until the service has agreed; events that arrive meanwhile are dropped. To hear a
    /// model out, first send the event with which it finishes, and read to the end.
    ///
    /// ```no_run
    /// # async fn example(mut session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// // Enough heard.
    /// session.close().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the service does not agree in time.
    pub async fn close(self) -> Result<(), Error> {
        self.sender.close().await
    }

    /// The id under which Cloudflare's support can find the session.
    ///
    /// ```no_run
    /// # fn example(session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>) {
    /// println!("{}", session.request_id().unwrap_or("no id"));
    /// # }
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers().get("cf-ai-req-id").and_then(|value| value.to_str().ok())
    }

    /// The headers with which the service opened the session.
    ///
    /// ```no_run
    /// # fn example(session: workers_ai_client::Session<workers_ai_client::Frame, workers_ai_client::Frame>) {
    /// println!("{:?}", session.headers().get("cf-ray"));
    /// # }
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.sender.line.0.headers
    }
}

impl<S: Sent> Sender<S> {
    /// Sends an event; see [`Session::send`].
    ///
    /// # Errors
    ///
    /// When the event cannot be sent as it is, and when the session is over.
    pub async fn send(&mut self, event: impl Into<S>) -> Result<(), Error> {
        let frame = event.into().encode().map_err(|invalid| self.line.named(invalid.into()))?;
        let sent = async {
            poll_fn(|cx| self.line.socket().poll_ready(cx)).await.map_err(Error::interrupted)?;
            self.line.meter().say(&frame)?;
            self.line.socket().start_send(frame).map_err(Error::interrupted)?;
            poll_fn(|cx| self.line.socket().poll_flush(cx)).await.map_err(Error::interrupted)
        };
        sent.await.map_err(|error| self.line.named(error))
    }

    /// Closes the session and waits until the service has agreed; see [`Session::close`]. Not for use while the other
    /// half is waiting for events: it would be the one to see the end.
    ///
    /// ```no_run
    /// # async fn example(sender: workers_ai_client::Sender<workers_ai_client::Frame>,
    /// #     receiving: tokio::task::JoinHandle<()>) -> Result<(), workers_ai_client::Error> {
    /// receiving.abort();
    /// sender.close().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the service does not agree in time.
    pub async fn close(self) -> Result<(), Error> {
        let told = poll_fn(|cx| self.line.socket().poll_close(cx)).await;
        let agreed = async {
            told?;
            while let Arrival::Frame(_) = poll_fn(|cx| self.line.socket().poll_receive(cx)).await? {}
            Ok(())
        };
        match agreed.await.map_err(Error::interrupted) {
            // Whoever hangs up agrees to the end.
            Err(error) if error.is_connection() => Ok(()),
            outcome => outcome.map_err(|error| self.line.named(error)),
        }
    }
}

impl<R: Received> Receiver<R> {
    /// The next event; see [`Session::try_next`].
    ///
    /// # Errors
    ///
    /// As for [`Session::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<R>, Error> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }
}

impl<R: Received> Stream for Receiver<R> {
    type Item = Result<R, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let arrived = ready!(self.line.socket().poll_receive(cx));
        let event = match arrived {
            Ok(Arrival::Frame(frame)) => Some(R::decode(frame)),
            Ok(Arrival::Closed { code, reason }) => {
                self.ended = true;
                Error::closed(code, &reason).map(Err)
            }
            Err(error) => {
                self.ended = true;
                Some(Err(Error::interrupted(error)))
            }
        };
        Poll::Ready(event.map(|event| event.map_err(|error| self.line.named(error))))
    }
}

impl<S, R: Received> Stream for Session<S, R> {
    type Item = Result<R, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.receiver).poll_next(cx)
    }
}

impl<S, R> fmt::Debug for Session<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("model", &self.sender.line.0.model).finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Sender<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("model", &self.line.0.model).finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for Receiver<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("model", &self.line.0.model).finish_non_exhaustive()
    }
}
