//! Bodies of server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;

/// Events that are ready to be sent, one at a time.
struct Events(VecDeque<Bytes>);

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

/// A body with one `data:` line for each event and `[DONE]` at the end.
pub(crate) fn body(events: &[Value]) -> Body {
    let lines = events.iter().map(|event| Bytes::from(format!("data: {event}\n\n")));
    Body::from_stream(Events(lines.chain([Bytes::from_static(b"data: [DONE]\n\n")]).collect()))
}

/// The events in which moondream tells its answer: each chunk holds everything said so far, and the trailer follows.
pub(crate) fn cumulative(id: &str, result: &Value, usage: &Value) -> Vec<Value> {
    let told = ["answer", "caption"].into_iter().find_map(|name| Some((name, result.get(name)?.as_str()?)));
    let mut events = vec![serde_json::json!({"id": id, "status": "processing"})];
    if let Some((name, text)) = told {
        let mut so_far = String::new();
        for (index, piece) in crate::dialect::pieces(text).into_iter().enumerate() {
            so_far.push_str(&piece);
            events.push(serde_json::json!({"chunk": {(name): so_far}, "index": index}));
        }
    }
    for name in ["points", "objects"] {
        if let Some(value) = result.get(name) {
            events.push(serde_json::json!({"mode": "replace", "name": name, "value": value}));
        }
    }
    events.push(serde_json::json!({"id": id, "status": "succeeded", "output": [result]}));
    events.push(serde_json::json!({"response": "", "usage": usage}));
    events
}
