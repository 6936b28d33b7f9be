//! The token: sent to the service, and shown nowhere.

use std::error::Error as _;

use http::header;
use workers_ai_client::{Call, Client, Error, RetryPolicy};

use crate::support::{ACCOUNT, Chat, Memory, Server, TOKEN, reply};

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
async fn the_token_is_sent_and_cannot_be_replaced() {
    let memory = Memory::default().json(r#"{"response":"hi"}"#);
    Call::<Chat>::new(memory.client(), "hello").header("authorization", "Bearer other").await.unwrap();
    let sent = memory.sent().remove(0);
    let value = sent.headers().get(header::AUTHORIZATION).unwrap();
    assert_eq!(value.to_str().unwrap(), format!("Bearer {TOKEN}"));
    assert!(value.is_sensitive());
    assert_eq!(sent.headers().get_all(header::AUTHORIZATION).iter().count(), 1);
    assert!(!format!("{:?}", sent).contains(TOKEN));
}

#[tokio::test]
async fn no_debug_and_no_error_shows_the_token() {
    let builder = Client::builder(ACCOUNT, TOKEN);
    assert!(!format!("{builder:?}").contains(TOKEN));
    let client = builder.base_url("http://127.0.0.1:1").retry(RetryPolicy::none()).build().unwrap();
    assert!(!format!("{client:?}").contains(TOKEN));
    let call = Call::<Chat>::new(client, "hello");
    assert!(!format!("{call:?}").contains(TOKEN));
    let error = call.await.unwrap_err();
    assert!(error.is_connection() && error.is_retryable(), "{error:?}");
    assert!(!shown(&error).contains(TOKEN));
    assert!(!shown(&error).contains(ACCOUNT), "{}", shown(&error));
}

#[test]
fn an_unusable_token_is_refused_without_being_repeated() {
    for token in ["", " ", "cfut_secret\nx", "cfut_secret\u{0}"] {
        let error = Client::builder(ACCOUNT, token).build().unwrap_err();
        assert!(!shown(&error).contains("cfut_secret"), "{error:?}");
        assert!(error.to_string().contains("API token"), "{error}");
    }
    let error = Client::builder("../user", TOKEN).build().unwrap_err();
    assert!(!shown(&error).contains(TOKEN));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::answer(reply("200 OK", &["content-type: application/json"], b"{}")).await;
    let location = format!("location: {}/", elsewhere.address);
    let server = Server::answer(reply("307 Temporary Redirect", &[&location], b"")).await;
    let error = Call::<Chat>::new(server.client(), "hello").await.unwrap_err();
    assert_eq!(error.status(), Some(307));
    assert!(elsewhere.received().is_empty());
}

#[test]
fn http_is_refused_except_to_this_machine() {
    let error = Client::builder(ACCOUNT, TOKEN).base_url("http://example.com/client/v4").build().unwrap_err();
    assert!(error.to_string().contains("https"), "{error}");
    assert!(Client::builder(ACCOUNT, TOKEN).build().is_ok());
}
