//! An eye on replies that keep talking and never say anything: their bytes keep a transport's patience alive for ever.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;

use super::Client;
use crate::{
    Error,
    transport::{ByteStream, TransportError, TransportErrorKind},
};

/// What a reply is held to that comes piece by piece.
pub(crate) struct Bounds {
    /// The most of it that is held in memory at a time.
    pub(crate) most: usize,
    pub(crate) watch: Watch,
}

/// How long something may take that should arrive whole. It needs no timer of its own: silence is the transport's to
/// notice, and whoever is not silent is noticed when bytes arrive.
#[derive(Clone)]
pub(crate) struct Watch {
    client: Client,
    limit: Option<Duration>,
    /// When the first bytes came of what is not whole yet, in the clock's ticks.
    since: Option<Duration>,
}

impl Watch {
    pub(super) fn new(client: Client, limit: Option<Duration>) -> Self {
        Self { client, limit, since: None }
    }

    /// An error of the reply, fit to be shown.
    pub(crate) fn blamed(&self, error: Error, model: &str) -> Error {
        self.client.blamed(error, model)
    }

    /// Something whole has arrived.
    pub(crate) fn renew(&mut self) {
        self.since = None;
    }

    /// Bytes have arrived, and with them nothing whole.
    pub(crate) fn check(&mut self) -> Result<(), TransportError> {
        let (Some(limit), Some(clock)) = (self.limit, self.client.clock()) else { return Ok(()) };
        let now = clock.ticks();
        let since = *self.since.get_or_insert(now);
        if now.saturating_sub(since) <= limit {
            return Ok(());
        }
        let error = format!("bytes arrived for {limit:?}, and nothing whole");
        Err(TransportError::new(TransportErrorKind::Timeout, error))
    }

    /// The body as it arrives, which has to arrive as a whole in time.
    pub(crate) fn over(self, body: ByteStream) -> ByteStream {
        match self.limit {
            Some(_) => Box::pin(Watched { body, watch: self }),
            None => body,
        }
    }
}

struct Watched {
    body: ByteStream,
    watch: Watch,
}

impl Stream for Watched {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let poll = this.body.as_mut().poll_next(cx);
        match &poll {
            Poll::Ready(Some(Ok(_))) => match this.watch.check() {
                Ok(()) => poll,
                Err(error) => Poll::Ready(Some(Err(error))),
            },
            _ => poll,
        }
    }
}
