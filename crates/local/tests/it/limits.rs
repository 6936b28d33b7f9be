//! The published limits: requests a minute, neurons a day.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use workers_ai_local::{Limits, LocalServer};

use crate::api::Api;

/// Of a model that costs nothing, so that only the minute is full.
const CHEAP: &str = "@cf/baai/bge-large-en-v1.5";

#[tokio::test]
async fn a_minute_has_so_many_requests_for_each_model() {
    let api = Api::limited(LocalServer::builder()).await;
    let sandbox = api.server.default_sandbox();
    // A whole minute of a fixed day.
    sandbox.freeze(UNIX_EPOCH + Duration::from_secs(1_795_392_000));
    let paid = "@cf/moonshotai/kimi-k2.6";
    let body = json!({"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1});
    for _ in 0..20 {
        api.run(paid, body.clone()).await;
    }
    let (status, refused) = api.ask(&format!("/run/{paid}"), body.clone()).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (429, &json!(3021)), "{refused}");
    assert_eq!((&refused["success"], &refused["result"]), (&Value::from(false), &json!({})));
    // Another model has a minute of its own, and the next minute is another one.
    api.run(CHEAP, json!({"text": "a"})).await;
    sandbox.advance(Duration::from_secs(60));
    api.run(paid, body).await;
}

#[tokio::test]
async fn a_day_has_ten_thousand_neurons() {
    let api = Api::limited(LocalServer::builder()).await;
    let sandbox = api.server.default_sandbox();
    sandbox.freeze(UNIX_EPOCH + Duration::from_secs(1_795_392_000 + 23 * 3600));
    sandbox.charge(10_000.0);
    let (status, refused) = api.ask(&format!("/run/{CHEAP}"), json!({"text": "a"})).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (429, &json!(4006)), "{refused}");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("you have used up your daily free allocation of 10,000 neurons"), "{message}");
    // The day ends at midnight in UTC.
    sandbox.advance(Duration::from_secs(3600));
    assert_eq!(sandbox.neurons_today(), 0.0);
    api.run(CHEAP, json!({"text": "a"})).await;
    assert!(sandbox.neurons_used() > 10_000.0);
}

#[tokio::test]
async fn limits_can_be_turned_off() {
    let api = Api::limited(LocalServer::builder().limits(Limits::off())).await;
    api.server.default_sandbox().charge(1e6);
    api.run(CHEAP, json!({"text": "a"})).await;
    api.server.default_sandbox().limits(Limits::published());
    assert_eq!(api.ask(&format!("/run/{CHEAP}"), json!({"text": "a"})).await.0, 429);
}
