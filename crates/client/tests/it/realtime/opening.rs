//! How a session opens, or does not.

use std::{error::Error as _, time::Duration};

use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener};
use tokio_tungstenite::tungstenite::Message;
use workers_ai_client::{Bytes, Call, Client, Error, Frame, RetryPolicy};

use super::{
    Event, Listen, ListenRequest, Said, Talk, TalkRequest, connect,
    server::{Server, answering, silent},
    talk,
};
use crate::support::{ACCOUNT, Memory, TOKEN, reply};

/// Everything an error shows to people and logs.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(&format!(" {inner} {inner:?}"));
        source = inner.source();
    }
    text
}

#[tokio::test]
async fn parameters_go_into_the_address_and_the_content_is_said_first() {
    let server = Server::play(async |mut line| {
        line.expect(Message::text("Good morning")).await;
        line.expect(Message::text("again")).await;
        line.say(r#"{"type":"Flushed"}"#).await;
    })
    .await;
    let request = TalkRequest { text: "Good morning".to_owned(), speaker: Some("a&b"), rate: Some(8000) };
    let call = Call::<Talk>::new(server.client.clone(), request).set("newer", true).header("cf-aig-gateway-id", "gate");
    let mut session = call.connect().await.unwrap();
    assert_eq!(session.request_id(), Some("session-1"));
    session.send("again").await.unwrap();
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!({"type": "Flushed"}))));
    let (head, ()) = server.finish().await;
    assert_eq!(head.uri().path(), format!("/client/v4/accounts/{ACCOUNT}/ai/run/@cf/test/talk"));
    assert_eq!(head.uri().query(), Some("newer=true&rate=8000&speaker=a%26b"));
    assert_eq!(head.headers().get("cf-aig-gateway-id").unwrap(), "gate");
    assert!(head.headers().get("user-agent").unwrap().to_str().unwrap().starts_with("workers-ai-rust/"));
}

#[tokio::test]
async fn a_raw_body_is_said_first_and_its_query_stays() {
    let sound = Bytes::from_static(b"\0\x01\xff");
    let expected = sound.clone();
    let server = Server::play(async move |mut line| {
        line.expect(Message::binary(expected)).await;
        line.0.close(None).await.unwrap();
        let _ = line.hear().await;
    })
    .await;
    let mut session = Call::<Listen>::new(server.client.clone(), ListenRequest(sound)).connect().await.unwrap();
    assert_eq!(session.try_next().await.unwrap(), None);
    drop(session);
    assert_eq!(server.finish().await.0.uri().query(), Some("language=en"));
}

#[tokio::test]
async fn text_and_bytes_go_both_ways() {
    let server = Server::play(async |mut line| {
        line.expect(Message::text("t")).await;
        line.expect(Message::binary(vec![1_u8, 2])).await;
        line.0.close(None).await
    })
    .await;
    // Empty content is not said.
    let call = Call::<Listen>::new(server.client.clone(), ListenRequest(Bytes::new()));
    let mut session = call.connect().await.unwrap();
    session.send("t").await.unwrap();
    session.send(Said(Frame::Binary(Bytes::from_static(&[1, 2])))).await.unwrap();
    assert_eq!(session.try_next().await.unwrap(), None);
    assert_eq!(session.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_model_without_types_has_sessions_of_frames() {
    let server = Server::play(async |mut line| {
        line.expect(Message::text("hello")).await;
        line.say("hello yourself").await;
    })
    .await;
    let call = server.client.untyped("@cf/new/model", json!({"encoding": "linear16", "sample_rate": 8000}));
    let mut session = call.connect().await.unwrap();
    session.send("hello").await.unwrap();
    assert_eq!(session.try_next().await.unwrap(), Some(Frame::from("hello yourself")));
    let (head, ()) = server.finish().await;
    assert!(head.uri().path().ends_with("/ai/run/@cf/new/model"));
    assert_eq!(head.uri().query(), Some("encoding=linear16&sample_rate=8000"));
}

#[tokio::test]
async fn the_token_is_in_one_header_and_nowhere_else() {
    let server = Server::play(async |mut line| line.hear().await).await;
    let client = server.client.clone();
    let session = talk(&client).header("authorization", "Bearer other").connect().await.unwrap();
    assert!(!format!("{session:?}").contains(TOKEN));
    drop(session);
    let (head, _) = server.finish().await;
    let holding: Vec<_> = head.headers().iter().filter(|(_, value)| value.to_str().unwrap().contains(TOKEN)).collect();
    assert_eq!(holding.len(), 1, "{holding:?}");
    assert_eq!(head.headers().get("authorization").unwrap(), &format!("Bearer {TOKEN}"));
    assert!(!head.uri().to_string().contains(TOKEN));
    // Nobody is there any more.
    let error = talk(&client).connect().await.unwrap_err();
    assert!(error.is_connection() && error.is_retryable(), "{error:?}");
    assert_eq!(error.model(), Some("@cf/test/talk"));
    assert!(!shown(&error).contains(TOKEN) && !shown(&error).contains(ACCOUNT), "{}", shown(&error));
}

async fn refused(status: &str, body: &str) -> Error {
    let whole = reply(status, &["content-type: application/json", "cf-ai-req-id: r-1"], body.as_bytes());
    // The head and half of the body, then the rest: no refusal is cut off.
    let (first, rest) = whole.split_at(whole.len() - body.len() / 2);
    // The server takes one connection only.
    let call = talk(&answering(vec![first.to_vec(), rest.to_vec()]).await).retry(RetryPolicy::none());
    let error = call.connect().await.unwrap_err();
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert!(!shown(&error).contains(TOKEN));
    error
}

#[tokio::test]
async fn a_refused_session_says_why() {
    let body =
        r#"{"result":null,"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[]}"#;
    let error = refused("401 Unauthorized", body).await;
    assert!(error.is_authentication() && !error.is_retryable(), "{error:?}");
    assert_eq!((error.status(), error.code()), (Some(401), Some(10000)));

    let body = r#"{"errors":[{"message":"AiError: AiError: Rate limited: Inference API per min rate reached (u)","code":3021}],"success":false,"result":{},"messages":[]}"#;
    let error = refused("429 Too Many Requests", body).await;
    assert!(error.is_rate_limited() && error.is_retryable(), "{error:?}");
    assert_eq!(error.request_id(), Some("r-1"));

    let body = r#"{"errors":[{"message":"AiError: Model has been deprecated: gone","code":5028}],"success":false,"result":{}}"#;
    let error = refused("410 Gone", body).await;
    assert!(error.is_retired() && !error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn an_answer_in_place_of_a_session_is_an_error() {
    let plain = reply("200 OK", &["content-type: application/json"], b"{}");
    let error = talk(&answering(vec![plain]).await).connect().await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    let elsewhere = reply("302 Found", &["location: http://127.0.0.1:1/"], b"");
    let error = talk(&answering(vec![elsewhere]).await).connect().await.unwrap_err();
    assert_eq!(error.status(), Some(302));
    // Something that switches protocols, but has not read the key.
    let switched = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: AAAA\r\n\r\n";
    let error = talk(&answering(vec![switched.to_vec()]).await).connect().await.unwrap_err();
    assert!(error.is_connection(), "{error:?}");
}

#[tokio::test]
async fn the_limit_is_for_the_opening() {
    let (client, _listener) = silent().await;
    let error = talk(&client).timeout(Duration::from_millis(50)).connect().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");

    let server = Server::play(async |mut line| {
        tokio::time::sleep(Duration::from_millis(500)).await;
        line.say("1").await;
    })
    .await;
    let mut session = talk(&server.client).timeout(Duration::from_millis(250)).connect().await.unwrap();
    assert_eq!(session.try_next().await.unwrap(), Some(Event(json!(1))));
}

#[tokio::test]
async fn a_transport_without_websockets_says_so() {
    let error = talk(&Memory::default().client()).connect().await.unwrap_err();
    assert!(error.to_string().contains("`realtime`"), "{error}");
    assert!(!error.is_retryable() && !error.is_invalid_request());
}

#[tokio::test]
async fn what_cannot_be_sent_leaves_the_session_open() {
    let server = Server::play(async |mut line| line.expect(Message::text("ok")).await).await;
    let mut session = connect(&server.client).await;
    let error = session.send("").await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("@cf/test/talk"), "{error}");
    session.send("ok").await.unwrap();
    server.finish().await;
}

#[tokio::test]
async fn over_tls_only_the_protocol_that_has_websockets_is_offered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        let length = socket.read(&mut hello).await.unwrap();
        hello.truncate(length);
        hello
    });
    let client = Client::builder(ACCOUNT, TOKEN).base_url(base).build().unwrap();
    let error = talk(&client).connect().await.unwrap_err();
    assert!(error.is_connection(), "{error:?}");
    let hello = server.await.unwrap();
    assert_eq!(hello.get(..3), Some([0x16, 3, 1].as_slice()), "a handshake of TLS, and not the token in the clear");
    let offers = |protocol: &[u8]| hello.windows(protocol.len()).any(|window| window == protocol);
    assert!(offers(b"\x08http/1.1") && !offers(b"\x02h2"));
}
