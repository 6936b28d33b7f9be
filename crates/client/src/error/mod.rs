//! The one error type: what went wrong, what can be done about it, and never a credential.

mod kind;
mod service;

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::HeaderMap;

use self::kind::Kind;
use crate::{
    OutOfRange,
    transport::{BoxError, TransportError, TransportErrorKind},
};

/// Anything that can go wrong with a call.
///
/// Predicates answer what programs ask (`is_rate_limited`, `is_retryable`, …); [`message`](Error::message) says it in
/// the service's words; [`body`](Error::body) has the reply as it came. No text of an error ever holds the API token.
///
/// ```no_run
/// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
/// use serde_json::json;
///
/// match client.run("@cf/baai/bge-m3", json!({"text": "sea"})).await {
///     Ok(reply) => println!("{reply}"),
///     Err(error) if error.is_quota_exhausted() => println!("come back after midnight UTC"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    model: Option<String>,
    message: String,
    code: Option<u32>,
    status: Option<u16>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    body: Option<Bytes>,
    source: Option<BoxError>,
}

impl Error {
    /// The service's error code, for example 3021.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        self.0.code
    }

    /// The HTTP status, where there was a reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// What went wrong, in the service's words where it said something: without its prefixes, the request id and the
    /// JSON it may be wrapped in.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id under which Cloudflare's support can find the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The reply as it came, where there was one.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The model that was called.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.0.model.as_deref()
    }

    /// How long the service asks to wait. It seldom says.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The same request may pass when sent again after a pause: capacity, the per-minute limit, time-outs, the network.
    ///
    /// Never true for a spent daily allocation. A model that timed out after two minutes (code 3046) will probably do so
    /// again: stream instead.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        kind::is_retryable(self)
    }

    /// More requests per minute than the model allows (code 3021). Wait for the next minute.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        kind::is_rate_limited(self)
    }

    /// The service has no capacity for the model right now (code 3040). Try again soon, or another model.
    #[must_use]
    pub fn is_out_of_capacity(&self) -> bool {
        kind::is_out_of_capacity(self)
    }

    /// The day's free allocation is spent (code 4006 or 3036). It comes back at midnight UTC; the Workers Paid plan lifts it.
    #[must_use]
    pub fn is_quota_exhausted(&self) -> bool {
        kind::is_quota_exhausted(self)
    }

    /// Prompt and answer together are longer than the model's context window (code 5021). Shorten the prompt, or ask for
    /// fewer tokens: both count.
    #[must_use]
    pub fn is_context_exceeded(&self) -> bool {
        kind::is_context_exceeded(self)
    }

    /// The model has left the service (code 5028). The message usually says since when.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        kind::is_retired(self)
    }

    /// The model needs the Workers Paid plan (code 5035).
    #[must_use]
    pub fn needs_paid_plan(&self) -> bool {
        kind::needs_paid_plan(self)
    }

    /// The model's licence has to be agreed to once per account (code 5016): send the prompt `agree` to it.
    #[must_use]
    pub fn needs_license_agreement(&self) -> bool {
        kind::needs_license_agreement(self)
    }

    /// The token is missing, malformed, revoked, lacks the Workers AI permission or belongs to another account.
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        kind::is_authentication(self)
    }

    /// There is no such model (codes 5007 and 3042) or no such path.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        kind::is_not_found(self)
    }

    /// Nobody answered in time: this program's own limit or the service's.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        kind::is_timeout(self)
    }

    /// The service could not be reached, or the connection broke.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connection | Kind::Truncated { connection: true })
    }

    /// The request itself is wrong: refused here before it was sent (no [`status`](Error::status)), or by the service.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        kind::is_invalid_request(self)
    }

    /// The reply is not what the model's type says. The message names the place; [`body`](Error::body) has the reply.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode)
    }

    /// The stream ended before the model had finished.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        matches!(self.0.kind, Kind::Truncated { .. })
    }

    /// A failure without a reply: the rest is filled in by the `with_…` functions.
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            model: None,
            message: message.into(),
            code: None,
            status: None,
            request_id: None,
            retry_after: None,
            body: None,
            source: None,
        }))
    }

    /// The client cannot be set up as asked.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// The request is refused before it is sent.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// The reply cannot be understood.
    pub(crate) fn decode(message: impl Into<String>) -> Self {
        Self::new(Kind::Decode, message)
    }

    /// The stream ended too early.
    pub(crate) fn truncated() -> Self {
        Self::new(Kind::Truncated { connection: false }, "the stream ended before the model had finished")
    }

    /// The stream broke in the middle. A time-out stays a time-out.
    pub(crate) fn interrupted(error: TransportError) -> Self {
        let mut error = Self::from(error);
        if matches!(error.0.kind, Kind::Connection) {
            error.0.kind = Kind::Truncated { connection: true };
        }
        error
    }

    /// The service answered with a failure, in one of its many shapes.
    pub(crate) fn service(status: u16, headers: &HeaderMap, body: Bytes) -> Self {
        service::read(status, headers, body)
    }

    /// The other side closed a session: nothing wrong where the code is that of a normal end.
    pub(crate) fn closed(code: u16, reason: &str) -> Option<Self> {
        let kind = match code {
            1000 | 1005 => return None,
            // Going away, a failure inside, a restart, try again later, a bad gateway.
            1001 | 1006 | 1011..=1014 => Kind::Truncated { connection: false },
            _ => Kind::Service,
        };
        let reason = if reason.is_empty() { "no reason given" } else { reason };
        Some(Self::new(kind, format!("the service closed the session: {reason} (WebSocket code {code})")))
    }

    /// What could not be understood, where it is no reply with a head.
    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.body = Some(body);
        self
    }

    pub(crate) fn with_model(mut self, model: &str) -> Self {
        self.0.model.get_or_insert_with(|| model.to_owned());
        self
    }

    pub(crate) fn with_reply(mut self, status: u16, headers: &HeaderMap, body: &Bytes) -> Self {
        self.0.status.get_or_insert(status);
        if self.0.body.is_none() && !body.is_empty() {
            self.0.body = Some(body.clone());
        }
        if self.0.request_id.is_none() {
            self.0.request_id = service::request_id(headers);
        }
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let (kind, message) = match error.kind() {
            TransportErrorKind::Timeout => (Kind::Timeout, "no answer in time"),
            TransportErrorKind::Connection => (Kind::Connection, "the connection failed"),
            TransportErrorKind::Request => (Kind::Invalid, "the request cannot be sent"),
        };
        Self::new(kind, message).with_source(error)
    }
}

impl From<OutOfRange> for Error {
    fn from(refused: OutOfRange) -> Self {
        Self::invalid(refused.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(model) = &self.0.model {
            write!(f, "{model}: ")?;
        }
        f.write_str(&kind::in_lower_case(&self.0.message))?;
        let mut facts = Vec::new();
        facts.extend(self.0.status.map(|status| status.to_string()));
        facts.extend(self.0.code.map(|code| format!("code {code}")));
        facts.extend(self.0.request_id.as_ref().map(|id| format!("request {id}")));
        if facts.is_empty() { Ok(()) } else { write!(f, " ({})", facts.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind).field("message", &inner.message);
        if let Some(model) = &inner.model {
            out.field("model", model);
        }
        if let Some(status) = inner.status {
            out.field("status", &status);
        }
        if let Some(code) = inner.code {
            out.field("code", &code);
        }
        if let Some(request_id) = &inner.request_id {
            out.field("request_id", request_id);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
