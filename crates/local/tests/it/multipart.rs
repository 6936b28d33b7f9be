//! Models that take parts only.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::api::{Api, header};

const MODEL: &str = "/run/@cf/black-forest-labs/flux-2-klein-4b";

async fn send(api: &Api, form: Form) -> (StatusCode, Value) {
    let response = api.post(MODEL).multipart(form).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn parts_become_fields_and_files() {
    let api = Api::start().await;
    let image = Part::bytes(vec![0x89, b'P', b'N', b'G']).file_name("in.png").mime_str("image/png").unwrap();
    let form =
        Form::new().text("prompt", "a boat").text("width", "512").text("height", "256").part("input_image_0", image);
    let response = api.post(MODEL).multipart(form).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    // One output tile and one input tile.
    assert_eq!(header(&response, "cf-ai-neurons"), Some("31.42"));
    let body: Value = response.json().await.unwrap();
    assert!(body["result"]["image"].as_str().unwrap().starts_with("/9j/"));
}

#[tokio::test]
async fn parts_are_held_against_the_schema() {
    let api = Api::start().await;
    let (status, body) = send(&api, Form::new().text("prompt", "a boat").text("width", "wide")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(
        body["errors"][0]["message"].as_str().unwrap().contains("Type mismatch of '/width', 'string' not in 'integer'"),
        "{body}"
    );
    let (status, body) = send(&api, Form::new().text("width", "512")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("required properties at '/' are"), "{body}");
}
