//! The seam between sessions and whatever keeps a WebSocket open.

use std::task::{Context, Poll};

use super::Frame;
use crate::transport::{MaybeSend, TransportError};

/// What asking for a WebSocket came to.
///
/// ```
/// use workers_ai_client::transport::Handshake;
///
/// fn answer(said: http::Response<Handshake>) -> String {
///     match said.body() {
///         Handshake::Open(_) => "open".to_owned(),
///         Handshake::Refused(body) => format!("{}, {} bytes that say why", said.status(), body.len()),
///     }
/// }
///
/// let refused = http::Response::builder().status(403).body(Handshake::Refused("{}".into()))?;
/// assert_eq!(answer(refused), "403 Forbidden, 2 bytes that say why");
/// # Ok::<(), http::Error>(())
/// ```
pub enum Handshake {
    /// It is open.
    Open(Box<dyn Socket>),
    /// The server answered something else; this is the body.
    Refused(bytes::Bytes),
}

/// What arrives.
///
/// ```
/// use workers_ai_client::{Frame, transport::Arrival};
///
/// // What a socket of one's own says of an end without a code.
/// let end = Arrival::Closed { code: 1005, reason: String::new() };
/// assert_ne!(end, Arrival::Frame(Frame::from("")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A whole message.
    Frame(Frame),
    /// The other side has closed, in order. Nothing follows.
    Closed {
        /// The closing code, 1000 for a normal end; 1005 where none was given.
        code: u16,
        /// The reason, which may be empty.
        reason: String,
    },
}

/// An open WebSocket.
///
/// Sending and receiving may be polled from two tasks in turn, and each must wake the task that polled it last. Pings
/// are the socket's own to answer. A socket must not read ahead of what is asked for, nor take a frame while the last
/// one waits: that is how a slow side slows the other down. Dropping it must end the connection.
///
/// ```
/// use std::{
///     collections::VecDeque,
///     task::{Context, Poll},
/// };
///
/// use workers_ai_client::{
///     Frame,
///     transport::{Arrival, Socket, TransportError},
/// };
///
/// /// A model for tests: says back what it is told, then closes.
/// #[derive(Default)]
/// struct Echo(VecDeque<Frame>);
///
/// impl Socket for Echo {
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn start_send(&mut self, frame: Frame) -> Result<(), TransportError> {
///         self.0.push_back(frame);
///         Ok(())
///     }
///
///     fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn poll_close(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
///         self.0.clear();
///         Poll::Ready(Ok(()))
///     }
///
///     fn poll_receive(&mut self, _: &mut Context<'_>) -> Poll<Result<Arrival, TransportError>> {
///         let end = Arrival::Closed { code: 1000, reason: String::new() };
///         Poll::Ready(Ok(self.0.pop_front().map_or(end, Arrival::Frame)))
///     }
/// }
/// # let _ = Echo::default();
/// ```
pub trait Socket: MaybeSend + 'static {
    /// Ready when a frame can be taken.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    /// Takes a frame; only after `poll_ready` was ready.
    ///
    /// # Errors
    ///
    /// When the connection is closed or broken.
    fn start_send(&mut self, frame: Frame) -> Result<(), TransportError>;

    /// Ready when what was taken has left this program.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    /// Ready when the other side has been told that this one closes. What it still sends can be received until its own
    /// [`Arrival::Closed`], for which a socket waits a limited time only.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>>;

    /// Ready with what arrives.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<Arrival, TransportError>>;
}
