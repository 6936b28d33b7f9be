//! The WebSocket of the `realtime` feature: the HTTP transport's connection, upgraded, with tungstenite's framing.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use futures_core::Stream;
use futures_sink::Sink;
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use tokio::time::{Sleep, sleep, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    Arrival, Handshake, Limits, Socket, Timeout, TransportError, TransportErrorKind, patience::Patience,
    reqwest::failed,
};
use crate::Frame;

/// How long the other side may take to agree to the end.
const FAREWELL: Duration = Duration::from_secs(10);

/// The longest message that is read. Events and pieces of sound are far shorter.
const LONGEST: usize = 16 << 20;

/// The longest body of a refusal that is read.
const LONGEST_REFUSAL: usize = 1 << 20;

/// A code for what ended without one.
const NO_CODE: u16 = 1005;

/// Asks for a WebSocket.
pub(super) async fn open(
    client: &reqwest::Client,
    head: Parts,
    limits: Limits,
) -> Result<http::Response<Handshake>, TransportError> {
    let opening = async {
        let key = generate_key();
        let request = client.get(head.uri.to_string()).headers(upgrade(head.headers, &key)?);
        let reply = request.send().await.map_err(failed)?;
        let mut opened = http::Response::new(());
        *opened.status_mut() = reply.status();
        *opened.headers_mut() = reply.headers().clone();
        if reply.status() != StatusCode::SWITCHING_PROTOCOLS {
            let body = refusal(reply).await;
            return Ok(opened.map(|()| Handshake::Refused(body)));
        }
        let accepted = opened.headers().get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
        if accepted != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            let error = io::Error::new(io::ErrorKind::InvalidData, "the answer is not that of a WebSocket");
            return Err(TransportError::new(TransportErrorKind::Connection, error));
        }
        let stream = reply.upgrade().await.map_err(failed)?;
        let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
        let stream = WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await;
        let socket = WebSocket { stream, patience: Patience::new(limits.idle, None), farewell: None };
        Ok(opened.map(|()| Handshake::Open(Box::new(socket) as Box<dyn Socket>)))
    };
    match limits.timeout {
        Some(Timeout::Whole(limit) | Timeout::Silence(limit)) => timeout(limit, opening)
            .await
            .unwrap_or_else(|elapsed| Err(TransportError::new(TransportErrorKind::Timeout, elapsed))),
        None => opening.await,
    }
}

/// The headers that ask for a WebSocket; the caller's cannot take their place.
fn upgrade(mut headers: HeaderMap, key: &str) -> Result<HeaderMap, TransportError> {
    let key = HeaderValue::try_from(key).map_err(|error| TransportError::new(TransportErrorKind::Request, error))?;
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(header::SEC_WEBSOCKET_KEY, key);
    Ok(headers)
}

/// A refusal whose body breaks off is still that refusal.
async fn refusal(mut reply: reqwest::Response) -> bytes::Bytes {
    let mut body = Vec::new();
    while body.len() < LONGEST_REFUSAL
        && let Ok(Some(piece)) = reply.chunk().await
    {
        body.extend_from_slice(&piece);
    }
    body.into()
}

struct WebSocket {
    stream: WebSocketStream<reqwest::Upgraded>,
    /// With the other side.
    patience: Patience,
    /// Runs once this side has closed.
    farewell: Option<Pin<Box<Sleep>>>,
}

impl WebSocket {
    fn stream(&mut self) -> Pin<&mut WebSocketStream<reqwest::Upgraded>> {
        Pin::new(&mut self.stream)
    }
}

impl Socket for WebSocket {
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.stream().poll_ready(cx).map_err(broken)
    }

    fn start_send(&mut self, frame: Frame) -> Result<(), TransportError> {
        let message = match frame {
            Frame::Text(text) => Message::text(text),
            Frame::Binary(bytes) => Message::binary(bytes),
        };
        self.stream().start_send(message).map_err(broken)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.stream().poll_flush(cx).map_err(broken)
    }

    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.farewell.get_or_insert_with(|| Box::pin(sleep(FAREWELL)));
        self.stream().poll_close(cx).map_err(broken)
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<Arrival, TransportError>> {
        loop {
            let message = match self.stream().poll_next(cx) {
                Poll::Ready(message) => {
                    self.patience.renew();
                    message
                }
                Poll::Pending => {
                    if self.patience.poll(cx).is_ready() {
                        let error = io::Error::new(io::ErrorKind::TimedOut, "the session went silent");
                        return Poll::Ready(Err(TransportError::new(TransportErrorKind::Timeout, error)));
                    }
                    let Some(farewell) = &mut self.farewell else { return Poll::Pending };
                    ready!(farewell.as_mut().poll(cx));
                    let error = io::Error::new(io::ErrorKind::TimedOut, "the other side did not close");
                    return Poll::Ready(Err(TransportError::new(TransportErrorKind::Timeout, error)));
                }
            };
            let arrival = match message {
                None => Arrival::Closed { code: NO_CODE, reason: String::new() },
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
                Some(Ok(Message::Text(text))) => Arrival::Frame(Frame::Text(text.as_str().to_owned())),
                Some(Ok(Message::Binary(bytes))) => Arrival::Frame(Frame::Binary(bytes)),
                Some(Ok(Message::Close(said))) => {
                    // The answer to it is queued and goes out with this; whether it arrives is nobody's concern.
                    let _ = self.stream().poll_flush(cx);
                    let (code, reason) = said
                        .map_or((NO_CODE, String::new()), |said| (said.code.into(), said.reason.as_str().to_owned()));
                    Arrival::Closed { code, reason }
                }
                // Pings are answered by the stream itself.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            };
            return Poll::Ready(Ok(arrival));
        }
    }
}

impl Drop for WebSocket {
    /// Tells the other side if that can be done without waiting; the connection ends either way.
    fn drop(&mut self) {
        let _ = self.stream().poll_close(&mut Context::from_waker(Waker::noop()));
    }
}

/// Nothing in these errors comes from the request.
fn broken(error: tungstenite::Error) -> TransportError {
    let kind = match error {
        tungstenite::Error::Capacity(_) => TransportErrorKind::TooLarge,
        tungstenite::Error::Utf8(_) => TransportErrorKind::Unreadable,
        _ => TransportErrorKind::Connection,
    };
    TransportError::new(kind, error)
}
