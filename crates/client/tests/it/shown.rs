//! What is printed for debugging says what it is of, briefly, and never holds the token.

use std::error::Error as _;

use workers_ai_client::{
    Answer, Budget, Call, Client, Encoded, Error, Invalid, RetryPolicy,
    transport::{TransportError, TransportErrorKind},
};

use crate::support::{ACCOUNT, Chat, Impatient, Memory, TOKEN};

#[track_caller]
fn check(shown: impl std::fmt::Debug, holds: &[&str]) {
    let shown = format!("{shown:?}");
    for part in holds {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn clients_and_calls_name_themselves() {
    let memory =
        Memory::default().json(r#"{"request_id":"batch-1"}"#).events("data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n");
    let client = memory.client();
    assert_eq!(client.account_id(), ACCOUNT);
    check(&client, &["Client", ACCOUNT]);
    check(memory.builder(), &["ClientBuilder", ACCOUNT]);
    check(Budget::refuse_at(7.0), &["Budget", "7"]);
    check(Call::<Chat>::new(client.clone(), "hello"), &["Call", "@cf/test/chat"]);
    let queued = Call::<Chat>::new(client.clone(), "hello").enqueue().await.unwrap();
    check(&queued, &["Queued", "@cf/test/chat", "batch-1"]);
    check(queued.ticket(), &["Ticket", "@cf/test/chat", "batch-1"]);
    assert_eq!(queued.ticket().requests(), Some(1));
    let tokens = Call::<Chat>::new(client, "hello").stream().await.unwrap();
    check(&tokens, &["Chunks"]);
}

#[tokio::test]
async fn an_error_shows_its_kind_its_code_and_how_often_it_was_tried() {
    let failure = r#"{"success":false,"errors":[{"code":3040,"message":"Capacity temporarily exceeded"}]}"#;
    let memory = Memory::default().reply(429, "application/json", failure).reply(429, "application/json", failure);
    let client = memory.builder().retry(RetryPolicy::default().max_attempts(2).first_delay(std::time::Duration::ZERO));
    let client = client.clock(Impatient::new()).build().unwrap();
    let error = client.untyped("@cf/a/b", serde_json::json!({})).await.unwrap_err();
    check(&error, &["Error", "Service", "Capacity temporarily exceeded", "429", "3040", "request-1", "attempts: 2"]);
    let memory = Memory::default().reply(404, "application/json", "{}");
    let error = memory.client().untyped("@cf/a/b", serde_json::json!({})).await.unwrap_err();
    assert!(!format!("{error:?}").contains("attempts"), "once goes without saying: {error:?}");
}

#[test]
fn a_broken_transport_says_what_broke() {
    let error = TransportError::new(TransportErrorKind::Connection, "the cable was cut");
    assert!(!error.to_string().is_empty());
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the cable was cut"));
}

#[test]
fn a_request_that_cannot_be_written_says_why() {
    #[derive(serde::Serialize)]
    struct Odd {
        #[serde(serialize_with = "refuse")]
        depth: u8,
    }
    fn refuse<S: serde::Serializer>(_: &u8, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("too deep"))
    }
    let invalid: Invalid = Encoded::json(&Odd { depth: 1 }).unwrap_err();
    assert!(invalid.to_string().contains("too deep"), "{invalid}");
    assert!(Error::from(invalid).is_invalid_request());
}

#[test]
fn a_reply_of_the_wrong_kind_has_its_status() {
    let answer = Answer::new(http::StatusCode::CREATED, http::HeaderMap::new(), "{}");
    assert_eq!(answer.status(), http::StatusCode::CREATED);
    assert_eq!(answer.unexpected("a picture").status(), Some(201));
    // A type that is said and is neither JSON nor text is believed.
    let headers = [(http::header::CONTENT_TYPE, http::HeaderValue::from_static("image/png"))].into_iter().collect();
    let answer = Answer::new(http::StatusCode::OK, headers, r#"{"a":1}"#);
    assert!(answer.json::<serde_json::Value>().unwrap_err().is_decode());
    let client = Client::builder(ACCOUNT, TOKEN);
    check(client, &["ClientBuilder"]);
}

#[test]
fn a_call_on_its_way_shows_its_model_and_not_what_it_says() {
    let sending = Call::<Chat>::new(Memory::default().client(), "my deepest secret").into_future();
    let shown = format!("{sending:?}");
    assert!(shown.contains("@cf/test/chat") && !shown.contains("secret") && !shown.contains(TOKEN), "{shown}");
}
