//! How a session ends: closed by either side, broken, dropped.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            self,
            coding::{CloseCode, Data, OpCode},
        },
    },
};
use workers_ai_client::{
    Client, Error, Frame,
    transport::{
        Arrival, Body, BoxFuture, ByteStream, Handshake, Limits, Socket, Transport, TransportError, TransportErrorKind,
    },
};

use super::{Event, connect, server::Server, talk};

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn closing_is_agreed_upon() {
    let server = Server::play(async |mut line| {
        // What is still on its way does not stop the end.
        line.say("1").await;
        line.say("2").await;
        let said = line.hear().await;
        // Reading on sends the answer.
        assert!(line.hear().await.is_none());
        said
    })
    .await;
    let session = connect(&server.client).await;
    timeout(SOON, session.close()).await.unwrap().unwrap();
    assert!(matches!(server.finish().await.1, Some(Message::Close(_))));
}

#[tokio::test]
async fn a_service_that_hangs_up_instead_of_agreeing_has_agreed() {
    let server = Server::play(async |mut line| drop(line.0.next().await)).await;
    let (sender, _receiver) = connect(&server.client).await.split();
    timeout(SOON, sender.close()).await.unwrap().unwrap();
}

async fn ended_by(code: CloseCode, reason: &'static str) -> Result<Option<Event>, Error> {
    let server = Server::play(async move |mut line| {
        line.say("1").await;
        line.0.close(Some(CloseFrame { code, reason: reason.into() })).await.unwrap();
        // The client answers by itself.
        assert!(matches!(line.hear().await, Some(Message::Close(_))));
    })
    .await;
    let mut session = connect(&server.client).await;
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!(1))));
    let end = session.try_next().await;
    assert!(session.try_next().await.unwrap().is_none(), "the end is the end");
    assert!(session.send("late").await.unwrap_err().is_connection());
    server.finish().await;
    end
}

#[tokio::test]
async fn a_normal_end_is_no_error() {
    assert_eq!(ended_by(CloseCode::Normal, "done").await.unwrap(), None);
}

#[tokio::test]
async fn a_failure_of_the_service_says_why() {
    let error = ended_by(CloseCode::Error, "NET-0001 nobody spoke").await.unwrap_err();
    assert!(error.is_truncated() && error.is_retryable() && !error.is_connection(), "{error:?}");
    assert!(error.to_string().contains("NET-0001 nobody spoke (WebSocket code 1011)"), "{error}");
    assert_eq!(error.model(), Some("@cf/test/talk"));
    let error = ended_by(CloseCode::Policy, "").await.unwrap_err();
    assert!(!error.is_truncated() && !error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("1008"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_an_end() {
    let server = Server::play(async |mut line| {
        line.say("1").await;
        // No closing frame: the socket just goes.
    })
    .await;
    let mut session = connect(&server.client).await;
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!(1))));
    let error = session.try_next().await.unwrap_err();
    assert!(error.is_truncated() && error.is_connection() && error.is_retryable(), "{error:?}");
    assert!(session.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_event_that_cannot_be_read_does_not_end_the_session() {
    let server = Server::play(async |mut line| {
        line.say("{").await;
        line.say("2").await;
    })
    .await;
    let mut session = connect(&server.client).await;
    let error = session.try_next().await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    assert_eq!(error.body(), Some(b"{".as_slice()));
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!(2))));
}

#[tokio::test]
async fn pings_are_answered_while_the_session_is_read() {
    let server = Server::play(async |mut line| {
        line.0.send(Message::Ping(b"there?".as_slice().into())).await.unwrap();
        line.0.send(Message::Pong(b"unasked".as_slice().into())).await.unwrap();
        let answer = line.hear().await;
        line.say("1").await;
        answer
    })
    .await;
    let mut session = connect(&server.client).await;
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!(1))));
    assert_eq!(server.finish().await.1, Some(Message::Pong(b"there?".as_slice().into())));
}

#[tokio::test]
async fn dropping_ends_the_session() {
    let server = Server::play(async |mut line| line.hear().await).await;
    drop(connect(&server.client).await);
    let (_, heard) = timeout(SOON, server.finish()).await.unwrap();
    // In good order, where that can be had without waiting.
    assert!(matches!(heard, Some(Message::Close(_))), "{heard:?}");
}

#[tokio::test]
async fn what_is_too_long_or_no_text_ends_the_session_and_says_so() {
    let server = Server::play(async |mut line| {
        // Nobody reads it to its end.
        let _ = line.0.send(Message::binary(vec![0; (16 << 20) + 1])).await;
    })
    .await;
    let error = connect(&server.client).await.try_next().await.unwrap_err();
    assert!(error.is_too_large() && !error.is_connection(), "{error:?}");
    let server = Server::play(async |mut line| {
        let text = frame::Frame::message(b"sea \xff".as_slice(), OpCode::Data(Data::Text), true);
        line.0.send(Message::Frame(text)).await.unwrap();
        line.hear().await
    })
    .await;
    let error = connect(&server.client).await.try_next().await.unwrap_err();
    assert!(error.is_decode() && !error.is_connection(), "{error:?}");
}

#[tokio::test]
async fn dropping_one_half_does_not() {
    let server = Server::play(async |mut line| {
        line.expect(Message::text("still here")).await;
        line.hear().await
    })
    .await;
    let (mut sender, receiver) = connect(&server.client).await.split();
    drop(receiver);
    sender.send("still here").await.unwrap();
    drop(sender);
    timeout(SOON, server.finish()).await.unwrap();
}

#[tokio::test]
async fn abandoning_the_opening_ends_it() {
    let (client, listener) = super::server::silent().await;
    let opening = tokio::spawn(async move { talk(&client).connect().await.map(drop) });
    let (mut socket, _) = listener.accept().await.unwrap();
    opening.abort();
    let mut rest = Vec::new();
    timeout(SOON, tokio::io::AsyncReadExt::read_to_end(&mut socket, &mut rest)).await.unwrap().unwrap();
}

#[tokio::test]
async fn both_halves_work_at_once() {
    let server = Server::play(async |mut line| {
        while let Some(Message::Text(text)) = line.hear().await {
            line.say(&text).await;
        }
    })
    .await;
    let (mut sender, receiver) = connect(&server.client).await.split();
    let sending = tokio::spawn(async move {
        for number in 0..500 {
            sender.send(number.to_string()).await.unwrap();
        }
        sender
    });
    let heard: Vec<Event> = receiver.take(500).map(Result::unwrap).collect().await;
    assert_eq!(heard, (0..500).map(|number| Event(json!(number))).collect::<Vec<_>>());
    sending.await.unwrap().close().await.unwrap();
}

/// A socket whose service never agrees to an end: it says what it says, and then that time is up.
struct Stubborn(usize);

impl Socket for Stubborn {
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(&mut self, _: Frame) -> Result<(), TransportError> {
        Ok(())
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn poll_receive(&mut self, _: &mut Context<'_>) -> Poll<Result<Arrival, TransportError>> {
        let Some(left) = self.0.checked_sub(1) else {
            return Poll::Ready(Err(TransportError::new(TransportErrorKind::Timeout, "no end in sight")));
        };
        self.0 = left;
        Poll::Ready(Ok(Arrival::Frame(Frame::from("more"))))
    }
}

impl Transport for Stubborn {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async { Err(TransportError::new(TransportErrorKind::Connection, "only sessions")) })
    }

    fn connect(
        &self,
        _: http::Request<()>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Handshake>, TransportError>> {
        let socket = Stubborn(self.0);
        Box::pin(async move { Ok(http::Response::new(Handshake::Open(Box::new(socket)))) })
    }
}

#[tokio::test]
async fn a_service_that_does_not_agree_in_time_is_an_error() {
    let client = Client::builder("account", "token").transport(Stubborn(3)).build().unwrap();
    let error = connect(&client).await.close().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connection(), "{error:?}");
    assert_eq!(error.model(), Some("@cf/test/talk"));
}

#[tokio::test]
async fn a_session_is_a_stream_of_its_events_and_its_halves_show_their_model() {
    let client = Client::builder("account", "token").transport(Stubborn(0)).build().unwrap();
    let mut session = connect(&client).await;
    assert!(session.next().await.unwrap().is_err_and(|error| error.is_timeout()));
    let whole = format!("{session:?}");
    let (sender, receiver) = session.split();
    for shown in [whole, format!("{sender:?}"), format!("{receiver:?}")] {
        assert!(shown.contains("@cf/test/talk"), "{shown}");
    }
}
