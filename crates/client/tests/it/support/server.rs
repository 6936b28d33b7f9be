//! A server on a real socket that answers each connection with given bytes.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
    time::{Duration, sleep},
};
use workers_ai_client::{Client, ClientBuilder, RetryPolicy};

use super::{ACCOUNT, TOKEN};

/// Serves one script to every connection, and keeps what was received.
pub(crate) struct Server {
    pub(crate) address: String,
    received: Arc<Mutex<Vec<Received>>>,
    /// Told when a client hangs up while the server still has something to say.
    pub(crate) hung_up: Option<oneshot::Receiver<()>>,
    task: JoinHandle<()>,
}

#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self
            .head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(present, _)| present.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| unreachable!("no {name} in {}", self.head)).1
    }
}

impl Server {
    /// Answers with these bytes, then waits for the client to hang up.
    pub(crate) async fn answer(reply: impl Into<Vec<u8>>) -> Self {
        Self::serve(vec![reply.into()], Duration::ZERO, true).await
    }

    /// Answers in parts with pauses in between; then hangs up, or stays silent until the client does.
    pub(crate) async fn serve(parts: Vec<Vec<u8>>, pause: Duration, close: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (tell, hung_up) = oneshot::channel();
        let keep = Arc::clone(&received);
        let task = tokio::spawn(async move {
            let mut tell = Some(tell);
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let request = receive(&mut socket).await;
                keep.lock().unwrap().push(request);
                for part in &parts {
                    if socket.write_all(part).await.is_err() {
                        break;
                    }
                    sleep(pause).await;
                }
                if !close {
                    // Ends when the client does.
                    let _ = socket.read(&mut [0; 1]).await;
                    if let Some(tell) = tell.take() {
                        let _ = tell.send(());
                    }
                }
            }
        });
        Self { address, received, hung_up: Some(hung_up), task }
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// One attempt a call: the scripts are about that.
    pub(crate) fn builder(&self) -> ClientBuilder {
        let base = format!("{}/client/v4", self.address);
        Client::builder(ACCOUNT, TOKEN).base_url(base).retry(RetryPolicy::none())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    #[track_caller]
    pub(crate) fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1);
        received.remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A whole reply with its length.
pub(crate) fn reply(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for header in headers {
        bytes.push_str(header);
        bytes.push_str("\r\n");
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), body].concat()
}

/// Reads one whole request.
pub(crate) async fn receive(socket: &mut (impl AsyncRead + Unpin)) -> Received {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = socket.read(&mut piece).await.unwrap();
        bytes.extend_from_slice(piece.get(..count).unwrap());
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let (head, rest) = bytes.split_at(end + 4);
            let head = String::from_utf8(head.to_vec()).unwrap();
            let mut received = Received { head, body: rest.to_vec() };
            let length: usize = received.header("content-length").parse().unwrap();
            while received.body.len() < length {
                let count = socket.read(&mut piece).await.unwrap();
                received.body.extend_from_slice(piece.get(..count).unwrap());
            }
            return received;
        }
    }
}
