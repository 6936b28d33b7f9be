//! Answers on their way out, with what was asked to go wrong: late, slow, broken off, malformed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::response::Response;
use futures_core::Stream;
use tokio::time::{Sleep, sleep};

use super::visit::is_stream;
use crate::sandbox::{Fault, State};
use crate::stream::DONE;

/// A connection that breaks at once would take the half body along, unsent.
const LINGER: Duration = Duration::from_millis(50);

/// The response with what goes wrong in its body.
pub(super) fn disturb(response: Response, fault: Fault, sandbox: Arc<State>) -> Response {
    let streams = is_stream(response.headers());
    let touches_streams = fault.first_token_ms > 0
        || fault.tokens_per_second.is_some()
        || fault.malformed_at.is_some()
        || fault.duplicate_done;
    if !fault.reset && fault.cut_after.is_none() && !(streams && touches_streams) {
        return response;
    }
    response.map(|body| {
        let inner = body.into_data_stream();
        Body::from_stream(Disturbed {
            inner,
            streams,
            fault,
            sandbox,
            sent: 0,
            wait: None,
            linger: None,
            again: None,
            broken: false,
        })
    })
}

struct Disturbed {
    inner: BodyDataStream,
    streams: bool,
    fault: Fault,
    sandbox: Arc<State>,
    /// Events that have been sent.
    sent: u64,
    /// Until when the next event waits.
    wait: Option<Pin<Box<Sleep>>>,
    /// Until when the connection lasts at least.
    linger: Option<Pin<Box<Sleep>>>,
    /// What is to be sent once more.
    again: Option<Bytes>,
    broken: bool,
}

impl Disturbed {
    /// How long the next event waits.
    fn pause(&self) -> Duration {
        let paced = self.fault.tokens_per_second.filter(|rate| *rate > 0.0).map(|rate| {
            // A rate may be so small that no duration is long enough.
            Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX)
        });
        let pause =
            if self.sent == 0 { Duration::from_millis(self.fault.first_token_ms) } else { paced.unwrap_or_default() };
        if pause.is_zero() {
            return pause;
        }
        pause.saturating_add(Duration::from_millis(self.sandbox.jitter(self.fault.jitter_ms)))
    }

    fn break_off(&mut self) -> Poll<Option<io::Result<Bytes>>> {
        self.broken = true;
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::ConnectionReset, "a fault was asked for"))))
    }
}

impl Stream for Disturbed {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.broken {
            return Poll::Ready(None);
        }
        if let Some(linger) = &mut this.linger {
            ready!(linger.as_mut().poll(context));
        }
        if this.fault.reset || (this.streams && this.fault.cut_after == Some(this.sent)) {
            return this.break_off();
        }
        if let Some(again) = this.again.take() {
            return Poll::Ready(Some(Ok(again)));
        }
        if this.streams {
            let pause = this.pause();
            let wait = this.wait.get_or_insert_with(|| Box::pin(sleep(pause)));
            if !pause.is_zero() {
                ready!(wait.as_mut().poll(context));
            }
        }
        let Some(item) = ready!(Pin::new(&mut this.inner).poll_next(context)) else { return Poll::Ready(None) };
        let Ok(mut bytes) = item else { return this.break_off() };
        this.wait = None;
        if !this.streams {
            // Half of a body, and no more.
            let half = bytes.len() / 2;
            bytes.truncate(half);
            this.fault.reset = true;
            this.linger = Some(Box::pin(sleep(LINGER)));
            return Poll::Ready(Some(Ok(bytes)));
        }
        if this.fault.malformed_at == Some(this.sent) {
            bytes = Bytes::from_static(b"data: {\"response\":\"br\n\n");
        }
        if this.fault.duplicate_done && bytes.as_ref() == DONE {
            this.again = Some(bytes.clone());
        }
        this.sent += 1;
        Poll::Ready(Some(Ok(bytes)))
    }
}
