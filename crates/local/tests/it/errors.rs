//! Refusals: statuses, codes and the bytes of the body.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::api::{Api, header};

const CHAT: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";

/// Refused with this status and code, with a message that begins and, before its id, ends like this.
#[track_caller]
fn refused<'a>(
    api: &'a Api,
    model: &str,
    body: Value,
    status: u16,
    code: u32,
    phrase: &'a str,
) -> impl Future<Output = ()> + 'a {
    let model = model.to_owned();
    async move {
        let response = api.post(&format!("/run/{model}")).json(&body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(header(&response, "cf-ai-neurons").is_none());
        assert!(header(&response, "cf-ai-req-id").is_some());
        let text = response.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["errors"][0]["code"], code);
        let message = body["errors"][0]["message"].as_str().unwrap();
        let (said, id) = message.rsplit_once(" (").unwrap();
        assert!(said.contains(phrase), "{said}");
        assert_eq!(id.len(), 37);
        assert!(text.starts_with(r#"{"errors":[{"message":"AiError: "#), "{text}");
        assert!(
            text.ends_with(&format!(r#","code":{code}}}],"success":false,"result":{{}},"messages":[]}}"#)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_is_required_is_named() {
    let api = Api::start().await;
    refused(
        &api,
        "@cf/huggingface/distilbert-sst-2-int8",
        json!({}),
        400,
        5006,
        "Bad input: Error: required properties at '/' are 'text'",
    )
    .await;
}

#[tokio::test]
async fn a_wrong_type_is_named() {
    let api = Api::start().await;
    refused(
        &api,
        "@cf/huggingface/distilbert-sst-2-int8",
        json!({"text": []}),
        400,
        5006,
        "Type mismatch of '/text', 'array' not in 'string'",
    )
    .await;
}

#[tokio::test]
async fn a_value_out_of_range_is_named() {
    let api = Api::start().await;
    refused(&api, CHAT, json!({"prompt": "hi", "temperature": 6}), 400, 5006, "'/temperature' must be <= 5").await;
    refused(
        &api,
        "@cf/black-forest-labs/flux-1-schnell",
        json!({"prompt": "hi", "steps": 9}),
        400,
        5006,
        "'/steps' must be <= 8",
    )
    .await;
}

#[tokio::test]
async fn alternatives_that_are_not_met_are_listed() {
    let api = Api::start().await;
    refused(&api, CHAT, json!({"messages": "hi"}), 400, 5006, "oneOf at '/' not met, 0 matches: ").await;
}

#[tokio::test]
async fn an_unknown_model_is_named() {
    let api = Api::start().await;
    refused(&api, "@cf/no/such-model", json!({}), 400, 5007, "AiError: No such model @cf/no/such-model or task").await;
}

#[tokio::test]
async fn json_is_refused_where_parts_are_wanted() {
    let api = Api::start().await;
    refused(
        &api,
        "@cf/black-forest-labs/flux-2-dev",
        json!({"prompt": "hi"}),
        400,
        5006,
        "required properties at '/' are 'multipart'",
    )
    .await;
}

#[tokio::test]
async fn more_than_the_context_window_holds_is_refused() {
    let api = Api::start().await;
    let long = "word ".repeat(30_000);
    refused(&api, CHAT, json!({"prompt": long}), 413, 5021, "exceeded this model context window limit (24000).").await;
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let api = Api::start().await;
    let response =
        api.post(&format!("/run/{CHAT}")).header("content-type", "application/json").body("{").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["code"], 5006);
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_are_refused_at_the_front_door() {
    let api = Api::start().await;
    for (path, status, code) in
        [("/v1/models", 405, 7001), (&format!("/run/{CHAT}"), 405, 7001), ("/no/such/path", 400, 7000)]
    {
        let response = api.get(path).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(header(&response, "cf-ai-req-id").is_none());
        assert!(header(&response, "cf-ray").is_some());
        let text = response.text().await.unwrap();
        assert!(text.starts_with(&format!(r#"{{"result":null,"success":false,"errors":[{{"code":{code},"#)), "{text}");
    }
}
