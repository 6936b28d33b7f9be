//! What the local server keeps and tells: journal, pages, refusals, recordings.

use std::fs;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use workers_ai_client::{Client, RetryPolicy};
use workers_ai_local::LocalServer;

use crate::evidence::Evidence;
use crate::{ACCOUNT, CANARY};

/// Sends a request as it stands and gives all that comes back within a while.
async fn raw(server: &LocalServer, head: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(format!("{head}\r\nHost: localhost\r\n\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    // An open session never ends.
    let patience = Duration::from_millis(if head.contains("Upgrade") { 500 } else { 60_000 });
    let _ = tokio::time::timeout(patience, read).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn nothing_that_the_local_server_keeps_or_tells_has_the_token() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut evidence = Evidence::default();
    let builder = LocalServer::builder().token(CANARY).record(folder.path()).record_all(true);
    evidence.debug("the builder", &builder);
    let server = builder.start().await.unwrap();
    evidence.debug("the server", &server);

    let client =
        Client::builder(ACCOUNT, CANARY).base_url(server.base_url()).retry(RetryPolicy::none()).build().unwrap();
    let llama = || client.untyped("@cf/meta/llama-3.2-1b-instruct", json!({"prompt": "hi"}));
    llama().await.unwrap();
    let mut chunks = llama().set("stream", true).stream().await.unwrap();
    while chunks.try_next().await.unwrap().is_some() {}
    llama().set("temperature", 77).await.unwrap_err();
    client.untyped("@cf/baai/bge-base-en-v1.5", json!({"text": "hi"})).enqueue().await.unwrap();

    let ai = format!("/client/v4/accounts/{ACCOUNT}/ai");
    let bearer = format!("Authorization: Bearer {CANARY}\r\nConnection: close");
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: workers-ai, bearer.";
    let session = "/playground/sessions/@cf/deepgram/flux?encoding=linear16&sample_rate=16000";
    for head in [
        format!("GET {session} HTTP/1.1\r\n{upgrade}{}", hexadecimal(CANARY)),
        format!("GET {session} HTTP/1.1\r\n{upgrade}{}", hexadecimal("wrong")),
        format!("GET {ai}/run/@cf/deepgram/flux HTTP/1.1\r\n{bearer}"),
        format!("GET {ai}/models/search HTTP/1.1\r\n{bearer}"),
        format!("GET {ai}/nowhere HTTP/1.1\r\n{bearer}"),
        format!(
            "POST {ai}/run/@cf/a/b HTTP/1.1\r\nX-Auth-Email: a@b.c\r\nX-Auth-Key: {CANARY}\r\nContent-Length: 0\r\nConnection: close"
        ),
        format!("POST {ai}/run/@cf/a/b HTTP/1.1\r\nCookie: token={CANARY}\r\nContent-Length: 0\r\n{bearer}"),
        format!("POST {ai}/run/@cf/a/b HTTP/1.1\r\nX-Api-Key: {CANARY}\r\nContent-Length: 0\r\n{bearer}"),
        format!(
            "POST {ai}/run/@cf/a/b HTTP/1.1\r\nCf-Aig-Authorization: Bearer {CANARY}\r\nContent-Length: 0\r\n{bearer}"
        ),
        format!("GET / HTTP/1.1\r\n{bearer}"),
        format!("GET /playground/models HTTP/1.1\r\n{bearer}"),
        format!("GET /api/models HTTP/1.1\r\n{bearer}"),
        format!("GET /sandboxes HTTP/1.1\r\n{bearer}"),
        format!("GET /sandboxes/default HTTP/1.1\r\n{bearer}"),
        // Last, when everything is in it.
        format!("GET /sandboxes/default/requests HTTP/1.1\r\n{bearer}"),
    ] {
        let answer = raw(&server, &head).await;
        assert!(answer.starts_with("HTTP/1.1 "), "{head}: {answer}");
        evidence.text(head.lines().next().unwrap(), answer);
    }
    assert!(server.requests().len() > 10);
    evidence.debug("the journal", &server.requests());
    evidence.debug("the sandbox", &server.default_sandbox());
    evidence.has_none_of(&[CANARY]);

    // Where the account's id must not be either.
    let mut recorded = Evidence::default();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        recorded.text(&path.display().to_string(), fs::read_to_string(&path).unwrap());
        recorded.text("a name", path.file_name().unwrap().to_string_lossy());
    }
    recorded.has_none_of(&[CANARY, ACCOUNT]);
}
