//! A WebSocket server for one connection, scripted by the test.

use std::future::Future;

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};
use workers_ai_client::Client;

use crate::support::{ACCOUNT, TOKEN};

pub(super) struct Line(pub(super) WebSocketStream<TcpStream>);

impl Line {
    pub(super) async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next message; `None` when the client is gone, in order or not.
    pub(super) async fn hear(&mut self) -> Option<Message> {
        self.0.next().await.and_then(Result::ok)
    }

    #[track_caller]
    pub(super) fn expect(&mut self, expected: Message) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move { assert_eq!(self.hear().await, Some(expected), "{place}") }
    }
}

pub(super) struct Server<T> {
    pub(super) client: Client,
    head: oneshot::Receiver<Request>,
    script: JoinHandle<T>,
}

impl<T: Send + 'static> Server<T> {
    /// Accepts one connection and plays a script over it.
    pub(super) async fn play<F: Future<Output = T> + Send>(script: impl FnOnce(Line) -> F + Send + 'static) -> Self {
        let (tell, head) = oneshot::channel();
        let (listener, client) = listen().await;
        let script = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            #[expect(clippy::result_large_err, reason = "the library's own type")]
            let keep = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
                let _ = tell.send(request.clone());
                response.headers_mut().insert("cf-ai-req-id", "session-1".parse().unwrap());
                Ok(response)
            };
            script(Line(accept_hdr_async(socket, keep).await.unwrap())).await
        });
        Self { client, head, script }
    }

    /// Waits for the script's end; the head of the client's request and what the script made.
    pub(super) async fn finish(self) -> (Request, T) {
        let made = tokio::time::timeout(std::time::Duration::from_secs(20), self.script).await.unwrap().unwrap();
        (self.head.await.unwrap(), made)
    }
}

async fn listen() -> (TcpListener, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/client/v4", listener.local_addr().unwrap());
    (listener, Client::builder(ACCOUNT, TOKEN).base_url(base).build().unwrap())
}

/// A client of a server that answers the handshake with these bytes, piece by piece, and hangs up.
pub(super) async fn answering(pieces: Vec<Vec<u8>>) -> Client {
    let (listener, client) = listen().await;
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        for piece in pieces {
            socket.write_all(&piece).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    });
    client
}

/// A client of a server that takes connections and says nothing.
pub(super) async fn silent() -> (Client, TcpListener) {
    let (listener, client) = listen().await;
    (client, listener)
}
