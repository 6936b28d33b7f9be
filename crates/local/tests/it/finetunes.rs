//! Fine-tunes: registered, filled, listed, used.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::api::Api;

const MODEL: &str = "@cf/mistral/mistral-7b-instruct-v0.2-lora";

async fn upload(api: &Api, finetune: &str, name: &str, content: &str) -> (StatusCode, Value) {
    let file = Part::bytes(content.as_bytes().to_vec()).file_name(name.to_owned());
    let form = Form::new().part("file", file).text("file_name", name.to_owned());
    let path = format!("/finetunes/{finetune}/finetune-assets");
    let response = api.post(&path).multipart(form).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

async fn use_it(api: &Api, model: &str, lora: &str) -> (StatusCode, Value) {
    api.ask(&format!("/run/{model}"), json!({"prompt": "hello", "lora": lora})).await
}

async fn list(api: &Api, path: &str) -> Value {
    api.get(path).send().await.unwrap().json::<Value>().await.unwrap()["result"].clone()
}

#[tokio::test]
async fn a_finetune_is_registered_filled_and_used() {
    let api = Api::start().await;
    assert_eq!(list(&api, "/finetunes").await, json!([]));
    let (status, made) = api.ask("/finetunes/", json!({"model": MODEL, "name": "mine"})).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let id = made["result"]["id"].as_str().unwrap().to_owned();
    assert_eq!(made["result"]["public"], false);
    assert_eq!(use_it(&api, MODEL, &id).await.1["errors"][0]["code"], 3039);

    let (status, _) = upload(&api, &id, "adapter_model.safetensors", "weights").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "the configuration comes first");
    assert_eq!(upload(&api, &id, "adapter_config.json", "{").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(upload(&api, &id, "adapter.bin", "{}").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(upload(&api, "other", "adapter_config.json", "{}").await.0, StatusCode::NOT_FOUND);
    let (status, uploaded) = upload(&api, &id, "adapter_config.json", r#"{"r": 8}"#).await;
    assert_eq!((status, &uploaded["success"]), (StatusCode::OK, &json!(true)));
    assert_eq!(upload(&api, "mine", "adapter_model.safetensors", "weights").await.0, StatusCode::OK);

    for name in [id.as_str(), "mine", "cf-public-magicoder"] {
        let (status, body) = use_it(&api, MODEL, name).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    assert_eq!(list(&api, "/finetunes").await[0][0]["name"], "mine");
}

#[tokio::test]
async fn what_cannot_be_tuned_says_so() {
    let api = Api::start().await;
    assert_eq!(use_it(&api, MODEL, "one-of-the-real-account").await.0, StatusCode::OK);
    let (status, body) = api.ask("/finetunes", json!({"model": "@cf/openai/gpt-oss-20b", "name": "mine"})).await;
    assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!(5005)));
    assert_eq!(api.ask("/finetunes", json!({"model": MODEL})).await.0, StatusCode::BAD_REQUEST);
    api.ask("/finetunes", json!({"model": MODEL, "name": "mine"})).await;
    assert_eq!(api.ask("/finetunes", json!({"model": MODEL, "name": "mine"})).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn public_ones_come_in_pages() {
    let api = Api::start().await;
    let all = list(&api, "/finetunes/public").await.as_array().unwrap().clone();
    assert!(all.iter().all(|one| one["name"].as_str().unwrap().starts_with("cf-public-")));
    let page = list(&api, "/finetunes/public?limit=1&offset=1").await.clone();
    assert_eq!(page, json!([all[1]]));
}
