//! The one error type: what went wrong, what can be done about it, and never a credential.

mod kind;
mod predicates;
mod service;
mod shown;

use std::time::{Duration, SystemTime};

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
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"success": false, "errors": [{"code": 4006, "message": "you have used up your daily free allocation of 10,000 neurons"}]}"#]);
/// use serde_json::json;
///
/// match client.run("@cf/baai/bge-m3", json!({"text": "sea"})).await {
///     Ok(reply) => println!("{reply}"),
///     Err(error) if error.is_quota_exhausted() => println!("come back after midnight UTC"),
///     Err(error) => return Err(error.into()),
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
    attempts: u32,
    /// When it happened, where somebody knew.
    at: Option<SystemTime>,
    body: Option<Bytes>,
    source: Option<BoxError>,
}

impl Error {
    /// The service's error code, for example 3021.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5018, "message": "AiError: This account is not allowed to access @cf/acme/private"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::FORBIDDEN, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// let hint = match error.code() {
    ///     Some(5018) => "is it the right account?",
    ///     Some(code) => &format!("look up {code} in Cloudflare's list of errors"),
    ///     None => "the failure came without a code",
    /// };
    /// assert_eq!(hint, "is it the right account?");
    /// ```
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        self.0.code
    }

    /// The HTTP status, where there was a reply.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 3000, "message": "AiError: no such luck"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::INTERNAL_SERVER_ERROR, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// if error.status().is_some_and(|status| status >= 500) {
    ///     eprintln!("not our fault: {error}");
    /// }
    /// # assert_eq!(error.status(), Some(500));
    /// ```
    ///
    /// Failures inside a stream, or inside a reply that calls itself a success, have the status that they name, else 200.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// What went wrong, in the service's words where it said something: without its prefixes, the request id and the
    /// JSON it may be wrapped in.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5006, "message": "AiError: Bad input: required properties at '/' are 'prompt' (cba15bde-5351-404a-bc9e-32094e768932)"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// assert_eq!(error.message(), "Bad input: required properties at '/' are 'prompt'");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id under which Cloudflare's support can find the request.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5006, "message": "AiError: Bad input (cba15bde-5351-404a-bc9e-32094e768932)"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// let ticket = format!("Workers AI failed, request {}", error.request_id().unwrap_or("unknown"));
    /// assert_eq!(ticket, "Workers AI failed, request cba15bde-5351-404a-bc9e-32094e768932");
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The reply as it came, where there was one.
    ///
    /// ```
    /// # let said = r#"{"success": false, "errors": [{"code": 5006, "message": "AiError: Bad input"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::BAD_REQUEST, http::HeaderMap::new(), said);
    /// # let error = reply.json::<serde_json::Value>().unwrap_err();
    /// // For the log, where the message alone does not explain it.
    /// let body = error.body().map(String::from_utf8_lossy).unwrap_or_default();
    /// assert!(body.contains(r#""success": false"#));
    /// ```
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The model that was called.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = workers_ai_client::Client::builder("account", "token").build()?;
    /// use serde_json::json;
    ///
    /// let error = client.run("not a/../model", json!({})).await.unwrap_err();
    /// assert_eq!(error.model(), Some("not a/../model"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.0.model.as_deref()
    }

    /// How long the service asks to wait. It seldom says.
    ///
    /// ```
    /// use std::time::Duration;
    /// # let headers = http::HeaderMap::from_iter([(http::header::RETRY_AFTER, http::HeaderValue::from_static("7"))]);
    /// # let said = r#"{"success": false, "errors": [{"code": 3021, "message": "rate reached"}]}"#;
    /// # let reply = workers_ai_client::Answer::new(http::StatusCode::TOO_MANY_REQUESTS, headers, said);
    /// # let error = reply.json::<()>().unwrap_err();
    ///
    /// let pause = error.retry_after().unwrap_or(Duration::from_secs(60));
    /// # let _ = pause;
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts the call took before this; 0 if nothing was sent.
    ///
    /// ```
    /// # fn example(error: workers_ai_client::Error) {
    /// match error.attempts() {
    ///     0 => eprintln!("not sent: {error}"),
    ///     1 => eprintln!("failed at once: {error}"),
    ///     attempts => eprintln!("given up after {attempts} attempts: {error}"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
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
            attempts: 0,
            at: None,
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

    /// The program's own budget is spent.
    pub(crate) fn over_budget(over: crate::Overdraft) -> Self {
        Self::new(Kind::Budget, over.to_string()).with_source(over)
    }

    /// The reply cannot be understood.
    pub(crate) fn decode(message: impl Into<String>) -> Self {
        Self::new(Kind::Decode, message)
    }

    /// The stream ended too early.
    pub(crate) fn truncated() -> Self {
        Self::new(Kind::Truncated { connection: false }, "the stream ended before the model had finished")
    }

    /// The reply in one piece ended too early.
    pub(crate) fn cut() -> Self {
        Self::new(Kind::Truncated { connection: false }, "the reply breaks off before its end")
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
        service::read(status, headers, body, None)
    }

    /// The same, at a time that somebody knows.
    pub(crate) fn service_at(status: u16, headers: &HeaderMap, body: Bytes, now: Option<SystemTime>) -> Self {
        service::read(status, headers, body, now)
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The service itself said no, or was never asked: whatever was wanted has not happened.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.0.kind, Kind::Unreachable)
            || matches!(self.0.kind, Kind::Service) && matches!(self.0.status, Some(400..500))
    }

    /// The word of refusal that turned out to be one of thanks.
    pub(crate) fn gives_thanks(&self) -> bool {
        self.0.message.to_ascii_lowercase().contains("thank you for agreeing")
    }

    /// A short name of what went wrong, of which there are few.
    #[cfg(feature = "tracing")]
    pub(crate) fn class(&self) -> std::borrow::Cow<'static, str> {
        match (self.0.code, self.0.status) {
            (Some(code), _) => code.to_string().into(),
            (None, Some(status)) if status >= 300 => status.to_string().into(),
            _ => self.0.kind.name().into(),
        }
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

    /// Takes the token out of what a server said that repeats what it is sent, as some do in order to help.
    pub(crate) fn without(mut self, token: &str) -> Self {
        /// Shorter ones are made up, and words that anybody may say.
        const REAL: usize = 16;
        const INSTEAD: &str = "[the token]";

        if token.len() < REAL {
            return self;
        }
        let inner = &mut *self.0;
        for text in [Some(&mut inner.message), inner.request_id.as_mut()].into_iter().flatten() {
            if text.contains(token) {
                *text = text.replace(token, INSTEAD);
            }
        }
        if let Some(body) = &inner.body
            && memchr::memmem::find(body, token.as_bytes()).is_some()
        {
            inner.body = Some(String::from_utf8_lossy(body).replace(token, INSTEAD).into());
        }
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

    /// The reply's head, where nobody wants its body.
    pub(crate) fn with_head(self, status: u16, headers: &HeaderMap) -> Self {
        self.with_reply(status, headers, &Bytes::new())
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
            TransportErrorKind::TooLarge => (Kind::TooLarge, "the reply is too long"),
            TransportErrorKind::Unreachable => (Kind::Unreachable, "no connection to the server can be made"),
            TransportErrorKind::Unreadable => (Kind::Decode, "what the server sent cannot be read"),
            TransportErrorKind::Untrusted => (Kind::Untrusted, "the server's certificate is not trusted"),
        };
        Self::new(kind, message).with_source(error)
    }
}

impl From<OutOfRange> for Error {
    fn from(refused: OutOfRange) -> Self {
        Self::invalid(refused.to_string())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_the_first_one_that_says_something() {
        let none = HeaderMap::new();
        let error = Error::decode("x").with_head(200, &none);
        assert_eq!((error.status(), error.body()), (Some(200), None));
        let error = error.with_reply(502, &none, &Bytes::from_static(b"first"));
        assert_eq!((error.status(), error.body()), (Some(200), Some(b"first".as_slice())));
        assert_eq!(error.with_reply(502, &none, &Bytes::from_static(b"next")).body(), Some(b"first".as_slice()));
    }

    #[test]
    fn a_token_is_taken_out_but_not_a_word_that_anybody_may_say() {
        let repeated = |token: &str| {
            let error = Error::decode(format!("no {token}")).with_body(format!("<{token}>").into()).without(token);
            (error.message().to_owned(), String::from_utf8_lossy(error.body().unwrap_or_default()).into_owned())
        };
        assert_eq!(repeated("0123456789abcdef"), ("no [the token]".to_owned(), "<[the token]>".to_owned()));
        assert_eq!(repeated("0123456789abcde"), ("no 0123456789abcde".to_owned(), "<0123456789abcde>".to_owned()));
        assert_eq!(repeated("token"), ("no token".to_owned(), "<token>".to_owned()));
    }

    #[cfg(feature = "tracing")]
    #[test]
    fn a_class_is_the_code_or_a_status_of_failure_or_the_kind() {
        let class = |error: Error| error.class().into_owned();
        let none = HeaderMap::new();
        assert_eq!(class(Error::decode("x").with_head(200, &none)), "decode");
        assert_eq!(class(Error::decode("x").with_head(299, &none)), "decode");
        assert_eq!(class(Error::decode("x").with_head(300, &none)), "300");
        assert_eq!(class(Error::cut()), "truncated");
        let coded = Bytes::from_static(br#"{"errors":[{"code":3040,"message":"busy"}]}"#);
        assert_eq!(class(Error::service(429, &none, coded)), "3040");
        assert_eq!(class(Error::service(502, &none, Bytes::new())), "502");
    }
}
