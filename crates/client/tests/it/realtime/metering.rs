//! What a session costs, waits for and is attempted again for.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;
use workers_ai_client::{Budget, Bytes, Call, Client, Connects, Frame, Info, Model, Price, RateLimits, RetryPolicy};

use super::{ListenRequest, Said, server::Server};
use crate::support::{ACCOUNT, Impatient, TOKEN};

/// Hears sound, at a neuron a second, and reads text, at a neuron a character.
struct Priced;

impl Model for Priced {
    const INFO: &'static Info = &Info {
        prices: &[
            Price { unit: "per_audio_minute_websocket", usd: 0.0, neurons: Some(60.0) },
            Price { unit: "per_1k_characters", usd: 0.0, neurons: Some(1000.0) },
        ],
        requests_per_minute: Some(6),
        ..Info::new("@cf/test/priced", "Test", "2026-01")
    };
    type Request = ListenRequest;
    type Reply = serde_json::Value;
}

impl Connects for Priced {
    type Sent = Said;
    type Received = Frame;
}

fn call(client: &Client) -> Call<Priced> {
    Call::new(client.clone(), ListenRequest(Bytes::new())).set("sample_rate", 100)
}

/// Listens until the program has gone.
async fn listen(mut line: super::server::Line) -> usize {
    let mut heard = 0;
    while let Some(Message::Binary(_) | Message::Text(_)) = line.hear().await {
        heard += 1;
    }
    heard
}

/// A copy of the scripted server's client with other settings.
fn settled(client: &Client) -> workers_ai_client::ClientBuilder {
    Client::builder(ACCOUNT, TOKEN).base_url(client.base_url())
}

#[tokio::test]
async fn what_is_said_is_counted_as_it_is_said() {
    let server = Server::play(listen).await;
    let budget = Budget::refuse_at(5.0);
    let client = settled(&server.client).budget(budget.clone()).build().unwrap();
    let mut session = call(&client).connect().await.unwrap();
    assert_eq!((budget.spent(), budget.state().calls), (0.0, 1));
    // Two bytes a sample, a hundred samples a second.
    session.send(Said(Frame::from(vec![0_u8; 600]))).await.unwrap();
    assert_eq!(budget.spent(), 3.0);
    session.send(r#"{"type":"Speak","text":"a"}"#).await.unwrap();
    assert_eq!(budget.spent(), 4.0);
    // A second is left, not two. The session goes on all the same.
    let refused = session.send(Said(Frame::from(vec![0_u8; 400]))).await.unwrap_err();
    assert!(refused.is_budget_exhausted(), "{refused:?}");
    assert_eq!(refused.model(), Some("@cf/test/priced"));
    session.send(Said(Frame::from(vec![0_u8; 200]))).await.unwrap();
    assert_eq!(budget.spent(), 5.0);
    drop(session);
    assert_eq!(server.finish().await.1, 3);
    // And then none is opened.
    let refused = call(&client).connect().await.unwrap_err();
    assert!(refused.is_budget_exhausted(), "{refused:?}");
}

#[tokio::test]
async fn a_session_waits_for_its_turn_like_any_call() {
    let server = Server::play(listen).await;
    let clock = Impatient::new();
    let client = settled(&server.client)
        .clock(clock.clone())
        .rate_limits(RateLimits::published())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    drop(call(&client).connect().await.unwrap());
    server.finish().await;
    // The server is gone, which the next ones find out after their wait.
    for _ in 0..2 {
        assert!(call(&client).connect().await.unwrap_err().is_connection());
    }
    assert!(!clock.slept().is_empty(), "one leaves at once, five in sixty seconds");
    assert!(clock.slept().iter().all(|slept| *slept <= Duration::from_secs(12)), "{:?}", clock.slept());
}

#[tokio::test]
async fn a_busy_model_is_asked_again_before_the_session_opens() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        let body = r#"{"errors":[{"code":3040,"message":"AiError: no capacity"}],"success":false,"result":{}}"#;
        let head = format!(
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        drop(socket);
        let (socket, _) = listener.accept().await.unwrap();
        drop(tokio_tungstenite::accept_async(socket).await.unwrap());
    });
    let clock = Impatient::new();
    let base = format!("http://{address}/client/v4");
    let client = Client::builder(ACCOUNT, TOKEN).base_url(base).clock(clock.clone());
    let client = client.rate_limits(RateLimits::off()).build().unwrap();
    call(&client).connect().await.unwrap();
    server.await.unwrap();
    assert_eq!(clock.slept().len(), 1);
}
