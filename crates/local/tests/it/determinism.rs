//! The same request gives the same bytes.

use serde_json::json;
use workers_ai_local::LocalServer;

use crate::api::Api;

async fn bytes(api: &Api, model: &str, body: &serde_json::Value) -> Vec<u8> {
    api.post(&format!("/run/{model}")).json(body).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn the_same_request_twice_gives_the_same_bytes() {
    let (one, other) = (Api::start().await, Api::start().await);
    for (model, body) in [
        ("@cf/baai/bge-small-en-v1.5", json!({"text": "hello"})),
        ("@cf/zai-org/glm-4.7-flash", json!({"messages": [{"role": "user", "content": "hello"}]})),
        ("@cf/zai-org/glm-4.7-flash", json!({"messages": [{"role": "user", "content": "hello"}], "stream": true})),
        ("@cf/meta/llama-3.1-8b-instruct-fp8", json!({"prompt": "hello", "stream": true})),
        ("@cf/lykon/dreamshaper-8-lcm", json!({"prompt": "hello", "width": 256, "height": 256})),
        ("@cf/deepgram/aura-1", json!({"text": "hello"})),
    ] {
        assert_eq!(bytes(&one, model, &body).await, bytes(&other, model, &body).await, "{model}");
    }
}

#[tokio::test]
async fn another_prompt_or_seed_gives_another_image() {
    let (one, other) = (Api::start().await, Api::with(LocalServer::builder().seed(1)).await);
    let model = "@cf/lykon/dreamshaper-8-lcm";
    let body = |prompt: &str| json!({"prompt": prompt, "width": 256, "height": 256});
    let drawn = bytes(&one, model, &body("a cat")).await;
    assert_ne!(drawn, bytes(&one, model, &body("a dog")).await);
    assert_ne!(drawn, bytes(&other, model, &body("a cat")).await);
}
