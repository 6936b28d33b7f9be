//! The OpenAI-compatible paths.

use serde_json::{Value, json};

use crate::api::{Api, header};

#[tokio::test]
async fn a_chat_completion_is_bare() {
    let api = Api::start().await;
    let body = json!({"model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "messages": [{"role": "user", "content": "hello"}]});
    let response = api.post("/v1/chat/completions").json(&body).send().await.unwrap();
    assert_eq!(header(&response, "x-workers-ai-fidelity"), Some("synthetic"));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["object"], "chat.completion");
    assert!(body["choices"][0]["message"]["content"].as_str().unwrap().contains("hello"));
}

#[tokio::test]
async fn a_streamed_chat_completion_has_no_native_trailer() {
    let api = Api::start().await;
    let body = json!({"model": "@cf/zai-org/glm-4.7-flash", "messages": [{"role": "user", "content": "hello"}], "stream": true});
    let events = api.events("/v1/chat/completions", body).await;
    assert!(events.iter().all(|event| event.get("response").is_none()));
    assert_eq!(events.last().unwrap(), "[DONE]");
}

#[tokio::test]
async fn embeddings_tell_no_usage_and_have_the_native_vectors() {
    let api = Api::start().await;
    let (_, body) =
        api.ask("/v1/embeddings", json!({"model": "@cf/baai/bge-small-en-v1.5", "input": ["one", "two"]})).await;
    let native = api.run("@cf/baai/bge-small-en-v1.5", json!({"text": ["one", "two"]})).await;
    assert_eq!(body["object"], "list");
    assert!(body.get("usage").is_none());
    assert_eq!(body["data"][1]["index"], 1);
    assert_eq!(body["data"][1]["embedding"], native["data"][1]);
}

#[tokio::test]
async fn embeddings_are_base64_where_that_is_asked_for() {
    use base64::Engine as _;
    let api = Api::start().await;
    let body = |format: &str| json!({"model": "@cf/baai/bge-small-en-v1.5", "input": "one", "encoding_format": format});
    let (_, plain) = api.ask("/v1/embeddings", body("float")).await;
    let (_, encoded) = api.ask("/v1/embeddings", body("base64")).await;
    let text = encoded["data"][0]["embedding"].as_str().unwrap();
    let bytes = base64::prelude::BASE64_STANDARD.decode(text).unwrap();
    let numbers: Vec<f32> = bytes.chunks_exact(4).map(|chunk| f32::from_le_bytes(chunk.try_into().unwrap())).collect();
    assert_eq!(json!(numbers.len()), json!(384));
    for (one, other) in numbers.iter().zip(plain["data"][0]["embedding"].as_array().unwrap()) {
        assert!((f64::from(*one) - other.as_f64().unwrap()).abs() < 1e-6);
    }
    let (status, _) = api.ask("/v1/embeddings", body("hexadecimal")).await;
    assert_eq!(status.as_u16(), 400);
}

#[tokio::test]
async fn errors_come_in_the_services_own_envelope() {
    let api = Api::start().await;
    let (status, body) = api.ask("/v1/chat/completions", json!({"model": "@cf/no/model", "messages": []})).await;
    assert_eq!(status.as_u16(), 400);
    assert_eq!(body["errors"][0]["code"], 5007);
}

#[tokio::test]
async fn a_model_can_be_named_in_the_body() {
    let api = Api::start().await;
    let (_, named) = api.ask("/run", json!({"model": "@cf/baai/bge-small-en-v1.5", "input": {"text": "hello"}})).await;
    assert_eq!(named["result"], api.run("@cf/baai/bge-small-en-v1.5", json!({"text": "hello"})).await);
    let (status, _) = api.ask("/run", json!({"model": "@cf/baai/bge-small-en-v1.5"})).await;
    assert_eq!(status.as_u16(), 400);
}

#[tokio::test]
async fn a_response_is_bare_and_streams() {
    let api = Api::start().await;
    let body = json!({"model": "@cf/openai/gpt-oss-20b", "input": "hello", "instructions": "Be short."});
    let (status, reply) = api.ask("/v1/responses", body.clone()).await;
    assert_eq!(status.as_u16(), 200, "{reply}");
    assert_eq!((&reply["object"], &reply["status"]), (&json!("response"), &json!("completed")));
    let mut body = body;
    body["stream"] = json!(true);
    let events = api.events("/v1/responses", body).await;
    let kinds: Vec<_> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"response.created"), Some(&"response.completed")));
}

#[tokio::test]
async fn a_refused_response_has_a_form_of_its_own() {
    let api = Api::start().await;
    let response = api.post("/v1/responses").json(&json!({"model": "@cf/openai/gpt-oss-20b"})).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 400);
    assert!(header(&response, "cf-ai-req-id").is_some());
    assert_eq!(
        response.text().await.unwrap(),
        r#"{"error":{"code":"invalid_prompt","message":"AiError: Bad input: Error: required properties at '/' are 'model,input'"}}"#
    );
    let (status, body) =
        api.ask("/v1/responses", json!({"model": "@cf/zai-org/glm-4.7-flash", "input": "hello"})).await;
    assert_eq!((status.as_u16(), &body["error"]["code"]), (400, &json!("invalid_prompt")));
}

#[tokio::test]
async fn a_tool_call_ends_without_the_native_mark() {
    let api = Api::start().await;
    let tool = json!({"type": "function", "function": {"name": "weather", "description": "", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}});
    let mut body = json!({"messages": [{"role": "user", "content": "What is the weather in Lisbon?"}], "tools": [tool], "stream": true});
    let names_null = |events: &[Value]| {
        events.iter().any(|event| {
            event
                .pointer("/choices/0/delta/tool_calls/0/function")
                .is_some_and(|function| function.get("name") == Some(&Value::Null))
        })
    };
    assert!(names_null(&api.events("/run/@cf/zai-org/glm-4.7-flash", body.clone()).await));
    body["model"] = json!("@cf/zai-org/glm-4.7-flash");
    assert!(!names_null(&api.events("/v1/chat/completions", body).await));
}

#[tokio::test]
async fn options_may_stand_beside_the_input() {
    let api = Api::start().await;
    let model = "@cf/black-forest-labs/flux-1-schnell";
    let body = |options: Value| json!({"prompt": "a cat", "options": options});
    assert!(api.run(model, body(json!({"rejectIfBusy": true}))).await["image"].is_string());
    let (status, _) = api.ask(&format!("/run/{model}"), body(json!({"tags": ["two words"]}))).await;
    assert_eq!(status.as_u16(), 400);
    let messages = json!([{"role": "user", "content": "hello"}]);
    let body = json!({"model": "@cf/zai-org/glm-4.7-flash", "messages": messages, "options": {"rejectIfBusy": true}});
    assert_eq!(api.ask("/v1/chat/completions", body).await.0.as_u16(), 200);
}

#[tokio::test]
async fn what_is_for_partners_says_so() {
    let api = Api::start().await;
    let messages = json!([{"role": "user", "content": "hello"}]);
    let body = |model: &str| json!({"model": model, "max_tokens": 9, "messages": messages});
    for (model, code, reason) in [
        ("@cf/zai-org/glm-4.7-flash", 5006, "/ai/v1/messages is for models of partners"),
        ("anthropic/claude", 5007, "models of partners are not served here"),
    ] {
        let (status, refused) = api.ask("/v1/messages", body(model)).await;
        assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (400, &json!(code)));
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains(reason), "{refused}");
    }
    let (_, refused) = api.ask("/run", json!({"model": "openai/gpt", "input": {}, "options": {}})).await;
    assert_eq!(refused["errors"][0]["code"], 5007);
}
