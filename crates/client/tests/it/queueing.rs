//! Requests that wait in a queue.

use std::future;

use serde_json::json;
use workers_ai_client::{Call, Progress, Queued, Ticket, lit};

use crate::support::{Chat, Memory, Prompt};

const QUEUED: &str = r#"{"result":{"status":"queued","request_id":"batch-1","model":"@cf/test/chat"},"success":true,"errors":[],"messages":[]}"#;
const RUNNING: &str =
    r#"{"result":{"status":"running","request_id":"batch-1","model":"@cf/test/chat"},"success":true}"#;
const DONE: &str = r#"{"result":{"responses":[
    {"id":1,"success":false,"result":{},"errors":[{"code":3030,"message":"AiError: flagged"}]},
    {"id":0,"success":true,"result":{"response":"first"},"external_reference":null},
    {"id":2,"success":true,"result":{"response":3}},
    {"id":3,"success":false,"error":"no luck"}
],"usage":{"total_tokens":9}},"success":true}"#;

#[tokio::test]
async fn a_request_is_queued_and_answered_later() {
    let memory = Memory::default().json(QUEUED).json(RUNNING).json(DONE);
    let prompt = Prompt { temperature: Some(lit!(1.0)), ..Prompt::from("hello") };
    let queued = Call::<Chat>::new(memory.client(), prompt).set("external_reference", "mine").enqueue().await.unwrap();
    assert_eq!(queued.request_id(), "batch-1");
    let sent = memory.sent().remove(0);
    assert_eq!(sent.uri().query(), Some("queueRequest=true"));
    assert!(sent.uri().path().ends_with("/ai/run/@cf/test/chat"));

    let Progress::Pending { status } = queued.poll().await.unwrap() else { unreachable!("not yet") };
    assert_eq!(status, "running");
    assert_eq!(memory.sent_text(), r#"{"request_id":"batch-1"}"#);

    let Progress::Ready(replies) = queued.poll().await.unwrap() else { unreachable!("answered") };
    let [first, second, third, fourth] = replies.as_slice() else { unreachable!("{replies:?}") };
    assert_eq!(first.as_ref().unwrap().response, "first");
    let error = second.as_ref().unwrap_err();
    assert_eq!((error.code(), error.message(), error.model()), (Some(3030), "flagged", Some("@cf/test/chat")));
    assert!(third.as_ref().unwrap_err().is_decode());
    assert_eq!(fourth.as_ref().unwrap_err().message(), "no luck");
}

#[tokio::test]
async fn the_body_holds_the_requests() {
    let memory = Memory::default().json(QUEUED).json(QUEUED);
    Call::<Chat>::new(memory.client(), "hello").set("external_reference", "mine").enqueue().await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"requests":[{"prompt":"hello","external_reference":"mine"}]}"#);
    memory.client().enqueue::<Chat>(["a", "b"]).await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"requests":[{"prompt":"a"},{"prompt":"b"}]}"#);
}

#[tokio::test]
async fn what_the_queue_does_not_take_is_refused_before_sending() {
    let memory = Memory::default();
    let prompt = Prompt { seed: Some(lit!(7)), ..Prompt::from("hello") };
    let error = Call::<Chat>::new(memory.client(), prompt).enqueue().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error:?}");
    assert_eq!(error.to_string(), "@cf/test/chat: seed: the queue does not take this");
    let error = Call::<Chat>::new(memory.client(), Prompt::default()).enqueue().await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("missing field `prompt`"), "{error}");
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn waiting_asks_until_it_is_answered() {
    let memory = Memory::default().json(QUEUED).json(QUEUED).json(RUNNING).json(DONE);
    let queued = Call::<Chat>::new(memory.client(), "hello").enqueue().await.unwrap();
    let mut pauses = 0;
    let replies = queued
        .wait_with(|| {
            pauses += 1;
            future::ready(())
        })
        .await
        .unwrap();
    assert_eq!((replies.len(), pauses, memory.sent().len()), (4, 2, 4));
}

#[tokio::test]
async fn a_ticket_can_be_kept() {
    let memory = Memory::default().json(QUEUED).json(RUNNING);
    let queued = Call::<Chat>::new(memory.client(), "hello").enqueue().await.unwrap();
    let kept = serde_json::to_value(&queued).unwrap();
    assert_eq!(kept, json!({"model": "@cf/test/chat", "request_id": "batch-1"}));
    let ticket: Ticket<Chat> = serde_json::from_value(kept).unwrap();
    let again = Queued::resume(&memory.client(), ticket);
    assert!(matches!(again.poll().await.unwrap(), Progress::Pending { .. }));
    assert!(serde_json::from_value::<Ticket<Chat>>(json!({"model": "@cf/other", "request_id": "x"})).is_err());
    assert_eq!(memory.client().queued::<Chat>("x").ticket().request_id(), "x");
}

#[tokio::test]
async fn a_model_without_a_queue_says_so() {
    let body = r#"{"errors":[{"code":8007,"message":"AiError: AiError: This model does not support request queuing"}],"success":false}"#;
    let error = Call::<Chat>::new(Memory::default().reply(400, "application/json", body).client(), "hello")
        .enqueue()
        .await
        .unwrap_err();
    assert_eq!((error.code(), error.status()), (Some(8007), Some(400)));
    let error = Call::<Chat>::new(Memory::default().json(QUEUED).json("{}").client(), "hello")
        .enqueue()
        .await
        .unwrap()
        .poll()
        .await
        .unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}
