//! Replies: what came back, with or without the API's envelope, and how it becomes a type.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Error, Media,
    media::decode_base64,
    request::explain,
    wire::{self, Fields},
};

/// What a model answers: anything that can be read from an [`Answer`].
///
/// The bindings implement it, nearly always as `answer.json()`.
///
/// ```
/// use serde::Deserialize;
/// use workers_ai_client::{Answer, Error, Reply};
///
/// #[derive(Deserialize)]
/// struct Shape {
///     shape: [usize; 2],
/// }
///
/// impl Reply for Shape {
///     fn decode(answer: Answer) -> Result<Self, Error> {
///         answer.json()
///     }
/// }
///
/// // In a test without a service:
/// let body = r#"{"result": {"shape": [1, 1024]}, "success": true}"#;
/// let answer = Answer::new(http::StatusCode::OK, http::HeaderMap::new(), body);
/// assert_eq!(Shape::decode(answer)?.shape, [1, 1024]);
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// With [`Client::untyped_as`](crate::Client::untyped_as), a model that no binding knows answers in such a type.
pub trait Reply: Sized + Send + 'static {
    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// When the answer is a failure, or is not what the type says.
    fn decode(answer: Answer) -> Result<Self, Error>;
}

/// A successful reply as it came, read to its end.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"result": {"response": "blue"}, "success": true}"#]);
/// use serde_json::json;
/// use workers_ai_client::Answer;
///
/// let answer: Answer = client.untyped_as("@cf/acme/new", json!({"prompt": "sea"})).await?;
/// println!("{} after {} attempts, {:?}", answer.status(), answer.attempts(), answer.headers());
/// if answer.is_json() {
///     assert_eq!(answer.json::<serde_json::Value>()?["response"], "blue");
/// } else {
///     println!("{} bytes of {:?}", answer.body().len(), answer.content_type());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    /// Shared, so that a reply goes to its type and its headers stay with whoever asked.
    headers: Arc<HeaderMap>,
    body: Bytes,
    is_json: bool,
    attempts: u32,
    /// What the envelope says, once somebody has looked.
    found: OnceLock<Found>,
}

/// What a body holds.
#[derive(Clone, Debug)]
enum Found {
    Result(Bytes),
    Failure,
}

impl Answer {
    /// A reply from its parts.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use workers_ai_client::Answer;
    ///
    /// // What a test of one's own `Reply` reads, or of what a program does about a failure.
    /// let answer = Answer::new(StatusCode::OK, HeaderMap::new(), r#"{"success": false, "errors": [{"code": 3040}]}"#);
    /// assert!(answer.json::<String>().unwrap_err().is_out_of_capacity());
    /// ```
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let is_json = is_json(media_type(&headers), &body);
        Self { status, headers: Arc::new(headers), body, is_json, attempts: 1, found: OnceLock::new() }
    }

    pub(crate) fn with_attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// How many attempts the call took.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came, envelope included.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The content type without its parameters, in lower case.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue, StatusCode, header};
    /// use workers_ai_client::Answer;
    ///
    /// let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("Audio/MPEG; rate=24000"))]);
    /// let answer = Answer::new(StatusCode::OK, headers, "ID3");
    /// assert_eq!(answer.content_type().as_deref(), Some("audio/mpeg"));
    /// assert!(!answer.is_json());
    /// ```
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        media_type(&self.headers).map(str::to_ascii_lowercase)
    }

    /// Whether the body is JSON: by its content type, and without a telling one by how it begins.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Reads the model's reply from JSON, out of the API's envelope or bare.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use workers_ai_client::Answer;
    ///
    /// let answer = |body: &'static str| Answer::new(StatusCode::OK, HeaderMap::new(), body);
    /// assert_eq!(answer(r#"{"result": [1, 2], "success": true}"#).json::<Vec<u8>>()?, [1, 2]);
    /// assert_eq!(answer("[1, 2]").json::<Vec<u8>>()?, [1, 2]);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A failure in the envelope becomes the error it describes. A reply of another shape is an error that
    /// [`is_decode`](Error::is_decode) and names the place.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.read(|json| serde_json::from_slice(json), explain::<T>)
    }

    /// Like [`json`](Self::json), for types that hold [`Vectors`](crate::Vectors): those are read where they lie, several times
    /// as fast.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use serde::Deserialize;
    /// use workers_ai_client::{Answer, Vectors};
    ///
    /// #[derive(Deserialize)]
    /// struct Embedded {
    ///     data: Vectors,
    /// }
    ///
    /// let answer = Answer::new(StatusCode::OK, HeaderMap::new(), r#"{"result": {"data": [[0.6, 0.8]]}, "success": true}"#);
    /// assert_eq!(answer.json_with_vectors::<Embedded>()?.data[0], [0.6, 0.8]);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `json`.
    pub fn json_with_vectors<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.read(wire::read, explain::<T>)
    }

    /// Like [`json`](Self::json), for types that borrow from the body.
    pub(crate) fn json_borrowed<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        self.read(|json| serde_json::from_slice(json), |_| String::new())
    }

    fn read<'a, T>(
        &'a self,
        read: impl FnOnce(&'a [u8]) -> Result<T, serde_json::Error>,
        explain: impl FnOnce(&[u8]) -> String,
    ) -> Result<T, Error> {
        if !self.is_json() && self.content_type().is_some_and(|content_type| !content_type.starts_with("text/")) {
            return Err(self.unexpected("JSON"));
        }
        let result = self.result()?;
        read(result).map_err(|error| {
            if !self.is_json() {
                return self.unexpected("JSON").with_source(error);
            }
            let mut reason = explain(result);
            if reason.is_empty() {
                reason = error.to_string();
            }
            Error::decode(format!("the reply is not as expected: {reason}")).with_source(error).with_reply(
                self.status.as_u16(),
                &self.headers,
                &self.body,
            )
        })
    }

    /// An error that says what was wanted and what arrived.
    ///
    /// ```
    /// use workers_ai_client::{Answer, Error, Reply};
    ///
    /// struct Subtitles(String);
    ///
    /// impl Reply for Subtitles {
    ///     fn decode(answer: Answer) -> Result<Self, Error> {
    ///         match std::str::from_utf8(answer.body()) {
    ///             Ok(text) if text.starts_with("WEBVTT") => Ok(Self(text.to_owned())),
    ///             _ => Err(answer.unexpected("subtitles")),
    ///         }
    ///     }
    /// }
    /// # let answer = |body: &'static str| Answer::new(http::StatusCode::OK, http::HeaderMap::new(), body);
    /// # assert!(Subtitles::decode(answer("oh")).err().is_some_and(|error| error.is_decode()));
    /// # assert_eq!(Subtitles::decode(answer("WEBVTT")).ok().map(|subtitles| subtitles.0).as_deref(), Some("WEBVTT"));
    /// ```
    #[must_use]
    pub fn unexpected(&self, wanted: &str) -> Error {
        let arrived = self.content_type().unwrap_or_else(|| "something without a content type".to_owned());
        Error::decode(format!("expected {wanted}, got {arrived} ({} bytes)", self.body.len())).with_reply(
            self.status.as_u16(),
            &self.headers,
            &self.body,
        )
    }

    /// The reply's JSON without its envelope, as it came.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use workers_ai_client::Answer;
    ///
    /// let body = r#"{"result": {"response": "Blue."}, "success": true}"#;
    /// let answer = Answer::new(StatusCode::OK, HeaderMap::new(), body);
    /// assert_eq!(answer.result()?, br#"{"response": "Blue."}"#);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the answer is a failure. What is no JSON is given as it is.
    pub fn result(&self) -> Result<&[u8], Error> {
        match self.found() {
            Found::Result(result) => Ok(result),
            Found::Failure => Err(self.failure()),
        }
    }

    /// Whether it is a failure, whatever its status says.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self.found(), Found::Failure)
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| match unwrap(&self.body) {
            Unwrapped::Result(result) => Found::Result(self.body.slice_ref(result)),
            Unwrapped::Failure => Found::Failure,
        })
    }

    /// The headers, once more for whoever keeps them.
    pub(crate) fn shared_headers(&self) -> Arc<HeaderMap> {
        Arc::clone(&self.headers)
    }

    fn failure(&self) -> Error {
        Error::service(self.status.as_u16(), &self.headers, self.body.clone())
    }
}

/// The content type without its parameters, as it is written.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim())
}

fn is_json(media_type: Option<&str>, body: &[u8]) -> bool {
    let Some(media_type) = media_type else {
        return matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    };
    let is = |name: &str| media_type.eq_ignore_ascii_case(name);
    if is("application/octet-stream") {
        // A name for what has no name; sound under it does not begin and end like this.
        let text = body.trim_ascii();
        return text.starts_with(b"{\"") && text.ends_with(b"}");
    }
    let suffix = media_type.len().checked_sub("+json".len()).and_then(|start| media_type.get(start..));
    is("application/json") || is("text/json") || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
}

/// The reply as it came, whatever it is.
impl Reply for Answer {
    fn decode(answer: Answer) -> Result<Self, Error> {
        Ok(answer)
    }
}

/// Any JSON, out of its envelope.
impl Reply for Value {
    fn decode(answer: Answer) -> Result<Self, Error> {
        answer.json()
    }
}

/// A reply that is a list, as classifiers give.
impl<T: DeserializeOwned + Send + 'static> Reply for Vec<T> {
    fn decode(answer: Answer) -> Result<Self, Error> {
        answer.json()
    }
}

/// A file: the raw bytes of the reply, or decoded from the base64 that JSON carries in `image`, in `audio`, in the only
/// field that decodes, or as the whole result.
impl Reply for Media {
    fn decode(answer: Answer) -> Result<Self, Error> {
        const WANTED: &str = "an image, a recording or another file";
        let content_type = answer.content_type();
        if !answer.is_json() {
            let is_text = content_type.as_deref().is_some_and(|content_type| content_type.starts_with("text/"));
            return if is_text || answer.body.is_empty() {
                Err(answer.unexpected(WANTED))
            } else {
                Ok(Self::declared(answer.body, content_type.as_deref()))
            };
        }
        let result = answer.result()?;
        let found = match Fields::of(result) {
            Some(fields) => in_a_field(fields),
            None => from_base64(result),
        };
        found.ok_or_else(|| answer.unexpected(WANTED))
    }
}

/// The file that an object carries.
fn in_a_field(mut fields: Fields<'_>) -> Option<Media> {
    let mut values = Vec::new();
    while let Some(field) = fields.next().ok()? {
        values.push(field);
    }
    let named = |name: &[u8]| values.iter().find(|(known, value)| *known == name && value.starts_with(b"\""));
    match named(b"image").or_else(|| named(b"audio")) {
        Some((_, value)) => from_base64(value),
        None => only(values.iter().filter_map(|(_, value)| from_base64(value))),
    }
}

/// The file that JSON text carries, decoded where it lies in the body; only what has escapes is copied first.
fn from_base64(json: &[u8]) -> Option<Media> {
    let decoded = |text: &[u8]| {
        let (bytes, declared) = decode_base64(text).ok()?;
        (!bytes.is_empty()).then(|| Media::declared(bytes, declared))
    };
    let text = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    // What base64 is made of never needs an escape, and a backslash is no part of it.
    decoded(text).or_else(|| {
        memchr::memchr(b'\\', text)?;
        decoded(serde_json::from_slice::<String>(json).ok()?.as_bytes())
    })
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next();
    if items.next().is_some() { None } else { first }
}

/// What a JSON body turns out to be.
pub(crate) enum Unwrapped<'a> {
    /// The model's reply.
    Result(&'a [u8]),
    /// A failure, whatever its status says.
    Failure,
}

/// Looks into the envelope without reading the reply in it. All of the envelope is optional: partners, OpenAI-like
/// endpoints and the local server answer without, and cut-down forms have been seen.
pub(crate) fn unwrap(body: &[u8]) -> Unwrapped<'_> {
    let Some(envelope) = Envelope::of(body) else { return Unwrapped::Result(body) };
    if envelope.is_failure() {
        return Unwrapped::Failure;
    }
    match envelope.result {
        Some(result) if envelope.is_envelope() => Unwrapped::Result(result),
        _ => Unwrapped::Result(body),
    }
}

/// The few fields that make an envelope, as they are written.
#[derive(Default)]
struct Envelope<'a> {
    /// A null counts as a result, of its kind; everywhere else it counts as missing.
    result: Option<&'a [u8]>,
    success: Option<&'a [u8]>,
    errors: Option<&'a [u8]>,
    messages: Option<&'a [u8]>,
    error: Option<&'a [u8]>,
    state: Option<&'a [u8]>,
}

impl<'a> Envelope<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        // A reply with bytes in it that no text has was damaged on the way, and who knows where else.
        if !body.is_ascii() {
            std::str::from_utf8(body).ok()?;
        }
        let mut fields = Fields::of(body)?;
        let mut envelope = Self::default();
        while let Some((name, value)) = fields.next().ok()? {
            let field = match name {
                b"result" => &mut envelope.result,
                b"success" => &mut envelope.success,
                b"errors" => &mut envelope.errors,
                b"messages" => &mut envelope.messages,
                b"error" => &mut envelope.error,
                b"state" => &mut envelope.state,
                _ => continue,
            };
            // Nobody sends a field twice, and whoever did would not mean either.
            if field.is_some() {
                return None;
            }
            *field = Some(value).filter(|value| name == b"result" || *value != b"null");
        }
        Some(envelope)
    }

    fn is_envelope(&self) -> bool {
        // Beside nothing else of an envelope, messages could be a conversation.
        let silent = self.messages.is_none_or(|messages| messages == b"[]");
        self.success.is_some() || self.errors.is_some() || self.state.is_some() || silent
    }

    fn is_failure(&self) -> bool {
        let is = |field: Option<&[u8]>, text: &str| field == Some(text.as_bytes());
        let says_something = |field: Option<&[u8]>| {
            field.is_some_and(|value| ![b"[]".as_slice(), b"{}", b"\"\"", b"false"].contains(&value))
        };
        if is(self.success, "true") {
            return false;
        }
        is(self.success, "false")
            || is(self.state, "\"Failed\"")
            || self.result.is_none() && (says_something(self.errors) || says_something(self.error))
    }
}
