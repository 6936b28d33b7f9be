//! Bodies of server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use serde_json::{Value, json};

use crate::answer::{Delta, Telling, Usage};
use crate::dialect::Writer;
use crate::dice::unlike_before;
use crate::refusal::Refusal;

/// The last event.
pub(crate) const DONE: &[u8] = b"data: [DONE]\n\n";

/// One event of a stream.
pub(crate) fn event(data: &Value) -> Bytes {
    Bytes::from(format!("data: {data}\n\n"))
}

/// A body with one `data:` line for each event and `[DONE]` at the end.
pub(crate) fn body(events: &[Value]) -> Body {
    let lines: VecDeque<_> = events.iter().map(event).chain([Bytes::from_static(DONE)]).collect();
    Body::from_stream(Ready(lines))
}

/// A body that passes on what is told, in a dialect, as it comes. `ended` is told what was used; nothing, where the telling
/// broke off or nobody listened to its end.
pub(crate) fn told(mut writer: Writer, telling: Telling, ended: impl FnOnce(Option<&Usage>) + Send + 'static) -> Body {
    let begin = writer.begin(telling.input_tokens).iter().map(event).collect();
    Body::from_stream(Told { writer, telling: Some(telling), ready: begin, ended: Ended(Some(Box::new(ended))) })
}

/// A turn that is there already, told in pieces.
pub(crate) fn telling(deltas: Vec<Delta>, input_tokens: u64) -> Telling {
    Telling { input_tokens, deltas: Box::pin(Deltas(deltas.into())) }
}

/// Events that are ready to be sent, one at a time.
struct Ready(VecDeque<Bytes>);

impl Stream for Ready {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

struct Deltas(VecDeque<Delta>);

impl Stream for Deltas {
    type Item = Result<Delta, Refusal>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

struct Told {
    writer: Writer,
    /// What is still to come; nothing once the end was told.
    telling: Option<Telling>,
    ready: VecDeque<Bytes>,
    ended: Ended,
}

/// Is told what a stream used, if that was ever said.
type Callback = Box<dyn FnOnce(Option<&Usage>) + Send>;

/// Calls back once, at the latest when it is dropped.
struct Ended(Option<Callback>);

impl Ended {
    fn tell(&mut self, usage: Option<&Usage>) {
        if let Some(ended) = self.0.take() {
            ended(usage);
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.tell(None);
    }
}

impl Stream for Told {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let told = &mut *self;
        loop {
            if let Some(line) = told.ready.pop_front() {
                return Poll::Ready(Some(Ok(line)));
            }
            let Some(telling) = &mut told.telling else { return Poll::Ready(None) };
            match ready!(telling.deltas.as_mut().poll_next(context)) {
                Some(Ok(delta)) => {
                    if let Delta::End { usage, .. } = &delta {
                        told.ended.tell(Some(usage));
                        told.telling = None;
                    }
                    told.ready.extend(told.writer.tell(delta).iter().map(event));
                    if told.telling.is_none() {
                        told.ready.push_back(Bytes::from_static(DONE));
                    }
                }
                Some(Err(refusal)) => {
                    told.telling = None;
                    let body = refusal.body(&unlike_before().uuid());
                    told.ready.push_back(Bytes::from([b"data: ".as_slice(), &body, b"\n\n"].concat()));
                }
                // It broke off; so does the stream.
                None => told.telling = None,
            }
        }
    }
}

/// The events in which moondream tells its answer: each chunk holds everything said so far, and the trailer follows.
pub(crate) fn cumulative(id: &str, result: &Value, usage: &Value) -> Vec<Value> {
    let said = ["answer", "caption"].into_iter().find_map(|name| Some((name, result.get(name)?.as_str()?)));
    let mut events = vec![json!({"id": id, "status": "processing"})];
    if let Some((name, text)) = said {
        let mut so_far = String::new();
        for (index, piece) in crate::dialect::pieces(text).into_iter().enumerate() {
            so_far.push_str(&piece);
            events.push(json!({"chunk": {(name): so_far}, "index": index}));
        }
    }
    for name in ["points", "objects"] {
        if let Some(value) = result.get(name) {
            events.push(json!({"mode": "replace", "name": name, "value": value}));
        }
    }
    events.push(json!({"id": id, "status": "succeeded", "output": [result]}));
    events.push(json!({"response": "", "usage": usage}));
    events
}
