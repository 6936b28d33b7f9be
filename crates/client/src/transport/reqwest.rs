//! The transport of the `http` feature: reqwest, set up so that the token stays where it belongs.

use std::{
    borrow::Cow,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Uri, header};
use http_body::Body as _;
use reqwest::Url;
use tokio::time::{Instant, timeout};

use super::{
    Body, BoxError, BoxFuture, ByteStream, Clock, Limits, Timeout, TokioClock, Transport, TransportError,
    TransportErrorKind,
    patience::{Exceeded, Patience},
    upload::Upload,
};
use crate::{Error, client::is_loopback, recent::Recent};

/// How long a connection may take to be made. Only trouble takes longer.
const CONNECT: Duration = Duration::from_secs(10);

/// HTTP by reqwest. It needs a tokio runtime.
///
/// Redirects are never followed. With the `rustls` feature, certificates are checked by the operating system's own
/// rules, with ring for the cryptography and nothing registered process-wide; in a container, install its package of CA
/// certificates.
///
/// ```
/// use workers_ai_client::Client;
///
/// // Every client has one that is not given another transport.
/// let client = Client::builder("account", "token").build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    /// Those called lately.
    addresses: Arc<Recent<Uri, Url>>,
    /// For WebSockets where `client` might speak HTTP/2, which has none.
    #[cfg(all(feature = "realtime", feature = "http2"))]
    upgrading: std::sync::OnceLock<reqwest::Client>,
    #[cfg(all(feature = "realtime", feature = "http2"))]
    base: Uri,
}

impl HttpTransport {
    /// A transport for the server at this address.
    ///
    /// # Errors
    ///
    /// When the address wants TLS and no TLS feature is on, or the system has no certificates.
    pub(crate) fn new(base: &Uri) -> Result<Self, Error> {
        Ok(Self {
            client: Self::client(base, false)?,
            addresses: Arc::default(),
            #[cfg(all(feature = "realtime", feature = "http2"))]
            upgrading: std::sync::OnceLock::new(),
            #[cfg(all(feature = "realtime", feature = "http2"))]
            base: base.clone(),
        })
    }

    fn client(base: &Uri, http1_only: bool) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .user_agent(concat!("workers-ai-rust/", env!("CARGO_PKG_VERSION")));
        if cfg!(not(feature = "http2")) {
            // Only HTTP/2 has refusals that reqwest answers by itself; without it, requests would be kept for nothing.
            builder = builder.retry(reqwest::retry::never().max_retries_per_request(0));
        }
        if is_loopback(base) {
            // A proxy named in the environment is for the network, and would be shown the token in the clear.
            builder = builder.no_proxy();
        }
        if base.scheme_str() == Some("https") {
            builder = secure(builder, http1_only)?;
        } else {
            builder = plain(builder)?;
        }
        if http1_only {
            builder = builder.http1_only();
        }
        builder.build().map_err(|error| Error::configuration("the HTTP client cannot be set up").with_source(error))
    }

    #[cfg(all(feature = "realtime", not(feature = "http2")))]
    fn upgrading(&self) -> Result<&reqwest::Client, TransportError> {
        Ok(&self.client)
    }

    #[cfg(all(feature = "realtime", feature = "http2"))]
    fn upgrading(&self) -> Result<&reqwest::Client, TransportError> {
        if let Some(client) = self.upgrading.get() {
            return Ok(client);
        }
        let client =
            Self::client(&self.base, true).map_err(|error| TransportError::new(TransportErrorKind::Request, error))?;
        Ok(self.upgrading.get_or_init(|| client))
    }
}

#[cfg(feature = "rustls")]
fn tls(with_system_rules: bool, http1_only: bool) -> Result<rustls::ClientConfig, Error> {
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt;

    let failed = |error: rustls::Error| {
        Error::configuration(
            "TLS cannot be set up: the system's CA certificates are needed (package ca-certificates, or SSL_CERT_FILE)",
        )
        .with_source(error)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let trusting = if with_system_rules {
        versions.with_platform_verifier().map_err(failed)?
    } else {
        versions.with_root_certificates(RootCertStore::empty())
    };
    let mut config = trusting.with_no_client_auth();
    if cfg!(feature = "http2") && !http1_only {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(config)
}

#[cfg(feature = "rustls")]
fn secure(builder: reqwest::ClientBuilder, http1_only: bool) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder.tls_backend_preconfigured(tls(true, http1_only)?))
}

/// Without TLS to a server on this machine, nothing is trusted: reqwest wants a configuration all the same, and loading
/// the system's certificates takes time and can fail.
#[cfg(feature = "rustls")]
fn plain(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder.tls_backend_preconfigured(tls(false, false)?))
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn secure(builder: reqwest::ClientBuilder, _: bool) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

#[cfg(not(any(feature = "native-tls", feature = "rustls")))]
fn secure(_: reqwest::ClientBuilder, _: bool) -> Result<reqwest::ClientBuilder, Error> {
    Err(Error::configuration("https needs TLS: turn on the feature `rustls` or `native-tls`"))
}

#[cfg(not(feature = "rustls"))]
fn plain(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        // reqwest's own limits would take several allocations of every call.
        let (limit, patience) = match (limits.timeout, limits.idle) {
            (Some(Timeout::Whole(limit)), idle) => {
                (Some(limit), Patience::new(idle, Instant::now().checked_add(limit)))
            }
            (Some(Timeout::Silence(limit)), idle) => (Some(limit), Patience::new(idle.or(Some(limit)), None)),
            (None, idle) => (None, Patience::new(idle, None)),
        };
        let sent = self.build(request).map(|request| self.client.execute(request));
        Box::pin(async move {
            let reply = match limit {
                Some(limit) => timeout(limit, sent?).await.map_err(|_| late("the reply did not begin in time"))?,
                None => sent?.await,
            };
            let (parts, body) = http::Response::<reqwest::Body>::from(reply.map_err(failed)?).into_parts();
            let mut head = http::Response::new(());
            *head.status_mut() = parts.status;
            *head.headers_mut() = parts.headers;
            let body: ByteStream = Box::pin(Pieces { body, patience });
            Ok(head.map(|()| body))
        })
    }

    #[cfg(feature = "realtime")]
    fn connect(
        &self,
        request: http::Request<()>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<super::Handshake>, TransportError>> {
        Box::pin(async move {
            let (head, ()) = request.into_parts();
            super::websocket::open(self.upgrading()?, head, limits).await
        })
    }

    fn clock(&self) -> Option<&dyn Clock> {
        Some(&TokioClock)
    }
}

impl HttpTransport {
    fn build(&self, request: http::Request<Body>) -> Result<reqwest::Request, TransportError> {
        let (head, body) = request.into_parts();
        let mut built = reqwest::Request::new(head.method, self.ready(&head.uri).map_err(unsendable)?);
        *built.headers_mut() = head.headers;
        match body {
            Body::Empty => {}
            Body::Bytes { bytes, content_type } => {
                describe(&mut built, content_type)?;
                *built.body_mut() = Some(bytes.into());
            }
            Body::Source { source, content_type } => {
                describe(&mut built, content_type)?;
                carry(&mut built, Upload::source(&source));
            }
            Body::Form(form) => {
                let (upload, content_type) = Upload::form(form)?;
                describe(&mut built, content_type.into())?;
                carry(&mut built, upload);
            }
        }
        Ok(built)
    }

    /// The address as reqwest wants it: to parse one takes as long as the rest of a request's preparation.
    fn ready(&self, uri: &Uri) -> Result<Url, BoxError> {
        // What is asked in a query is rarely asked twice, and can be private.
        if uri.query().is_some() {
            return Ok(Url::parse(&uri.to_string())?);
        }
        if let Some(url) = self.addresses.get(uri) {
            return Ok(url);
        }
        let url = Url::parse(&uri.to_string())?;
        self.addresses.keep(uri.clone(), url.clone());
        Ok(url)
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

fn unsendable(error: BoxError) -> TransportError {
    TransportError::new(TransportErrorKind::Request, error)
}

/// A length of its own keeps the body from being sent in chunks, which the service may not take.
fn carry(request: &mut reqwest::Request, upload: Upload) {
    request.headers_mut().insert(header::CONTENT_LENGTH, upload.length().into());
    *request.body_mut() = Some(reqwest::Body::wrap(upload));
}

/// Says what the body is.
fn describe(request: &mut reqwest::Request, content_type: Cow<'static, str>) -> Result<(), TransportError> {
    let content_type = match content_type {
        Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
        Cow::Owned(text) => HeaderValue::from_maybe_shared(Bytes::from(text)),
    };
    let content_type = content_type.map_err(|error| unsendable(error.into()))?;
    request.headers_mut().insert(header::CONTENT_TYPE, content_type);
    Ok(())
}

fn late(what: &'static str) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, std::io::Error::new(std::io::ErrorKind::TimedOut, what))
}

/// reqwest's errors name the address, which holds the account id and perhaps prompts in its query.
pub(super) fn failed(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else if is_untrusted(&error) {
        TransportErrorKind::Untrusted
    } else if error.is_connect() {
        TransportErrorKind::Unreachable
    } else {
        TransportErrorKind::Connection
    };
    TransportError::new(kind, error.without_url())
}

/// Whether it is the certificate that is wrong. It is so as long as somebody does something about it.
#[cfg(feature = "rustls")]
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // An error of I/O passes over what it holds when it is asked for its source.
        source = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    false
}

#[cfg(not(feature = "rustls"))]
fn is_untrusted(_: &reqwest::Error) -> bool {
    false
}

/// The body as it arrives, with an eye on the clock.
struct Pieces {
    body: reqwest::Body,
    patience: Patience,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.patience.renew();
                // Trailers say nothing here.
                Poll::Ready(Some(Ok(frame.into_data().unwrap_or_default())))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(failed(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => this.patience.poll(cx).map(|exceeded| {
                Some(Err(late(match exceeded {
                    Exceeded::Pause => "the reply went silent",
                    Exceeded::End => "the reply did not end in time",
                })))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_brings_a_clock_so_that_its_calls_are_retried() {
        let base = Uri::from_static("http://127.0.0.1:1");
        let transport = HttpTransport::new(&base);
        assert!(transport.as_ref().is_ok_and(|transport| transport.clock().is_some()));
        assert!(format!("{transport:?}").starts_with("Ok(HttpTransport"));
    }
}
