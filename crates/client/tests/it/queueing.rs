//! Requests that wait in a queue.

use std::{future, time::Duration};

use serde_json::json;
use workers_ai_client::{Batch, BatchItem, BatchStatus, Call, Client, Progress, Queued, Ticket, lit};

use crate::support::{Chat, ChatReply, Impatient, Memory, Prompt};

const QUEUED: &str = r#"{"result":{"status":"queued","request_id":"batch-1","model":"@cf/test/chat"},"success":true,"errors":[],"messages":[]}"#;
const RUNNING: &str =
    r#"{"result":{"status":"running","request_id":"batch-1","model":"@cf/test/chat"},"success":true}"#;
const DONE: &str = r#"{"result":{"responses":[
    {"id":1,"success":false,"result":{},"errors":[{"code":3030,"message":"AiError: flagged"}],"external_reference":"b"},
    {"id":0,"success":true,"result":{"response":"first"},"external_reference":null},
    {"id":2,"success":true,"result":{"response":3}},
    {"id":3,"success":false,"error":"no luck"}
],"usage":{"total_tokens":9,"neurons":0.5}},"success":true}"#;

/// A batch that is answered at once.
fn ready(progress: Progress<ChatReply>) -> Batch<ChatReply> {
    let Progress::Ready(batch) = progress else { unreachable!("not yet: {progress:?}") };
    batch
}

fn patient(memory: &Memory) -> (Client, Impatient) {
    let clock = Impatient::new();
    (memory.builder().clock(clock.clone()).build().unwrap(), clock)
}

fn seconds(clock: &Impatient) -> Vec<f64> {
    clock.slept().iter().map(Duration::as_secs_f64).collect()
}

#[tokio::test]
async fn a_request_is_queued_and_answered_later() {
    let memory = Memory::default().json(QUEUED).json(RUNNING).json(DONE);
    let prompt = Prompt { temperature: Some(lit!(1.0)), ..Prompt::from("hello") };
    let queued = Call::<Chat>::new(memory.client(), prompt).enqueue().await.unwrap();
    assert_eq!(queued.request_id(), "batch-1");
    let sent = memory.sent().remove(0);
    assert_eq!(sent.uri().query(), Some("queueRequest=true"));
    assert!(sent.uri().path().ends_with("/ai/run/@cf/test/chat"));

    let Progress::Pending { status } = queued.poll().await.unwrap() else { unreachable!("not yet") };
    assert_eq!(status, BatchStatus::Running);
    assert_eq!(memory.sent_text(), r#"{"request_id":"batch-1"}"#);

    let batch = ready(queued.poll().await.unwrap());
    let usage = batch.usage.clone().unwrap();
    assert_eq!((usage.total_tokens, usage.neurons), (Some(9), Some(0.5)));
    let [first, second, third, fourth] = batch.items.as_slice() else { unreachable!("{batch:?}") };
    assert_eq!(first.result.as_ref().unwrap().response, "first");
    let error = second.result.as_ref().unwrap_err();
    assert_eq!((error.code(), error.message(), error.model()), (Some(3030), "flagged", Some("@cf/test/chat")));
    assert!(third.result.as_ref().unwrap_err().is_decode());
    assert_eq!(fourth.result.as_ref().unwrap_err().message(), "no luck");
    assert_eq!((first.id, second.id, third.id, fourth.id), (0, 1, 2, 3));
}

#[tokio::test]
async fn the_body_holds_the_requests_and_their_names() {
    let memory = Memory::default().json(QUEUED).json(QUEUED).json(QUEUED);
    Call::<Chat>::new(memory.client(), "hello").set("external_reference", "mine").enqueue().await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"requests":[{"prompt":"hello","external_reference":"mine"}]}"#);
    memory.client().enqueue::<Chat>(["a", "b"]).await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"requests":[{"prompt":"a"},{"prompt":"b"}]}"#);
    let items = [BatchItem::new("a").reference("first"), BatchItem::new("b")];
    memory.client().enqueue_items::<Chat>(items).await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"requests":[{"prompt":"a","external_reference":"first"},{"prompt":"b"}]}"#);
}

#[tokio::test]
async fn names_come_back_even_when_the_service_forgets_them() {
    let memory = Memory::default().json(QUEUED).json(DONE);
    let items = ["a", "b", "c", "d", "e"].map(|name| BatchItem::new(name).reference(name));
    let queued = memory.client().enqueue_items::<Chat>(items).await.unwrap();
    // Names survive in the ticket, and so does the number of requests: the fifth is missing.
    let kept = serde_json::to_string(&queued).unwrap();
    let queued = Queued::<Chat>::resume(&memory.client(), serde_json::from_str(&kept).unwrap());
    let batch = ready(queued.poll().await.unwrap());
    let names: Vec<_> = batch.items.iter().map(|item| item.reference.as_deref().unwrap()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
    let error = batch.into_results().last().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "@cf/test/chat: the queue has no answer for request 4");
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
    let error = memory.client().enqueue::<Chat>(Vec::<Prompt>::new()).await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("at least one request"), "{error}");
    assert!(memory.sent().is_empty());
}

#[tokio::test]
async fn a_batch_of_ten_megabytes_is_refused_before_sending() {
    let memory = Memory::default().json(QUEUED);
    let call = |length| Call::<Chat>::new(memory.client(), "hello").set("note", "x".repeat(length)).enqueue();
    // What surrounds the note: {"requests":[{"prompt":"hello","note":""}]}
    let around = r#"{"requests":[{"prompt":"hello","note":""}]}"#.len();
    let error = call(10_000_000 - around).await.unwrap_err();
    assert!(error.is_invalid_request() && !error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("10000000 bytes") && error.to_string().contains("several"), "{error}");
    assert!(memory.sent().is_empty());
    call(10_000_000 - around - 1).await.unwrap();
    assert_eq!(memory.sent_text().len(), 9_999_999);
}

#[tokio::test]
async fn waiting_asks_less_and_less_often() {
    let mut memory = Memory::default().json(QUEUED);
    for _ in 0..12 {
        memory = memory.json(RUNNING);
    }
    let memory = memory.json(DONE);
    let (client, clock) = patient(&memory);
    let batch = client.enqueue::<Chat>(["a"]).await.unwrap().wait().await.unwrap();
    assert_eq!(batch.items.len(), 4);
    let slept = seconds(&clock);
    assert_eq!((slept.get(..3), slept.last()), (Some([1.0, 1.5, 2.25].as_slice()), Some(&30.0)));
    assert_eq!((slept.len(), memory.sent().len()), (12, 14));
}

#[tokio::test]
async fn waiting_has_an_end_and_can_begin_again() {
    let memory = Memory::default().json(QUEUED).json(QUEUED).json(RUNNING).json(RUNNING).json(DONE);
    let (client, clock) = patient(&memory);
    let queued = client.enqueue::<Chat>(["a"]).await.unwrap();
    let error = queued.wait_at_most(Duration::from_secs(2)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(seconds(&clock), [1.0, 1.0]);
    assert_eq!(queued.wait().await.unwrap().items.len(), 4);
}

#[tokio::test]
async fn without_a_clock_the_caller_waits() {
    let memory = Memory::default().json(QUEUED).json(QUEUED).json(RUNNING).json(DONE);
    let queued = Call::<Chat>::new(memory.client(), "hello").enqueue().await.unwrap();
    assert!(queued.wait().await.unwrap_err().to_string().contains("wait_with"));
    let mut pauses = 0;
    let batch = queued
        .wait_with(|| {
            pauses += 1;
            future::ready(())
        })
        .await
        .unwrap();
    assert_eq!((batch.items.len(), pauses, memory.sent().len()), (4, 2, 4));
}

#[tokio::test]
async fn a_batch_can_fail_as_a_whole() {
    let failed = r#"{"result":{"status":"failed","request_id":"batch-1","message":"AiError: out of memory","internalCode":3050},"success":true}"#;
    let memory = Memory::default().json(QUEUED).json(failed);
    let queued = memory.client().enqueue::<Chat>(["a"]).await.unwrap();
    let error = queued.poll().await.unwrap_err();
    assert_eq!((error.code(), error.message(), error.model()), (Some(3050), "out of memory", Some("@cf/test/chat")));
}

#[tokio::test]
async fn a_ticket_can_be_kept() {
    let memory = Memory::default().json(QUEUED).json(RUNNING);
    let queued = Call::<Chat>::new(memory.client(), "hello").enqueue().await.unwrap();
    let kept = serde_json::to_value(&queued).unwrap();
    assert_eq!(kept, json!({"model": "@cf/test/chat", "request_id": "batch-1", "requests": 1}));
    let ticket: Ticket<Chat> = serde_json::from_value(kept).unwrap();
    let again = Queued::resume(&memory.client(), ticket);
    assert!(matches!(again.poll().await.unwrap(), Progress::Pending { .. }));
    assert!(serde_json::from_value::<Ticket<Chat>>(json!({"model": "@cf/other", "request_id": "x"})).is_err());
    let bare = json!({"model": "@cf/test/chat", "request_id": "x"});
    assert_eq!(serde_json::from_value::<Ticket<Chat>>(bare).unwrap().requests(), None);
    assert_eq!(memory.client().queued::<Chat>("x").ticket().request_id(), "x");
}

#[tokio::test]
async fn a_batch_of_another_model_stays_with_it() {
    let memory = Memory::default().json(QUEUED).json(RUNNING);
    let queued = Call::<Chat>::new(memory.client(), "hello").to("@cf/test/newer").enqueue().await.unwrap();
    assert!(memory.sent().remove(0).uri().path().ends_with("/ai/run/@cf/test/newer"));
    let kept = serde_json::to_string(&queued).unwrap();
    let again = Queued::<Chat>::resume(&memory.client(), serde_json::from_str(&kept).unwrap());
    again.poll().await.unwrap();
    assert!(memory.sent().remove(0).uri().path().ends_with("/ai/run/@cf/test/newer"));
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

#[tokio::test]
async fn batches_wait_for_their_turn_by_the_models_published_limit() {
    // Of 300 a minute 50 may leave at once.
    let memory = (0..51).fold(Memory::default(), |memory, _| memory.json(QUEUED));
    let (client, clock) = patient(&memory);
    for _ in 0..50 {
        client.enqueue::<Chat>(["a"]).await.unwrap();
    }
    assert_eq!(seconds(&clock), [0.0; 0]);
    client.enqueue::<Chat>(["a"]).await.unwrap();
    assert_eq!(clock.slept().len(), 1);
}

#[tokio::test]
async fn batches_carry_the_options_of_their_call_and_are_walked_through() {
    let memory = Memory::default().json(QUEUED).json(DONE);
    let queued = Call::<Chat>::new(memory.client(), "hello").header("x-note", "n").enqueue().await.unwrap();
    assert_eq!(memory.sent().remove(0).headers().get("x-note").unwrap(), "n");
    let ids: Vec<u64> = ready(queued.poll().await.unwrap()).into_iter().map(|item| item.id).collect();
    assert_eq!(ids, [0, 1, 2, 3]);
}
