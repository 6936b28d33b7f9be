//! What the client shows: its errors of every kind, its values as Debug, its spans and events, the logs of what it stands on.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use log::{LevelFilter, Log, Metadata, Record};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use workers_ai_account::Account;
use workers_ai_client::{Budget, Client, ClientBuilder, Encoded, Media, RetryPolicy};
use workers_ai_local::LocalServer;

use crate::evidence::Evidence;
use crate::listener::Listener;
use crate::{ACCOUNT, CANARY};

/// Every line of every log.
static LOGGED: Mutex<String> = Mutex::new(String::new());

fn note(line: &str) {
    let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    logged.push_str(line);
    logged.push('\n');
}

/// Takes all that is logged, from the lowest level on.
struct Everything;

impl Log for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        note(&format!("{} {}: {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        note(&format!("{field}={value:?}"));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        note(span.metadata().name());
        span.record(&mut Everything);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Everything);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Everything);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn builder(base: &str) -> ClientBuilder {
    Client::builder(ACCOUNT, CANARY)
        .base_url(base)
        .retry(RetryPolicy::none())
        .budget(Budget::unlimited())
        .trace_content()
}

const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";

/// Everything that goes wrong in the service, by the server's own faults.
const FAULTS: &[&str] = &[
    "error=capacity",
    "error=3021",
    "error=4006",
    "error=5001",
    "error=5006",
    "error=5007",
    "error=3030",
    "error=10000",
    "error=9106",
    "error=capacity; retry_after=1",
    "reset",
    "cut_after=1",
    "malformed_at=0",
    "latency_ms=3000",
];

#[tokio::test]
async fn nothing_that_the_client_shows_has_the_token() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(LevelFilter::Trace);
    tracing::subscriber::set_global_default(Everything).unwrap();
    let mut evidence = Evidence::default();
    let server = LocalServer::builder().start().await.unwrap();
    evidence.debug("the builder", &builder(&server.base_url()));
    let client = builder(&server.base_url()).build().unwrap();
    evidence.debug("the client", &client);

    for fault in FAULTS {
        let call = || {
            let call = client.untyped(LLAMA, json!({"prompt": "hi", "stream": false})).timeout(Duration::from_secs(1));
            call.header("x-workers-ai-fault", fault)
        };
        evidence.debug("a call", &call());
        if let Err(error) = call().await {
            evidence.error(fault, &error);
        }
        match call().set("stream", true).stream().await {
            Ok(mut chunks) => {
                evidence.debug("a stream", &chunks);
                loop {
                    match chunks.try_next().await {
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(error) => break evidence.error(fault, &error),
                    }
                }
            }
            Err(error) => evidence.error(fault, &error),
        }
        match client
            .untyped("@cf/deepgram/flux", json!({"encoding": "linear16", "sample_rate": 16_000}))
            .header("x-workers-ai-fault", fault)
            .connect()
            .await
        {
            Ok(session) => {
                evidence.debug("a session", &session);
                let _ = session.close().await;
            }
            Err(error) => evidence.error("the opening of a session", &error),
        }
    }
    evidence.debug("a response", &client.untyped(LLAMA, json!({"prompt": "hi"})).send().await.unwrap());
    let queued = client.untyped("@cf/baai/bge-base-en-v1.5", json!({"text": "hi"})).enqueue().await.unwrap();
    evidence.debug("a batch", &queued);
    evidence.text("its ticket", serde_json::to_string(queued.ticket()).unwrap());

    // What is wrong with the calls themselves.
    for error in [
        client.untyped(LLAMA, json!({})).await.unwrap_err(),
        client.untyped("@cf/../user/tokens", json!({})).await.unwrap_err(),
        client.untyped("@cf/a/b", json!({})).header("authorization", "Bearer other").await.unwrap_err(),
        client.untyped("@cf/a/b", json!({})).header("x", "a\nb").await.unwrap_err(),
        client.untyped(LLAMA, json!({"prompt": "hi"})).connect().await.unwrap_err(),
        client.untyped("@cf/a/b", Encoded::raw(vec![0; 10], None)).await.unwrap_err(),
        client.untyped_as::<Media>(LLAMA, json!({"prompt": "hi"})).await.unwrap_err(),
        builder("http://127.0.0.1:1").build().unwrap().untyped(LLAMA, json!({})).await.unwrap_err(),
        builder("http://127.0.0.1:1").build().unwrap().untyped(LLAMA, json!({})).connect().await.unwrap_err(),
        builder(&format!("{}/{CANARY}@x", server.base_url())).build().unwrap_err(),
        Client::builder(ACCOUNT, format!("{CANARY}\0")).build().unwrap_err(),
    ] {
        evidence.error("a call that is wrong", &error);
    }
    // A server that wants another token.
    let strict = LocalServer::builder().token("another one").start().await.unwrap();
    let refused = builder(&strict.base_url()).build().unwrap();
    evidence.error("a refusal", &refused.untyped(LLAMA, json!({"prompt": "hi"})).await.unwrap_err());
    evidence.error("a refused session", &refused.untyped("@cf/deepgram/flux", json!({})).connect().await.unwrap_err());
    account(&mut evidence, &server.base_url(), &strict.base_url()).await;

    let logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(logged.contains(LLAMA) && logged.contains("DEBUG "), "both kinds of logs are heard: {logged}");
    evidence.text("the logs", logged);
    evidence.has_none_of(&[CANARY]);
}

/// The account's side, whose calls are made by a generated client.
/// Some servers and proxies repeat what they were sent, in order to help.
#[tokio::test]
async fn what_a_server_repeats_of_the_token_is_not_in_errors() {
    let mut evidence = Evidence::default();
    let said = format!("POST /run\nauthorization: Bearer {CANARY}\n");
    let failure = json!({"success": false, "errors": [{"code": 5006, "message": said}]}).to_string();
    for (status, content_type, body) in [
        ("400 Bad Request", "text/html", said.clone()),
        ("500 Internal Server Error", "application/json", failure.clone()),
        ("200 OK", "application/json", failure.clone()),
        ("200 OK", "text/plain", said.clone()),
        ("200 OK", "text/event-stream", format!("data: {failure}\n\n")),
    ] {
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}");
        let answer = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        let server = Listener::start(answer).await;
        // What a program asks to have in its spans is there as it came.
        let client = Client::builder(ACCOUNT, CANARY).base_url(&server.url).retry(RetryPolicy::none());
        let client = client.build().unwrap();
        let call = || client.untyped("@cf/a/b", json!({"prompt": "hi"}));
        let streamed = match call().stream().await {
            Ok(mut chunks) => chunks.try_next().await.unwrap_err(),
            Err(error) => error,
        };
        for error in [
            call().await.unwrap_err(),
            client.run("@cf/a/b", json!({})).await.unwrap_err(),
            call().enqueue().await.unwrap_err(),
            call().connect().await.unwrap_err(),
            streamed,
        ] {
            evidence.error(content_type, &error);
            evidence.text("what arrived", String::from_utf8_lossy(error.body().unwrap_or_default()));
        }
    }
    evidence.has_none_of(&[CANARY]);
}

async fn account(evidence: &mut Evidence, base: &str, strict: &str) {
    let account = Account::with_base_url(ACCOUNT, CANARY, base).unwrap();
    evidence.debug("the account", &account);
    evidence.debug("its models", &account.models().await.unwrap().first());
    evidence.error("an unknown model", &account.schema("@cf/no/such").await.unwrap_err());
    let refused = Account::with_base_url(ACCOUNT, CANARY, strict).unwrap();
    evidence.error("a refused list", &refused.models().await.unwrap_err());
    evidence.error("a refused schema", &refused.schema("@cf/baai/bge-m3").await.unwrap_err());
    let nobody = Account::with_base_url(ACCOUNT, CANARY, "http://127.0.0.1:1").unwrap();
    evidence.error("nobody there", &nobody.tasks().await.unwrap_err());
    evidence.error("a wrong token", &Account::new(ACCOUNT, format!("{CANARY}\0")).unwrap_err());
}
