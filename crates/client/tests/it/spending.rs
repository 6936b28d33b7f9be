//! What leaves a client: as many requests as a model's limit lets through, and as much as a budget has left.

use std::{
    future::IntoFuture,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use workers_ai_client::{Budget, Call, Client, Info, Model, Overdraft, Price, Progress, Queues, RateLimits, Streams};

use crate::support::{Impatient, Memory};

struct Priced;

const INFO: Info = Info {
    prices: &[
        Price { unit: "per_M_input_tokens", usd: 0.0, neurons: Some(1e6) },
        Price { unit: "per_M_output_tokens", usd: 0.0, neurons: Some(1e6) },
    ],
    requests_per_minute: Some(12),
    ..Info::new("@cf/test/priced", "Text Generation", "2026-11")
};

impl Model for Priced {
    const INFO: &'static Info = &INFO;
    type Request = Value;
    type Reply = Value;
}

impl Streams for Priced {
    type Chunk = Value;
}

impl Queues for Priced {
    type Item = Value;
}

/// Expected to cost ten neurons: four characters and nine tokens.
fn ask(client: &Client) -> Call<Priced> {
    Call::new(client.clone(), json!({"prompt": "abcd", "max_tokens": 9}))
}

/// Without the header that says what was charged.
fn silent(memory: Memory, body: &str) -> Memory {
    memory.json(body).with_header("cf-ai-neurons", "")
}

#[tokio::test]
async fn requests_wait_for_their_turn() {
    let mut memory = Memory::default();
    for _ in 0..4 {
        memory = memory.json("{}");
    }
    let clock = Impatient::new();
    let client = memory.builder().clock(clock.clone()).build().unwrap();
    for _ in 0..4 {
        ask(&client).await.unwrap();
    }
    // Twelve a minute: two leave at once, then ten in sixty seconds. Copies wait in the same line.
    assert_eq!(clock.slept(), [Duration::from_secs(6); 2]);
}

#[tokio::test]
async fn one_setting_lets_them_all_through() {
    let mut memory = Memory::default();
    for _ in 0..50 {
        memory = memory.json("{}");
    }
    let clock = Impatient::new();
    let client = memory.builder().clock(clock.clone()).rate_limits(RateLimits::off()).build().unwrap();
    for _ in 0..50 {
        ask(&client).await.unwrap();
    }
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn a_model_known_by_its_id_alone_has_the_limit_that_is_set() {
    let mut memory = Memory::default();
    for _ in 0..4 {
        memory = memory.json("{}");
    }
    let clock = Impatient::new();
    let limits = RateLimits::published().per_minute("@cf/test/tomorrow", 6);
    let client = memory.builder().clock(clock.clone()).rate_limits(limits).build().unwrap();
    for _ in 0..2 {
        client.untyped("@cf/test/tomorrow", json!({})).await.unwrap();
        client.untyped("@cf/test/other", json!({})).await.unwrap();
    }
    assert_eq!(clock.slept(), [Duration::from_secs(12)]);
}

#[tokio::test]
async fn calls_of_the_account_have_no_turn_to_wait_for() {
    let memory = Memory::default().json("{}").json("{}").json("{}");
    let clock = Impatient::new();
    let limits = RateLimits::off().per_minute("@cf/test/priced", 1);
    let client = memory.builder().clock(clock.clone()).rate_limits(limits).build().unwrap();
    for _ in 0..3 {
        let call = client.account_call(http::Method::POST, "/ai/v1/chat/completions").model("@cf/test/priced");
        call.send().await.unwrap();
    }
    assert!(clock.slept().is_empty(), "{:?}", clock.slept());
}

#[tokio::test]
async fn a_turn_that_comes_too_late_is_a_time_out() {
    let mut memory = Memory::default();
    for _ in 0..4 {
        memory = memory.json("{}");
    }
    let clock = Impatient::new();
    let client = memory.builder().clock(clock.clone()).build().unwrap();
    for _ in 0..2 {
        ask(&client).await.unwrap();
    }
    let error = ask(&client).timeout(Duration::from_secs(5)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(memory.sent().len(), 2);
}

#[tokio::test]
async fn a_call_is_counted_by_what_the_service_says() {
    let memory = Memory::default().json("{}");
    let memory = silent(
        memory,
        r#"{"result":{"usage":{"prompt_tokens":1,"completion_tokens":2,"neurons":0.5}},"success":true}"#,
    );
    let memory = silent(memory, r#"{"result":{"usage":{"prompt_tokens":1,"completion_tokens":2}},"success":true}"#);
    let memory = silent(memory, r#"{"result":{"response":"hi"},"success":true}"#);
    let budget = Budget::refuse_at(1000.0);
    let client = memory.builder().budget(budget.clone()).build().unwrap();
    let mut spent = Vec::new();
    for _ in 0..4 {
        ask(&client).await.unwrap();
        spent.push(budget.spent());
    }
    // The header; the usage; tokens by prices; nothing but the estimate.
    assert_eq!(spent, [1.25, 1.75, 4.75, 14.75]);
    assert_eq!((budget.reserved(), budget.state().calls), (0.0, 4));
}

#[tokio::test]
async fn failures_cost_nothing() {
    let refused = r#"{"errors":[{"code":5006,"message":"no"}],"success":false}"#;
    let memory = Memory::default().reply(400, "application/json", refused);
    let memory = silent(memory, refused);
    let budget = Budget::refuse_at(20.0);
    let client = memory.builder().budget(budget.clone()).build().unwrap();
    for _ in 0..3 {
        // The last finds nobody there.
        ask(&client).await.unwrap_err();
        assert_eq!((budget.spent(), budget.reserved()), (0.0, 0.0));
    }
}

#[tokio::test]
async fn what_has_no_room_is_not_sent() {
    let memory = Memory::default().json("{}").json("{}");
    let budget = Budget::refuse_at(11.0).clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_935_200));
    let client = memory.builder().budget(budget.clone()).build().unwrap();
    ask(&client).await.unwrap();
    let error = ask(&client.clone()).await.unwrap_err();
    assert!(error.is_budget_exhausted() && !error.is_quota_exhausted() && !error.is_rate_limited(), "{error:?}");
    assert!(!error.is_retryable() && !error.is_invalid_request() && error.status().is_none(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "@cf/test/priced: the call is expected to cost 10.00 neurons, and 1.25 of the day's budget of 11.00 are gone; it is \
         whole again at Sat, 03 Oct 2026 00:00:00 GMT"
    );
    let source = std::error::Error::source(&error).unwrap();
    let over = source.downcast_ref::<Overdraft>().unwrap();
    assert_eq!((over.estimate, over.committed, over.resets_at), (10.0, 1.25, budget.resets_at()));
    assert_eq!(memory.sent().len(), 1);
}

#[tokio::test]
async fn a_stream_is_counted_when_it_ends_or_is_dropped() {
    let events = "data: {\"response\":\"a\"}\n\ndata: {\"response\":\"\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\ndata: [DONE]\n\n";
    let memory = Memory::default()
        .events(events)
        .with_header("cf-ai-neurons", "")
        .pieces(200, "text/event-stream", [b"data: {\"response\":\"a\"}\n\n".as_slice(); 9])
        .with_header("cf-ai-neurons", "");
    let budget = Budget::refuse_at(1000.0);
    let client = memory.builder().budget(budget.clone()).build().unwrap();
    let mut chunks = ask(&client).stream().await.unwrap();
    assert_eq!((budget.spent(), budget.reserved()), (0.0, 10.0));
    while chunks.try_next().await.unwrap().is_some() {}
    drop(chunks);
    assert_eq!((budget.spent(), budget.reserved()), (7.0, 0.0));
    let mut chunks = ask(&client).stream().await.unwrap();
    chunks.try_next().await.unwrap();
    drop(chunks);
    // Nobody knows how far the model got: it is taken to have gone all the way.
    assert_eq!((budget.spent(), budget.reserved()), (17.0, 0.0));
}

#[tokio::test]
async fn calls_made_together_share_what_is_left() {
    let mut memory = Memory::default();
    for _ in 0..20 {
        memory = memory.json("{}");
    }
    let budget = Budget::refuse_at(100.0);
    let client = memory.builder().budget(budget.clone()).rate_limits(RateLimits::off()).build().unwrap();
    let charges: Vec<_> = (0..20).map(|_| tokio::spawn(ask(&client).into_future())).collect();
    let mut answered = 0;
    for charge in charges {
        answered += usize::from(charge.await.unwrap().is_ok());
    }
    assert!((10..=20).contains(&answered) && budget.spent() <= 100.0, "{answered} for {}", budget.spent());
    assert_eq!(budget.state().calls, answered as u64);
    assert_eq!(Arc::new(budget).reserved(), 0.0);
}

#[tokio::test]
async fn a_batch_is_counted_once_however_often_it_is_asked_for() {
    let done =
        r#"{"result":{"responses":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"neurons":3.0}},"success":true}"#;
    let memory = silent(Memory::default(), r#"{"result":{"status":"queued","request_id":"1"},"success":true}"#);
    let memory = silent(silent(silent(memory, r#"{"result":{"status":"running"},"success":true}"#), done), done);
    let budget = Budget::refuse_at(10.0);
    let client = memory.builder().budget(budget.clone()).build().unwrap();
    let queued = ask(&client).enqueue().await.unwrap();
    let spent = budget.spent();
    assert!(spent > 0.0 && budget.state().calls == 1, "{:?}", budget.state());
    // Nothing is left for calls, but what has been paid can be had.
    client.untyped("@cf/test/other", json!({})).await.unwrap_err();
    assert!(matches!(queued.poll().await.unwrap(), Progress::Pending { .. }));
    for _ in 0..2 {
        assert!(matches!(queued.poll().await.unwrap(), Progress::Ready(_)));
    }
    assert_eq!((budget.spent(), budget.reserved(), budget.state().calls), (spent, 0.0, 1));
}
