//! Answers from recordings.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Shared;
use super::respond;
use super::visit::Visit;
use crate::answer::Fidelity;
use crate::answering::Source;
use crate::refusal::Refusal;
use crate::tape::{Asked, Recording};

/// The recording whose turn it is.
pub(super) async fn replay(shared: &Shared, visit: &Visit, asked: Asked) -> Result<Response, Refusal> {
    let shelf = shared.sources.shelf.as_ref().ok_or_else(|| Refusal::no_such_source(Source::Replay))?;
    let with_pauses = shelf.with_pauses;
    let (key, shelf) = (asked.key(), Arc::clone(shelf));
    let found = tokio::task::spawn_blocking(move || shelf.find(&asked)).await;
    let found =
        found.map_err(|error| Refusal::failed(&error.to_string()))?.map_err(|miss| Refusal::not_recorded(&miss.0))?;
    let turn = visit.sandbox.replayed.turn(&key).min(found.len().saturating_sub(1));
    let recording = found.get(turn).ok_or_else(|| Refusal::not_recorded("the recordings are gone"))?;
    visit.answered(Fidelity::Replay);
    respond_as(recording, with_pauses)
}

fn respond_as(recording: &Recording, with_pauses: bool) -> Result<Response, Refusal> {
    let recorded = &recording.response;
    let mut pieces = VecDeque::new();
    for chunk in &recorded.chunks {
        let bytes = chunk.content.bytes().map_err(|reason| Refusal::not_recorded(&reason))?;
        pieces.push_back((Duration::from_millis(chunk.ms), bytes));
    }
    let body = match pieces.len() {
        0 => Body::empty(),
        // What came at once has a length.
        1 if !with_pauses => Body::from(pieces.pop_front().map(|(_, bytes)| bytes).unwrap_or_default()),
        _ => Body::from_stream(Pieces { pieces, began: with_pauses.then(Instant::now), wait: None }),
    };
    let content_type = recorded.headers.get("content-type").map_or("application/json", String::as_str);
    let mut response = respond::with_type(content_type, body);
    *response.status_mut() = StatusCode::from_u16(recorded.status)
        .map_err(|_| Refusal::not_recorded(&format!("{} is no status", recorded.status)))?;
    for (name, value) in &recorded.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().insert(name, value);
        }
    }
    respond::insert(response.headers_mut(), respond::FIDELITY, &Fidelity::Replay.to_string());
    Ok(response)
}

/// A body in the pieces in which it came, at the times at which they came where that is asked for.
struct Pieces {
    pieces: VecDeque<(Duration, Bytes)>,
    began: Option<Instant>,
    wait: Option<Pin<Box<Sleep>>>,
}

impl Stream for Pieces {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let (Some(began), Some((at, _))) = (this.began, this.pieces.front()) {
            let wait = this.wait.get_or_insert_with(|| Box::pin(sleep_until(began + *at)));
            ready!(wait.as_mut().poll(context));
            this.wait = None;
        }
        Poll::Ready(this.pieces.pop_front().map(|(_, bytes)| Ok(bytes)))
    }
}
