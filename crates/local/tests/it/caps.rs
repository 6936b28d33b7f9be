//! What nobody means to send is refused before it takes room: long heads, long bodies, many parts, long messages.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use workers_ai_local::LocalServer;

use crate::api::Api;

const TRANSCRIPTS: &str = "/run/@cf/deepgram/flux?encoding=linear16&sample_rate=16000";

/// The first bytes of the answer to a head of the server's account; as many as there are.
async fn answer(api: &Api, head: String, body: Vec<u8>) -> String {
    let mut stream = TcpStream::connect(api.server.address()).await.unwrap();
    let _ = stream.write_all(head.as_bytes()).await;
    // The server may have hung up in the middle.
    let _ = stream.write_all(&body).await;
    let mut answer = vec![0; 1000];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await.unwrap().unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

fn head(api: &Api, rest: &str) -> String {
    let path = api.url("/run/@cf/baai/bge-m3").split_once("/client").map(|(_, path)| format!("/client{path}")).unwrap();
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n{rest}")
}

#[tokio::test]
async fn a_head_has_an_end() {
    let api = Api::start().await;
    let many: String = (0..200).map(|number| format!("X-Header-{number}: a\r\n")).collect();
    let long = format!("X-Header: {}\r\n", "a".repeat(1 << 20));
    let path = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1 << 20));
    for head in [head(&api, &many) + "\r\n", head(&api, &long) + "\r\n", path] {
        let answer = answer(&api, head, Vec::new()).await;
        let status = answer.get(9..12);
        assert!(matches!(status, None | Some("414" | "431")), "{answer}");
    }
    assert!(api.server.requests().is_empty());
}

#[tokio::test]
async fn a_body_has_an_end() {
    let api = Api::start().await;
    // Refused by what it says of itself, before any of it is read.
    let told = answer(&api, head(&api, "Content-Length: 10000000000\r\n\r\n"), b"{".to_vec()).await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    // And where it says nothing, by its length.
    let piece = format!("{:x}\r\n{}\r\n", 1 << 20, "a".repeat(1 << 20));
    let untold = answer(&api, head(&api, "Transfer-Encoding: chunked\r\n\r\n"), piece.repeat(101).into_bytes()).await;
    assert!(untold.is_empty() || untold.starts_with("HTTP/1.1 413"), "{untold}");
    assert!(api.server.requests().is_empty());
    // The binding and the sandboxes have the same cap.
    for path in ["/run", "/sandboxes/default/faults", "/to-everything/markdown/transformer"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n"
        );
        let answer = answer(&api, head, b"{".to_vec()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_form_has_an_end() {
    let api = Api::start().await;
    let form =
        |count: usize| (0..count).fold(Form::new(), |form, number| form.part("files", Part::text(number.to_string())));
    for path in ["/run/@cf/black-forest-labs/flux-2-klein-4b", "/tomarkdown"] {
        let response = api.post(path).multipart(form(1001)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        let response = api.post(path).multipart(form(1000)).send().await.unwrap();
        assert_ne!(response.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

#[tokio::test]
async fn json_is_as_deep_as_anybody_needs() {
    let api = Api::start().await;
    let tower = format!("{{\"text\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let response = api.post("/run/@cf/baai/bge-m3").header("content-type", "application/json").body(tower).send();
    assert_eq!(response.await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_account_has_a_hundred_fine_tunes() {
    let api = Api::start().await;
    let create = async |number: usize| {
        let body = json!({"model": "@cf/mistral/mistral-7b-instruct-v0.2-lora", "name": format!("tune-{number}")});
        api.ask("/finetunes", body).await.0
    };
    for number in 0..100 {
        assert_eq!(create(number).await, StatusCode::OK);
    }
    assert_eq!(create(100).await, StatusCode::BAD_REQUEST);
}

/// Opens a session on a socket of its own.
async fn session(api: &Api) -> Result<tokio_tungstenite::WebSocketStream<TcpStream>, Error> {
    let mut request = api.url(TRANSCRIPTS).replace("http://", "ws://").into_client_request().unwrap();
    request.headers_mut().insert("authorization", "Bearer any".parse().unwrap());
    let socket = TcpStream::connect(api.server.address()).await.unwrap();
    client_async(request, socket).await.map(|(session, _)| session)
}

#[tokio::test]
async fn a_message_has_an_end() {
    let api = Api::start().await;
    let mut session = session(&api).await.unwrap();
    // The server may hang up while it is being sent.
    let _ = session.send(Message::binary(vec![0; (16 << 20) + 1])).await;
    let rest = async { while let Some(Ok(_)) = session.next().await {} };
    tokio::time::timeout(Duration::from_secs(10), rest).await.unwrap();
}

#[tokio::test]
async fn sessions_give_their_places_back() {
    let api = Api::with(LocalServer::builder()).await;
    let mut open = Vec::new();
    let refused = loop {
        match session(&api).await {
            Ok(session) => open.push(session),
            Err(error) => break error,
        }
    };
    let Error::Http(head) = refused else { unreachable!("{refused}") };
    assert_eq!((open.len(), head.status().as_u16()), (256, 429));
    drop(open);
    for _ in 0..500 {
        if session(&api).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    unreachable!("the places of closed sessions are not free");
}
