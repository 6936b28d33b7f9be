//! A raw server on loopback, in a thread of its own: it reads a request and does whatever a script says.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{Step, tls};

/// So much of a request's body is kept; the rest is read and forgotten.
const KEPT: usize = 1 << 20;

/// How long a server that has hung up waits for the other side to notice.
const FAREWELL: Duration = Duration::from_secs(1);

/// The first byte of what a client says that wants TLS.
const TLS_HANDSHAKE: u8 = 0x16;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path, query included.
    pub target: String,
    /// The body, or its beginning.
    pub body: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Asked {
    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the body has this text.
    pub fn says(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(text)
    }
}

type Script = dyn Fn(&Asked, usize) -> Vec<Step> + Send + Sync;

/// A running server. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

struct State {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
    open: AtomicUsize,
    connections: AtomicUsize,
}

impl Server {
    /// A server that does what the script says of each request; the number is how many came before it.
    ///
    /// # Panics
    ///
    /// When no server can be started, which fails the test.
    pub fn start(script: impl Fn(&Asked, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::run(script, None)
    }

    /// The same over TLS, with a certificate that nobody trusts.
    ///
    /// # Panics
    ///
    /// When no server can be started, which fails the test.
    pub fn start_untrusted(script: impl Fn(&Asked, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::run(script, Some(tls::self_signed()))
    }

    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn run(script: impl Fn(&Asked, usize) -> Vec<Step> + Send + Sync + 'static, tls: Option<TlsAcceptor>) -> Self {
        let state = Arc::new(State {
            script: Box::new(script),
            asked: Mutex::default(),
            open: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a socket that does not block");
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                tokio::select! {
                    () = accept(&listener, &shared, tls.as_ref()) => {}
                    _ = stopped => {}
                }
            });
            // Connections that still run end with the runtime.
        });
        Self { address, state, stop: Some(stop), thread: Some(thread) }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests that arrived.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many of them are still open.
    pub fn open(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }
}

/// A port where nobody listens, kept from everybody else.
pub struct Nobody(SocketAddr, #[expect(dead_code, reason = "it is open for as long as it is held")] TcpSocket);

impl Nobody {
    /// Takes a port.
    ///
    /// # Panics
    ///
    /// When there is none, which fails the test.
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    pub fn somewhere() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port of loopback");
        Self(socket.local_addr().expect("an address"), socket)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.0.port()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Counts a connection for as long as it is open.
struct Counted(Arc<State>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn accept(listener: &TcpListener, state: &Arc<State>, tls: Option<&TlsAcceptor>) {
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::SeqCst);
        state.open.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(Arc::clone(state));
        let tls = tls.cloned();
        tokio::spawn(async move {
            // Whoever hangs up first has a reason; the test sees what it needs from the other side.
            let _ = match tls {
                Some(tls) => converse_in_secret(stream, &tls, &counted.0).await,
                None => converse(stream, &counted.0).await,
            };
            drop(counted);
        });
    }
}

async fn converse_in_secret(stream: TcpStream, tls: &TlsAcceptor, state: &State) -> io::Result<()> {
    let mut stream = tls.accept(stream).await?;
    if let Some(asked) = receive(&mut stream).await? {
        play(&mut stream, state, asked).await?;
    }
    stream.shutdown().await
}

async fn converse(mut stream: TcpStream, state: &State) -> io::Result<()> {
    let Some(asked) = receive(&mut stream).await? else {
        return stream.write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    };
    if play(&mut stream, state, asked).await? {
        return stream.set_zero_linger();
    }
    stream.shutdown().await?;
    // Bytes that nobody has read would turn the farewell into a reset.
    let _ = timeout(FAREWELL, swallow(&mut stream)).await;
    Ok(())
}

/// Does what the script says; true where it ends without a farewell.
async fn play<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, state: &State, asked: Asked) -> io::Result<bool> {
    let before = {
        let mut all = state.asked.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(asked.clone());
        all.len() - 1
    };
    for step in (state.script)(&asked, before) {
        match step {
            Step::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Step::Pause(pause) => sleep(pause).await,
            Step::Endless(bytes) => loop {
                stream.write_all(&bytes).await?;
                tokio::task::yield_now().await;
            },
            Step::Dribble(bytes, pause) => {
                for byte in bytes.iter().cycle() {
                    stream.write_all(&[*byte]).await?;
                    sleep(pause).await;
                }
            }
            Step::Hold => swallow(stream).await?,
            Step::Reset => return Ok(true),
        }
    }
    Ok(false)
}

async fn swallow<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<()> {
    let mut piece = [0; 4096];
    while stream.read(&mut piece).await? > 0 {}
    Ok(())
}

/// One whole request; nothing where it is no HTTP.
async fn receive<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Option<Asked>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 || bytes.first() == Some(&TLS_HANDSHAKE) {
            return Ok(None);
        }
    };
    let rest = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = head.lines();
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
    let headers =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut asked = Asked { target, body: rest, headers: headers.collect() };
    let length = asked.header("content-length").and_then(|length| length.parse::<usize>().ok());
    let is_chunked = asked.header("transfer-encoding").is_some();
    let mut left = length.unwrap_or_default().saturating_sub(asked.body.len());
    let mut piece = vec![0; 64 << 10];
    while left > 0 || is_chunked && !asked.body.ends_with(b"0\r\n\r\n") {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        left = left.saturating_sub(count);
        if is_chunked || asked.body.len() < KEPT {
            asked.body.extend_from_slice(piece.get(..count).unwrap_or_default());
        }
    }
    Ok(Some(asked))
}
