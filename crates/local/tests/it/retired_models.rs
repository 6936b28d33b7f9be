//! Models that have left the catalogue.

use serde_json::{Value, json};
use workers_ai_local::{LocalServer, Retired};

use crate::api::{Api, header};

const GONE: &str = "/run/@cf/meta/llama-3.1-8b-instruct";

#[tokio::test]
async fn a_retired_model_is_served_with_its_date() {
    let api = Api::start().await;
    let response = api.post(GONE).json(&json!({"prompt": "hi"})).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(header(&response, "x-workers-ai-retired"), Some("2026-11"));
}

#[tokio::test]
async fn a_retired_model_is_gone_where_that_is_wanted() {
    let api = Api::with(LocalServer::builder().retired(Retired::Gone)).await;
    let response = api.post(GONE).json(&json!({"prompt": "hi"})).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 410);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["code"], 5028);
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with(
            "AiError: Model has been deprecated: @cf/meta/llama-3.1-8b-instruct was deprecated on 2026-11."
        ),
        "{message}"
    );
}
