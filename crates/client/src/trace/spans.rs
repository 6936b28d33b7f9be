//! A span a call and one an attempt, with the names of OpenTelemetry's conventions for generative AI.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use tracing::{Instrument, Span, field::Empty, instrument::Instrumented};

use super::tail::Watched;
use crate::{
    Error, Info, Usage,
    client::Outgoing,
    response::{header, neurons, usage},
    transport::{Body, ByteStream},
};

/// How much of a request or a reply a span holds, where it may hold any.
const CONTENT: usize = 1 << 16;

/// The span of a call, or of one attempt of it.
pub(crate) struct CallSpan(Span);

impl CallSpan {
    pub(crate) fn open(model: &str, base: &Uri, outgoing: &Outgoing) -> Self {
        let operation = operation(outgoing.info);
        // The names before the first dot of `workers_ai` are ours: no convention has them.
        Self(tracing::info_span!(
            target: "workers_ai",
            "workers_ai.call",
            otel.name = format_args!("{operation} {model}"),
            otel.kind = "client",
            otel.status_code = Empty,
            error.type = Empty,
            gen_ai.operation.name = operation.as_ref(),
            gen_ai.provider.name = "cloudflare.workers_ai",
            gen_ai.request.model = model,
            gen_ai.request.stream = outgoing.streaming,
            gen_ai.response.model = Empty,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            gen_ai.usage.cache_read.input_tokens = Empty,
            gen_ai.input.messages = Empty,
            gen_ai.output.messages = Empty,
            server.address = base.host().unwrap_or_default(),
            http.response.status_code = Empty,
            workers_ai.attempts = Empty,
            workers_ai.neurons = Empty,
            workers_ai.request_id = Empty,
            workers_ai.gateway_log_id = Empty,
            workers_ai.queued = outgoing.queued,
        ))
    }

    /// A span in this one. The first is attempt 1; the convention counts how often something is sent *again*.
    pub(crate) fn attempt(&self, number: u32) -> Self {
        Self(tracing::debug_span!(
            target: "workers_ai",
            parent: &self.0,
            "workers_ai.attempt",
            otel.status_code = Empty,
            error.type = Empty,
            http.request.resend_count = number.saturating_sub(1),
            http.response.status_code = Empty,
            workers_ai.attempt = number,
            workers_ai.request_id = Empty,
        ))
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.0.clone())
    }

    /// The request, where the program wants it in its spans.
    pub(crate) fn asked(&self, body: &Body) {
        if let Body::Bytes { bytes, content_type } = body
            && content_type.starts_with("application/json")
        {
            self.content("gen_ai.input.messages", bytes);
        }
    }

    pub(crate) fn answered(&self, status: StatusCode, headers: &HeaderMap, attempts: u32) {
        self.0.record("http.response.status_code", status.as_u16());
        self.0.record("workers_ai.attempts", attempts);
        if let Some(neurons) = neurons(headers) {
            self.0.record("workers_ai.neurons", neurons);
        }
        if let Some(id) = header(headers, "cf-ai-req-id") {
            self.0.record("workers_ai.request_id", id);
        }
        if let Some(id) = header(headers, "cf-aig-log-id") {
            self.0.record("workers_ai.gateway_log_id", id);
        }
    }

    /// A reply that came as a whole.
    pub(crate) fn read(&self, body: &Bytes, content: bool) {
        if self.0.is_disabled() {
            return;
        }
        if let Some(usage) = usage(body) {
            self.used(&usage);
        }
        if content && matches!(body.trim_ascii_start().first(), Some(b'{' | b'[')) {
            self.content("gen_ai.output.messages", body);
        }
    }

    pub(super) fn used(&self, usage: &Usage) {
        let count = |name: &'static str, tokens: Option<u64>| {
            if let Some(tokens) = tokens {
                self.0.record(name, tokens);
            }
        };
        count("gen_ai.usage.input_tokens", usage.prompt_tokens);
        count("gen_ai.usage.output_tokens", usage.completion_tokens);
        count("gen_ai.usage.cache_read.input_tokens", usage.cached_tokens);
        if let Some(neurons) = usage.neurons {
            self.0.record("workers_ai.neurons", neurons);
        }
    }

    /// What a session came to.
    pub(crate) fn cost(&self, neurons: f64) {
        self.0.record("workers_ai.neurons", neurons);
    }

    /// Why it failed, in a word: messages of the service can quote the prompt.
    pub(crate) fn failed(&self, error: &Error) {
        self.0.record("otel.status_code", "ERROR");
        self.0.record("error.type", error.class().as_ref());
        self.0.record("workers_ai.attempts", error.attempts());
        if let Some(status) = error.status() {
            self.0.record("http.response.status_code", status);
        }
        if let Some(id) = error.request_id() {
            self.0.record("workers_ai.request_id", id);
        }
    }

    /// Goes with a reply that is still arriving, to its end.
    pub(crate) fn watch(self, body: ByteStream, content: bool) -> ByteStream {
        if self.0.is_disabled() { body } else { Box::pin(Watched::new(self, body, content)) }
    }

    pub(super) fn content(&self, name: &'static str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes.get(..CONTENT).unwrap_or(bytes));
        self.0.record(name, text.as_ref());
    }

    pub(super) fn is_longer(length: usize) -> bool {
        length >= CONTENT
    }
}

/// What the convention calls the task; where it has no name for it, the catalogue's own in the convention's spelling.
fn operation(info: Option<&Info>) -> Cow<'static, str> {
    match info.map(|info| info.task) {
        Some("Text Generation") => "chat".into(),
        Some("Text Embeddings") => "embeddings".into(),
        Some(task) => task.to_ascii_lowercase().replace([' ', '-'], "_").into(),
        None => "generate_content".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_called_as_the_convention_does() {
        let of = |task| operation(Some(&Info::new("@cf/a/b", task, "2026-11")));
        assert_eq!(
            [of("Text Generation"), of("Text Embeddings"), of("Text-to-Image")],
            ["chat", "embeddings", "text_to_image"]
        );
        assert_eq!(operation(None), "generate_content");
    }
}
