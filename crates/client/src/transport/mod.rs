//! The seam between this crate and whatever moves bytes; neither side's library shows through it.

mod clock;
mod maybe_send;
#[cfg(feature = "http")]
mod patience;
#[cfg(feature = "http")]
mod reqwest;
#[cfg(feature = "http")]
mod upload;
#[cfg(feature = "realtime")]
mod websocket;

use std::{borrow::Cow, error, fmt, pin::Pin, time::Duration};

use bytes::Bytes;

pub use self::clock::Clock;
#[cfg(feature = "http")]
pub use self::clock::TokioClock;
pub(crate) use self::clock::system_time;
pub use self::maybe_send::{BoxFuture, BoxStream, MaybeSend, MaybeSync};
#[cfg(feature = "http")]
pub use self::reqwest::HttpTransport;
pub use crate::realtime::{Arrival, Handshake, Socket};
use crate::request::{Form, Source};

/// An error of any type, as sources of errors are kept.
///
/// ```
/// use workers_ai_client::transport::{BoxError, TransportError, TransportErrorKind};
///
/// fn refused(cause: impl Into<BoxError>) -> TransportError {
///     TransportError::new(TransportErrorKind::Connection, cause)
/// }
/// # let _ = refused("connection refused");
/// ```
pub type BoxError = Box<dyn error::Error + Send + Sync>;

/// The body of a reply, as it arrives.
///
/// ```
/// use futures_util::stream;
/// use workers_ai_client::{Bytes, transport::ByteStream};
///
/// let body: ByteStream = Box::pin(stream::iter([Ok(Bytes::from_static(b"{}"))]));
/// # let _ = body;
/// ```
pub type ByteStream = BoxStream<Result<Bytes, TransportError>>;

/// Moves one request to the service and its reply back.
///
/// The `http` feature brings [`HttpTransport`]. Others can be written for places without sockets, for proxies and for
/// tests:
///
/// ```
/// use std::{future, pin::Pin, task::{Context, Poll}};
///
/// use bytes::Bytes;
/// use workers_ai_client::{
///     Client,
///     transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError},
/// };
///
/// /// Answers everything with the same JSON.
/// struct Canned;
///
/// struct Once(Option<Bytes>);
///
/// impl futures_core::Stream for Once {
///     type Item = Result<Bytes, TransportError>;
///
///     fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
///         Poll::Ready(self.0.take().map(Ok))
///     }
/// }
///
/// impl Transport for Canned {
///     fn send(
///         &self,
///         _: http::Request<Body>,
///         _: Limits,
///     ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
///         let body: ByteStream = Box::pin(Once(Some(Bytes::from_static(br#"{"result": 42, "success": true}"#))));
///         Box::pin(future::ready(Ok(http::Response::new(body))))
///     }
/// }
///
/// let client = Client::builder("account", "token").transport(Canned).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// Dropping the future, or the stream of the reply, must end the exchange. Redirects must not be followed: the request
/// carries the API token. The limits are the transport's to keep. A reply that still says `content-encoding` is refused: who
/// undoes an encoding takes that header away.
pub trait Transport: MaybeSend + MaybeSync + 'static {
    /// Sends the request; ready as soon as the reply's head is there.
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>>;

    /// Asks for a WebSocket; ready when it is open or refused. The request is a plain GET without the headers of the
    /// upgrade, which are the transport's to add; the time-out is for the opening only.
    ///
    /// A transport that does not say otherwise has no WebSockets.
    ///
    /// ```
    /// use workers_ai_client::{
    ///     Client,
    ///     transport::{Body, BoxFuture, ByteStream, Handshake, Limits, Transport, TransportError},
    /// };
    ///
    /// /// For tests of what a program does when no session can be had.
    /// struct Full;
    ///
    /// impl Transport for Full {
    ///     fn connect(
    ///         &self,
    ///         _: http::Request<()>,
    ///         _: Limits,
    ///     ) -> BoxFuture<'_, Result<http::Response<Handshake>, TransportError>> {
    ///         let mut reply = http::Response::new(Handshake::Refused("full".into()));
    ///         *reply.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    ///         Box::pin(async { Ok(reply) })
    ///     }
    ///     // …
    /// #     fn send(
    /// #         &self,
    /// #         _: http::Request<Body>,
    /// #         _: Limits,
    /// #     ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
    /// #         unreachable!("sessions only")
    /// #     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workers_ai_client::Error> {
    /// let client = Client::builder("account", "token").transport(Full).build()?;
    /// let error = client.untyped("@cf/acme/voice", serde_json::json!({})).connect().await.unwrap_err();
    /// assert_eq!((error.status(), error.message()), (Some(503), "full"));
    /// # Ok(())
    /// # }
    /// ```
    fn connect(
        &self,
        request: http::Request<()>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Handshake>, TransportError>> {
        let _ = (request, limits);
        let error = TransportError::new(
            TransportErrorKind::Request,
            "this transport has no WebSockets; the built-in one needs the feature `realtime`",
        );
        Box::pin(std::future::ready(Err(error)))
    }

    /// The time where this transport works. Without one, unless [`ClientBuilder::clock`](crate::ClientBuilder::clock)
    /// brings it, a client cannot wait: it makes each call once and never retries.
    fn clock(&self) -> Option<&dyn Clock> {
        None
    }
}

/// The body of a request.
///
/// ```
/// use workers_ai_client::transport::Body;
///
/// /// What a transport of one's own tells the server.
/// fn content_type(body: &Body) -> Option<&str> {
///     match body {
///         Body::Bytes { content_type, .. } | Body::Source { content_type, .. } => Some(content_type),
///         Body::Form(_) => Some("multipart/form-data; boundary=…"),
///         _ => None,
///     }
/// }
///
/// assert_eq!(content_type(&Body::Empty), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Nothing.
    Empty,
    /// Bytes. The request has no `content-type` header of its own: the transport sends this one.
    Bytes {
        /// The bytes.
        bytes: Bytes,
        /// What they are.
        content_type: Cow<'static, str>,
    },
    /// Bytes that are read while they are sent. The transport sends their length and this content type.
    Source {
        /// Where the bytes come from.
        source: Source,
        /// What they are.
        content_type: Cow<'static, str>,
    },
    /// A multipart form. The transport picks the boundary and sends the content type.
    Form(Form),
}

/// How long an exchange may take.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::transport::{Limits, Timeout};
///
/// /// How long a transport waits for the next piece of a reply.
/// fn patience(limits: Limits) -> Option<Duration> {
///     match (limits.idle, limits.timeout) {
///         (Some(idle), _) => Some(idle),
///         (None, Some(Timeout::Silence(limit))) => Some(limit),
///         _ => None,
///     }
/// }
///
/// assert_eq!(patience(Limits::default()), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long it may take as a whole, or be silent.
    pub timeout: Option<Timeout>,
    /// How long the body of a reply may pause between two pieces, or a WebSocket between two messages. It takes the place
    /// of what [`Timeout::Silence`] says of pieces.
    pub idle: Option<Duration>,
}

/// What is limited.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::transport::Timeout;
///
/// /// How long to wait for a reply to begin.
/// fn beginning(timeout: Timeout) -> Duration {
///     match timeout {
///         Timeout::Whole(limit) | Timeout::Silence(limit) => limit,
///     }
/// }
///
/// assert_eq!(beginning(Timeout::Silence(Duration::from_secs(30))).as_secs(), 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// From sending to the reply's last byte.
    Whole(Duration),
    /// From sending to the reply's head, and then between any two pieces of its body: a stream may last as long as it
    /// keeps talking.
    Silence(Duration),
}

/// Why an exchange failed below the level of HTTP.
///
/// ```
/// use workers_ai_client::{
///     Error,
///     transport::{TransportError, TransportErrorKind},
/// };
///
/// let failed = TransportError::new(TransportErrorKind::Timeout, "no head after 30 s");
/// assert_eq!(failed.kind(), TransportErrorKind::Timeout);
/// // What becomes of it for whoever made the call:
/// assert!(Error::from(failed).is_timeout());
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

/// What kind of failure it was.
///
/// ```
/// use workers_ai_client::transport::TransportErrorKind;
///
/// fn kind(error: &std::io::Error) -> TransportErrorKind {
///     match error.kind() {
///         std::io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
///         std::io::ErrorKind::InvalidInput => TransportErrorKind::Request,
///         _ => TransportErrorKind::Connection,
///     }
/// }
///
/// assert_eq!(kind(&std::io::ErrorKind::BrokenPipe.into()), TransportErrorKind::Connection);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The time allowed is over.
    Timeout,
    /// The connection broke: whether the request arrived is not known.
    Connection,
    /// The request cannot be sent as it is.
    Request,
    /// The reply is longer than allowed.
    TooLarge,
    /// The server's certificate is not to be trusted.
    Untrusted,
    /// No connection was made, and so nothing was sent.
    Unreachable,
    /// What arrived is not what the protocol has it to be.
    Unreadable,
}

impl TransportError {
    /// A failure and its cause. The cause must not hold the request's headers: the token is there.
    ///
    /// ```
    /// use workers_ai_client::transport::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Connection, std::io::Error::other("no route to host"));
    /// assert_eq!(error.to_string(), "the exchange with the server failed");
    /// ```
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self { kind, source: source.into() }
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Timeout => "the time allowed is over",
            TransportErrorKind::Connection => "the exchange with the server failed",
            TransportErrorKind::Request => "the request could not be built",
            TransportErrorKind::TooLarge => "the reply is too long",
            TransportErrorKind::Untrusted => "the server's certificate is not trusted",
            TransportErrorKind::Unreachable => "no connection to the server can be made",
            TransportErrorKind::Unreadable => "what the server sent cannot be read",
        })
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Reads a body to its end, or until it is longer than allowed.
pub(crate) async fn collect(mut body: ByteStream, most: usize) -> Result<Bytes, TransportError> {
    let mut first = None;
    let mut rest: Vec<u8> = Vec::new();
    let mut length = 0_usize;
    while let Some(piece) = next(&mut body).await {
        let piece = piece?;
        length = length.saturating_add(piece.len());
        if length > most {
            return Err(too_large(most));
        }
        // Most replies come in one piece, which is then not copied.
        if first.is_none() && rest.is_empty() {
            first = Some(piece);
        } else {
            if let Some(first) = first.take() {
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&piece);
        }
    }
    Ok(first.unwrap_or_else(|| rest.into()))
}

pub(crate) fn too_large(most: usize) -> TransportError {
    let reason = format!("it has more than {most} bytes; ClientBuilder::max_reply allows more");
    TransportError::new(TransportErrorKind::TooLarge, reason)
}

async fn next(body: &mut ByteStream) -> Option<Result<Bytes, TransportError>> {
    std::future::poll_fn(|cx| Pin::as_mut(body).poll_next(cx)).await
}
