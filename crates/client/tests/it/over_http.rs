//! The built-in transport on real sockets.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};
use workers_ai_client::{Base64, Call, Client, Media, RetryPolicy};

use crate::support::{ACCOUNT, Chat, Draw, DrawRequest, Server, TOKEN, receive, reply};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JSON: &str = "content-type: application/json";

#[tokio::test]
async fn a_call_goes_over_the_wire() {
    let server = Server::answer(reply(
        "200 OK",
        &[JSON, "cf-ai-neurons: 0.5"],
        br#"{"result":{"response":"hi"},"success":true}"#,
    ))
    .await;
    let response = Call::<Chat>::new(server.client(), "hello").header("x-session-affinity", "a").send().await.unwrap();
    assert_eq!((response.value.response.as_str(), response.neurons()), ("hi", Some(0.5)));
    let received = server.only();
    assert!(
        received
            .head
            .starts_with("POST /client/v4/accounts/0123456789abcdef0123456789abcdef/ai/run/@cf/test/chat HTTP/1.1\r\n"),
        "{}",
        received.head
    );
    assert_eq!(received.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("x-session-affinity"), "a");
    assert!(received.header("user-agent").starts_with("workers-ai-rust/"));
    assert_eq!(received.text(), r#"{"prompt":"hello"}"#);
}

#[tokio::test]
async fn an_unusual_model_id_stays_one_path() {
    let server = Server::answer(reply("200 OK", &[JSON], b"{}")).await;
    server.client().run("@cf/a/b c?d#e", json!({})).await.unwrap();
    assert!(server.only().head.contains("/ai/run/@cf/a/b%20c%3Fd%23e HTTP"), "{}", server.only().head);
}

#[tokio::test]
async fn a_form_has_its_parts() {
    let server = Server::answer(reply("200 OK", &["content-type: image/png"], PNG)).await;
    let request = DrawRequest {
        width: Some(512.try_into().unwrap()),
        picture: Some(Media::from(PNG)),
        mask: Some(Base64::from(b"\xFF\xD8\xFF")),
        ..DrawRequest::from("sea \u{e9}")
    };
    let drawn = Call::<Draw>::new(server.client(), request).await.unwrap();
    assert_eq!((drawn.as_bytes(), drawn.content_type()), (PNG, "image/png"));
    let received = server.only();
    let boundary = received.header("content-type").strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
    let expected = [
        part(&boundary, "name=\"prompt\"", "", "sea \u{e9}".as_bytes()),
        part(&boundary, "name=\"width\"", "", b"512"),
        part(&boundary, "name=\"input_image_0\"; filename=\"input_image_0.png\"", "Content-Type: image/png\r\n", PNG),
        part(&boundary, "name=\"mask\"; filename=\"mask.jpg\"", "Content-Type: image/jpeg\r\n", b"\xFF\xD8\xFF"),
        format!("--{boundary}--\r\n").into_bytes(),
    ]
    .concat();
    assert_eq!(received.body, expected, "{}", received.text());
}

fn part(boundary: &str, disposition: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{headers}\r\n");
    [head.as_bytes(), body, b"\r\n"].concat()
}

#[tokio::test]
async fn a_slow_answer_runs_into_the_limit() {
    let server = Server::serve(Vec::new(), Duration::ZERO, false).await;
    let error = Call::<Chat>::new(server.client(), "hello").timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && !error.is_connection(), "{error:?}");
    // Half a body is no better.
    let half = reply("200 OK", &[JSON], b"{}").strip_suffix(b"}").unwrap().to_vec();
    let server = Server::serve(vec![half], Duration::ZERO, false).await;
    let error = Call::<Chat>::new(server.client(), "hello").timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_stream_may_last_but_not_be_silent() {
    let chunk = b"data: {\"response\":\"a\"}\n\n".to_vec();
    let mut parts = vec![STREAM_HEAD.into()];
    parts.extend(std::iter::repeat_n(chunk, 8));
    let server = Server::serve(parts, Duration::from_millis(200), false).await;
    // The whole takes far longer than the limit; only the silence at the end is too long.
    let mut chunks =
        Call::<Chat>::new(server.client(), "hello").timeout(Duration::from_millis(1200)).stream().await.unwrap();
    for _ in 0..8 {
        assert!(chunks.try_next().await.unwrap().is_some());
    }
    let error = chunks.try_next().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_truncated(), "{error:?}");

    let server = Server::serve(Vec::new(), Duration::ZERO, false).await;
    let error =
        Call::<Chat>::new(server.client(), "hello").timeout(Duration::from_millis(50)).stream().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_an_end() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let server = Server::answer(format!("{head}18\r\ndata: {{\"response\":\"a\"}}\n\n\r\n")).await;
    let mut chunks = Call::<Chat>::new(server.client(), "hello").stream().await.unwrap();
    assert!(chunks.try_next().await.unwrap().is_some());
    let error = chunks.try_next().await.unwrap_err();
    assert!(error.is_truncated() && error.is_connection(), "{error:?}");
}

#[tokio::test]
async fn dropping_ends_the_exchange() {
    let mut server = Server::serve(vec![STREAM_HEAD.into(), b"data: {}\n\n".to_vec()], Duration::ZERO, false).await;
    let mut chunks = Call::<Chat>::new(server.client(), "hello").stream().await.unwrap();
    chunks.try_next().await.unwrap();
    drop(chunks);
    timeout(Duration::from_secs(5), server.hung_up.take().unwrap()).await.unwrap().unwrap();

    let mut server = Server::serve(Vec::new(), Duration::ZERO, false).await;
    let call = tokio::spawn(Call::<Chat>::new(server.client(), "hello").into_future());
    while server.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    call.abort();
    timeout(Duration::from_secs(5), server.hung_up.take().unwrap()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_serves_the_next_call_after_a_stream() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let body = b"data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n";
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n", body.len());
    let reply = [head.as_bytes(), body].concat();
    // Nobody accepts a second connection.
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        for _ in 0..2 {
            receive(&mut socket).await;
            socket.write_all(&reply).await.unwrap();
        }
    });
    let client = Client::builder(ACCOUNT, TOKEN).base_url(base).build().unwrap();
    for _ in 0..2 {
        let mut chunks =
            Call::<Chat>::new(client.clone(), "hello").timeout(Duration::from_secs(5)).stream().await.unwrap();
        assert!(chunks.try_next().await.unwrap().is_some());
        assert!(chunks.try_next().await.unwrap().is_none());
        assert!(chunks.try_next().await.unwrap().is_none());
        drop(chunks);
        // The pool takes the connection back on another task.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.await.unwrap();
}

#[tokio::test]
async fn https_speaks_tls_and_fails_politely() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = [0; 3];
        socket.read_exact(&mut hello).await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        hello
    });
    let client = Client::builder(ACCOUNT, TOKEN).base_url(base).retry(RetryPolicy::none()).build().unwrap();
    let error = Call::<Chat>::new(client, "hello").await.unwrap_err();
    assert!(error.is_connection() && error.status().is_none(), "{error:?}");
    // A handshake record of TLS, and not the token in the clear.
    assert_eq!(server.await.unwrap(), [0x16, 3, 1]);
}

#[tokio::test]
async fn nobody_there_is_a_connection_error() {
    let server = Server::answer(Vec::new()).await;
    let error = Call::<Chat>::new(server.client(), "hello").await.unwrap_err();
    assert!(error.is_connection() && !error.is_timeout(), "{error:?}");
}
