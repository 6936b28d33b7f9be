//! Queued requests.

use serde_json::{Value, json};

use crate::api::Api;

const QUEUE: &str = "/run/@cf/baai/bge-small-en-v1.5?queueRequest=true";

#[tokio::test]
async fn a_batch_is_queued_runs_and_is_answered_in_order() {
    let api = Api::start().await;
    let requests = json!([{"text": "one", "external_reference": "first"}, {"text": ["two", "three"]}]);
    let (_, queued) = api.ask(QUEUE, json!({"requests": requests})).await;
    assert_eq!(queued["result"]["status"], "queued");
    assert_eq!(queued["result"]["model"], "@cf/baai/bge-small-en-v1.5");
    let ticket = json!({"request_id": queued["result"]["request_id"]});
    let (_, running) = api.ask(QUEUE, ticket.clone()).await;
    assert_eq!(running["result"]["status"], "running");
    let (_, done) = api.ask(QUEUE, ticket).await;
    let responses = done["result"]["responses"].as_array().unwrap();
    assert_eq!(responses.len(), 2);
    assert_eq!((&responses[0]["id"], &responses[0]["external_reference"]), (&json!(0), &json!("first")));
    assert_eq!(responses[1]["result"]["shape"], json!([2, 384]));
    assert_eq!(responses[1]["success"], true);
    let alone = api.run("@cf/baai/bge-small-en-v1.5", json!({"text": "one"})).await;
    assert_eq!(responses[0]["result"], alone);
}

#[tokio::test]
async fn a_model_without_a_queue_refuses() {
    let api = Api::start().await;
    let (status, body) = api.ask("/run/@cf/baai/bge-reranker-base?queueRequest=true", json!({"requests": []})).await;
    assert_eq!(status.as_u16(), 400);
    assert_eq!(body["errors"][0]["code"], 8007);
}

#[tokio::test]
async fn a_bad_item_is_refused_before_it_is_queued() {
    let api = Api::start().await;
    let (status, body) = api.ask(QUEUE, json!({"requests": [{"text": 7}]})).await;
    assert_eq!(status.as_u16(), 400);
    assert_eq!(body["errors"][0]["code"], 5006);
}

#[tokio::test]
async fn a_batch_of_more_than_ten_megabytes_is_too_large() {
    let api = Api::start().await;
    let text = "x".repeat(10_000_001);
    let (status, body) = api.ask(QUEUE, json!({"requests": [{"text": text}]})).await;
    assert_eq!(status.as_u16(), 413);
    assert_eq!(body["errors"][0]["code"], 3006);
}

#[tokio::test]
async fn an_unknown_ticket_is_refused() {
    let api = Api::start().await;
    let (status, body) = api.ask(QUEUE, json!({"request_id": "nobody"})).await;
    assert_eq!(status.as_u16(), 400);
    assert!(body["errors"][0]["message"].as_str().is_some_and(|message| message.contains("nobody")), "{body}");
    assert_eq!(body["result"], Value::Object(serde_json::Map::new()));
}
