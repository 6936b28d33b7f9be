//! Whoever redirects a call to another host learns the token it was sent anyway; the other host learns nothing.

use serde_json::json;
use workers_ai_account::{Account, fetch_feed};
use workers_ai_client::{Client, Encoded, Media, RetryPolicy, Source};

use crate::evidence::Evidence;
use crate::listener::Listener;
use crate::{ACCOUNT, CANARY};

#[tokio::test]
async fn no_redirect_carries_the_token_anywhere() {
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let other =
            Listener::start("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".to_owned()).await;
        let answer = format!(
            "HTTP/1.1 {status}\r\nLocation: {}/stolen\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            // Another host by name, the same machine by address.
            other.url.replace("127.0.0.1", "localhost")
        );
        let server = Listener::start(answer).await;
        let base = format!("{}/client/v4", server.url);
        let client = Client::builder(ACCOUNT, CANARY).base_url(&base).retry(RetryPolicy::none()).build().unwrap();
        let call = || client.untyped("@cf/a/b", json!({"prompt": "x"}));
        call().await.unwrap_err();
        assert!(call().stream().await.is_err());
        call().enqueue().await.unwrap_err();
        assert!(call().connect().await.is_err());
        client.untyped_as::<Media>("@cf/a/b", json!({})).await.unwrap_err();
        let form = Encoded::multipart().field("a", "b").file("c", &Media::from(b"%PDF-1.7")).finish().unwrap();
        client.untyped("@cf/a/b", form).await.unwrap_err();
        let file = Source::file(concat!(env!("CARGO_MANIFEST_DIR"), "/main.rs")).unwrap();
        client.untyped("@cf/a/b", Encoded::source(file, None)).await.unwrap_err();
        let account = Account::with_base_url(ACCOUNT, CANARY, &base).unwrap();
        account.models().await.unwrap_err();
        account.schema("@cf/a/b").await.unwrap_err();
        assert!(server.heard().contains(CANARY), "the server itself is sent it");
        assert_eq!(other.heard(), "", "{status}");
    }
}

/// A feed is public, so it may move, but never to where anybody on the way could change it.
#[tokio::test]
async fn a_feed_moves_without_a_word_about_who_asks() {
    let other = Listener::start("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".to_owned()).await;
    let there =
        format!("HTTP/1.1 302 Found\r\nLocation: {}/feed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", other.url);
    let server = Listener::start(there).await;
    let url = server.url.replace("http://", "http://user:cfut_password@");
    fetch_feed(&url, None, 1000).await.unwrap();
    assert!(!other.heard().to_ascii_lowercase().contains("authorization"), "{}", other.heard());

    let nobody =
        fetch_feed("http://user:cfut_password@127.0.0.1:1/feed?key=cfut_password", None, 1000).await.unwrap_err();
    let mut evidence = Evidence::default();
    evidence.error("a feed that is not there", &nobody);
    evidence.has_none_of(&["cfut_password"]);

    let away = "HTTP/1.1 302 Found\r\nLocation: http://feed.invalid/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let server = Listener::start(away.to_owned()).await;
    let error = fetch_feed(&server.url, None, 1000).await.unwrap_err();
    assert!(!error.is_transient(), "refused, and not for want of a name: {error:?}");
}
