//! A server on this machine that reads a request and writes bytes made beforehand, on a thread of its own.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

/// The largest piece in which a long body is written.
const PIECE: usize = 64 << 10;

/// What every request is answered with.
#[derive(Clone)]
pub enum Reply {
    /// A body of known length.
    Whole {
        /// What the body is.
        content_type: &'static str,
        /// The body.
        body: Bytes,
    },
    /// Events, written as fast as they are taken.
    Events(Bytes),
    /// Events one by one: the next is written when the benchmark asks for it.
    Paced(Vec<Bytes>),
}

impl Reply {
    /// A JSON body.
    #[must_use]
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self::Whole { content_type: "application/json", body: body.into() }
    }

    /// A stream of events.
    #[must_use]
    pub fn events(body: impl Into<Bytes>) -> Self {
        Self::Events(body.into())
    }

    fn head(&self) -> String {
        match self {
            Self::Whole { content_type, body } => format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\
                 cf-ai-req-id: cba15bde-5351-404a-bc9e-32094e768932\r\n\r\n",
                body.len()
            ),
            Self::Events(_) | Self::Paced(_) => {
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_owned()
            }
        }
    }
}

/// Asks for the next event of a [`Reply::Paced`], and tells when it was on the socket.
pub struct Pace {
    ask: UnboundedSender<()>,
    written: UnboundedReceiver<Instant>,
}

impl Pace {
    /// Has the next event written.
    pub fn ask(&self) {
        let _ = self.ask.send(());
    }

    /// When the last event's last byte was handed to the socket.
    pub async fn written(&mut self) -> Option<Instant> {
        self.written.recv().await
    }
}

/// A server that answers until the program ends.
pub struct Server {
    base: String,
    received: Arc<AtomicU64>,
}

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// When no address or thread can be had.
    pub fn start(reply: Reply) -> io::Result<Self> {
        Ok(Self::paced(reply)?.0)
    }

    /// Starts a server whose events wait for being asked for.
    ///
    /// # Errors
    ///
    /// When no address or thread can be had.
    pub fn paced(reply: Reply) -> io::Result<(Self, Pace)> {
        let (ask, asked) = unbounded_channel();
        let (tell, written) = unbounded_channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let base = format!("http://{}", listener.local_addr()?);
        let received = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&received);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                let head = Bytes::from(reply.head());
                let paced = Arc::new(tokio::sync::Mutex::new((asked, tell)));
                while let Ok((socket, _)) = listener.accept().await {
                    let (reply, head) = (reply.clone(), head.clone());
                    let (counter, paced) = (Arc::clone(&counter), Arc::clone(&paced));
                    tokio::spawn(async move {
                        let _ = socket.set_nodelay(true);
                        let mut connection = Connection { socket, counter, buffer: Vec::new() };
                        while connection.request().await.is_ok() {
                            let written = match &reply {
                                Reply::Whole { body, .. } => connection.whole(&head, body).await,
                                Reply::Events(body) => connection.events(&head, body).await,
                                Reply::Paced(events) => {
                                    let mut paced = paced.lock().await;
                                    let (asked, tell) = &mut *paced;
                                    connection.paced(&head, events, asked, tell).await
                                }
                            };
                            if written.is_err() {
                                return;
                            }
                        }
                    });
                }
            });
        })?;
        Ok((Self { base, received }, Pace { ask, written }))
    }

    /// Where the server is, without a path.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How many bytes have arrived, heads and all.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }
}

struct Connection {
    socket: TcpStream,
    counter: Arc<AtomicU64>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Reads one request to its end, without keeping its body.
    async fn request(&mut self) -> io::Result<()> {
        let end = loop {
            if let Some(found) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break found + 4;
            }
            self.read().await?;
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        if head.contains("expect: 100-continue") {
            self.socket.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        self.buffer.drain(..end);
        let mut left = length.unwrap_or_default();
        while left > 0 {
            if self.buffer.is_empty() {
                self.read().await?;
            }
            let taken = left.min(self.buffer.len());
            self.buffer.drain(..taken);
            left -= taken;
        }
        Ok(())
    }

    async fn read(&mut self) -> io::Result<()> {
        self.buffer.reserve(PIECE);
        let count = self.socket.read_buf(&mut self.buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.counter.fetch_add(count as u64, Ordering::SeqCst);
        Ok(())
    }

    async fn whole(&mut self, head: &[u8], body: &[u8]) -> io::Result<()> {
        if body.len() < PIECE {
            return self.socket.write_all(&[head, body].concat()).await;
        }
        self.socket.write_all(head).await?;
        self.socket.write_all(body).await
    }

    async fn events(&mut self, head: &[u8], body: &[u8]) -> io::Result<()> {
        self.socket.write_all(head).await?;
        for piece in body.chunks(PIECE) {
            self.chunk(piece).await?;
        }
        self.socket.write_all(b"0\r\n\r\n").await
    }

    async fn paced(
        &mut self,
        head: &[u8],
        events: &[Bytes],
        asked: &mut UnboundedReceiver<()>,
        tell: &UnboundedSender<Instant>,
    ) -> io::Result<()> {
        self.socket.write_all(head).await?;
        for event in events {
            asked.recv().await;
            // Whoever waits has had time to go to sleep, as between two tokens of a model.
            tokio::time::sleep(Duration::from_micros(200)).await;
            let before = Instant::now();
            self.chunk(event).await?;
            let _ = tell.send(before);
        }
        self.socket.write_all(b"0\r\n\r\n").await
    }

    async fn chunk(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut framed = format!("{:x}\r\n", piece.len()).into_bytes();
        framed.extend_from_slice(piece);
        framed.extend_from_slice(b"\r\n");
        self.socket.write_all(&framed).await
    }
}
