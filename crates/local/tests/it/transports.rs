//! Spellings of the same request: raw bytes, lists of numbers, base64, media objects, queries, nulls.

use serde_json::{Value, json};

use crate::api::Api;

async fn post_raw(api: &Api, path: &str) -> Value {
    let request = api.post(path).header("content-type", "audio/wav").body(vec![1_u8; 8000]);
    let envelope: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(envelope["success"], true, "{envelope}");
    envelope["result"].clone()
}

#[tokio::test]
async fn whisper_hears_raw_bytes_as_it_hears_numbers() {
    let api = Api::start().await;
    let raw = post_raw(&api, "/run/@cf/openai/whisper").await;
    let numbers = api.run("@cf/openai/whisper", json!({"audio": vec![1; 8000]})).await;
    assert_eq!(raw["text"], numbers["text"]);
}

#[tokio::test]
async fn nova_takes_its_options_from_the_query_and_checks_them() {
    let api = Api::start().await;
    let result = post_raw(&api, "/run/@cf/deepgram/nova-3?language=en&smart_format=true&utt_split=0.8").await;
    assert!(result["results"]["channels"][0]["alternatives"][0]["transcript"].is_string());
    let request = api.post("/run/@cf/deepgram/nova-3?punctuate=perhaps").header("content-type", "audio/wav").body("x");
    let refused: Value = request.send().await.unwrap().json().await.unwrap();
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Type mismatch of '/punctuate', 'string' not in 'boolean'"), "{message}");
}

#[tokio::test]
async fn base64_may_also_come_raw_or_as_a_media_object() {
    let api = Api::start().await;
    let model = "@cf/openai/whisper-large-v3-turbo";
    let raw = post_raw(&api, &format!("/run/{model}")).await;
    assert_eq!(raw["transcription_info"]["duration"], 0.5);
    let media = json!({"audio": {"body": "AQEBAQ==", "contentType": "audio/wav"}});
    assert_eq!(api.run(model, media).await["text"], api.run(model, json!({"audio": "AQEBAQ=="})).await["text"]);
}

#[tokio::test]
async fn the_newer_models_take_null_for_what_is_not_set() {
    let api = Api::start().await;
    let body =
        |temperature: Value| json!({"messages": [{"role": "user", "content": "hello"}], "temperature": temperature});
    api.run("@cf/zai-org/glm-4.7-flash", body(Value::Null)).await;
    let (status, _) = api.ask("/run/@cf/meta/llama-3.1-8b-instruct-fp8", body(Value::Null)).await;
    assert_eq!(status.as_u16(), 400);
}

#[tokio::test]
async fn the_newer_models_take_the_schema_of_an_answer_by_itself() {
    let api = Api::start().await;
    let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    for format in [schema.clone(), json!({"name": "place", "schema": schema})] {
        let body = json!({
            "messages": [{"role": "user", "content": "Where is Ada?"}],
            "response_format": {"type": "json_schema", "json_schema": format},
        });
        let result = api.run("@cf/zai-org/glm-4.7-flash", body).await;
        let said: Value = serde_json::from_str(result["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
        assert!(said["city"].is_string(), "{said}");
    }
}

#[tokio::test]
async fn slashes_may_be_encoded() {
    let api = Api::start().await;
    api.run("@cf%2Fbaai%2Fbge-small-en-v1.5", json!({"text": "hello"})).await;
}

#[tokio::test]
async fn json_without_a_content_type_is_json() {
    let api = Api::start().await;
    let request =
        api.post("/run/@cf/baai/bge-small-en-v1.5").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(r#"{"text": "hello"}"#).send().await.unwrap().status().as_u16(), 200);
}
