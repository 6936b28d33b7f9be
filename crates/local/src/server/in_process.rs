//! A server without a socket: connections are pipes inside this process. For tests of what it makes of any bytes.

use std::future::pending;
use std::io;

use axum::serve::Listener;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;

/// How many bytes wait in a pipe.
const WAITING: usize = 64 * 1024;

/// Where connections are made. Speaks HTTP/1.1, as the socket would.
#[derive(Clone, Debug)]
pub struct Doorway(mpsc::UnboundedSender<DuplexStream>);

impl Doorway {
    /// The caller's end of a new connection.
    ///
    /// # Errors
    ///
    /// Where the server has stopped.
    pub fn connect(&self) -> io::Result<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(WAITING);
        self.0.send(theirs).map_err(|_| io::ErrorKind::ConnectionRefused)?;
        Ok(ours)
    }
}

/// What the server listens to.
pub(super) struct Arriving(mpsc::UnboundedReceiver<DuplexStream>);

/// Both ends.
pub(super) fn doorway() -> (Doorway, Arriving) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Doorway(sender), Arriving(receiver))
}

impl Listener for Arriving {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.0.recv().await {
            Some(connection) => (connection, ()),
            // Nobody is left who could call.
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(())
    }
}
