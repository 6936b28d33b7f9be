//! Pages of other sites and names that were rebound to this machine get nothing, whatever they ask for and however they put it.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use workers_ai_local::LocalServer;

use crate::api::Api;

/// Sends a request as it stands and gives the status of the answer; `{at}` is the server's own address.
async fn status(address: SocketAddr, head: &str) -> u16 {
    let head = head.replace("{at}", &address.to_string());
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    // What follows the head is of no interest, and an open session never ends.
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap()
}

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const UPGRADE: &str = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Authorization: Bearer any\r\nSec-WebSocket-Protocol: workers-ai, bearer.616e79";

/// Something of each kind that the server has.
fn targets() -> Vec<String> {
    let ai = format!("/client/v4/accounts/{ACCOUNT}/ai");
    vec![
        "/".to_owned(),
        "/playground/models".to_owned(),
        "/playground/app.js".to_owned(),
        "/api/models".to_owned(),
        "/sandboxes".to_owned(),
        "/sandboxes/default/requests".to_owned(),
        format!("{ai}/models/search"),
        format!("{ai}/run/@cf/deepgram/flux"),
        "/playground/sessions/@cf/deepgram/flux".to_owned(),
        format!("/playground/cloudflare/accounts/{ACCOUNT}/ai/models/search"),
        "/run".to_owned(),
        "/nowhere".to_owned(),
    ]
}

#[tokio::test]
async fn another_hosts_name_opens_nothing() {
    let server = LocalServer::builder().start().await.unwrap();
    let mut answered = Vec::new();
    for target in targets() {
        for foreign in [
            "Host: rebound.example",
            "Host: rebound.example:{at}",
            "Host: localhost.rebound.example",
            "Host: LOCALHOST.REBOUND.EXAMPLE",
            "Host: 127.0.0.1.nip.io",
            "Host: 127.0.0.1@rebound.example",
            "Host: localhost.",
            "Host: 0.0.0.0",
            "Host: ",
            "Host: {at}\r\nHost: rebound.example",
            "Host: rebound.example\r\nHost: {at}",
            "Host: {at}\r\nOrigin: http://rebound.example",
            "Host: {at}\r\nOrigin: null",
            "Host: {at}\r\nOrigin: http://localhost\r\nOrigin: http://rebound.example",
            "Host: {at}\r\nOrigin: http://localhost.rebound.example",
            "Host: {at}\r\nOrigin: http://127.0.0.1:80@rebound.example",
        ] {
            let status = status(server.address(), &format!("GET {target} HTTP/1.1\r\n{foreign}\r\n{UPGRADE}")).await;
            if status != 403 && status != 400 {
                answered.push(format!("{status} for {target} with {foreign:?}"));
            }
        }
        // The target's own host takes the place of the header.
        let absolute = format!("GET http://rebound.example{target} HTTP/1.1\r\nHost: {{at}}\r\n{UPGRADE}");
        if status(server.address(), &absolute).await != 403 {
            answered.push(format!("{target} of another host"));
        }
    }
    assert!(answered.is_empty(), "{}", answered.join("\n"));
    assert!(server.requests().is_empty(), "not even in the journal");
    assert_eq!(server.neurons_used(), 0.0);
}

#[tokio::test]
async fn this_machine_is_answered_by_every_name_it_has() {
    let server = LocalServer::builder().start().await.unwrap();
    for fine in [
        "GET /api/models HTTP/1.1\r\nHost: {at}",
        "GET /api/models HTTP/1.1\r\nHost: localhost",
        "GET /api/models HTTP/1.1\r\nHost: LocalHost:80",
        "GET /api/models HTTP/1.1\r\nHost: app.localhost:8787",
        "GET /api/models HTTP/1.1\r\nHost: [::1]:8787",
        "GET /api/models HTTP/1.1\r\nHost: {at}\r\nOrigin: http://LOCALHOST:5173",
        "GET /api/models HTTP/1.1\r\nHost: {at}\r\nOrigin: https://app.localhost",
        "GET http://{at}/api/models HTTP/1.1\r\nHost: {at}",
        "GET /api/models HTTP/1.0",
    ] {
        assert_eq!(status(server.address(), fine).await, 200, "{fine}");
    }
    for session in [
        format!("GET /playground/sessions/@cf/deepgram/flux?encoding=linear16&sample_rate=16000 HTTP/1.1\r\n{UPGRADE}"),
        format!(
            "GET /client/v4/accounts/{ACCOUNT}/ai/run/@cf/deepgram/flux?encoding=linear16&sample_rate=16000 HTTP/1.1\r\n{UPGRADE}"
        ),
    ] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = format!("{session}\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 101");
    }
}

/// A browser asks beforehand whether it may send a header of its own or JSON, and is not told so.
#[tokio::test]
async fn no_page_of_another_site_is_let_in() {
    let api = Api::start().await;
    let asked = api.client.request(reqwest::Method::OPTIONS, api.url("/run/@cf/baai/bge-m3"));
    let asked = asked.header("origin", "http://localhost:5173").header("access-control-request-method", "POST");
    let response = asked.send().await.unwrap();
    assert!(!response.headers().contains_key("access-control-allow-origin"), "{response:?}");
    let page = api.client.get(format!("http://{}/", api.server.address())).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn loopback_is_where_it_listens_unless_told_otherwise() {
    let server = LocalServer::builder().start().await.unwrap();
    assert!(server.address().ip().is_loopback());
    for reachable in ["0.0.0.0:0", "[::]:0", "10.0.0.1:0", "[::ffff:10.0.0.1]:0"] {
        let error = LocalServer::builder().address(reachable.parse().unwrap()).start().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{reachable}: {error}");
    }
}
