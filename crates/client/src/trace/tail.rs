//! A stream on its way to the program, with an eye on what it says about itself at its end.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use memchr::memmem;
use serde::Deserialize;

use super::CallSpan;
use crate::{
    Usage,
    transport::{ByteStream, TransportError},
};

/// How much of the end is kept. The last figures are in the last event or the one before.
const TAIL: usize = 8 << 10;

/// Keeps the span open until the stream is over or dropped, then writes down what was used.
pub(super) struct Watched {
    span: CallSpan,
    body: ByteStream,
    tail: Vec<u8>,
    /// All of it, where the program wants it in its spans.
    content: Option<Vec<u8>>,
}

impl Watched {
    pub(super) fn new(span: CallSpan, body: ByteStream, content: bool) -> Self {
        Self { span, body, tail: Vec::new(), content: content.then(Vec::new) }
    }

    fn see(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        }
        if let Some(content) = &mut self.content
            && !CallSpan::is_longer(content.len())
        {
            content.extend_from_slice(bytes);
        }
    }
}

impl Stream for Watched {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.body.as_mut().poll_next(cx);
        if let Poll::Ready(Some(Ok(bytes))) = &polled {
            self.see(bytes);
        }
        polled
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(usage) = last_usage(&self.tail) {
            self.span.used(&usage);
        }
        if let Some(content) = &self.content {
            self.span.content("gen_ai.output.messages", content);
        }
    }
}

/// The last usage that was said, which is the sum of those before.
fn last_usage(tail: &[u8]) -> Option<Usage> {
    const KEY: &[u8] = b"\"usage\":";
    memmem::rfind_iter(tail, KEY).find_map(|start| {
        let rest = tail.get(start.checked_add(KEY.len())?..)?;
        let usage = Usage::deserialize(&mut serde_json::Deserializer::from_slice(rest)).ok()?;
        (usage != Usage::default()).then_some(usage)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoded, client::Outgoing};

    #[test]
    fn the_last_figures_count() {
        let tail = br#"data: {"usage":{"prompt_tokens":5,"completion_tokens":1}}

data: {"response":"","usage":{"prompt_tokens":5,"completion_tokens":9}}

data: {"usage":null}

data: [DONE]"#;
        assert_eq!(last_usage(tail).and_then(|usage| usage.completion_tokens), Some(9));
        assert_eq!(last_usage(b"data: {\"usage\":{\"prompt"), None);
    }

    #[test]
    fn little_of_a_long_stream_is_kept() {
        let base = http::Uri::from_static("https://example.com");
        let span = CallSpan::open("@cf/a/b", &base, &Outgoing::new(Encoded::raw(Bytes::new(), None)));
        let mut watched = Watched::new(span, Box::pin(Nothing), true);
        for _ in 0..200 {
            watched.see(&[b'a'; 1000]);
            assert!(watched.tail.len() <= 2 * TAIL);
        }
        assert!(watched.tail.len() > TAIL);
        let content = watched.content.as_ref().map(Vec::len).unwrap_or_default();
        assert!((1 << 16..(1 << 16) + 1000).contains(&content), "{content}");
    }

    struct Nothing;

    impl Stream for Nothing {
        type Item = Result<Bytes, TransportError>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(None)
        }
    }
}
