//! Sandboxes keep calls apart, and remember them.

use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use serde_json::json;

use crate::api::Api;

const BGE: &str = "@cf/baai/bge-small-en-v1.5";

#[tokio::test]
async fn a_token_or_a_header_names_the_sandbox() {
    let api = Api::start().await;
    let post = || api.client.post(api.url(&format!("/run/{BGE}"))).json(&json!({"text": "a"}));
    post().header(AUTHORIZATION, "Bearer sandbox-one").send().await.unwrap();
    post().header(AUTHORIZATION, "Bearer any").header("x-workers-ai-sandbox", "two").send().await.unwrap();
    post().header(AUTHORIZATION, "Bearer any").send().await.unwrap();
    for name in ["sandbox-one", "two", "default"] {
        let sandbox = api.server.sandbox(name);
        assert_eq!(sandbox.requests().len(), 1, "{name}");
        assert!(sandbox.neurons_used() > 0.0, "{name}");
    }
    assert_eq!(api.server.requests().len(), 1);
}

#[tokio::test]
async fn the_journal_has_what_was_asked_and_what_became_of_it() {
    let api = Api::start().await;
    api.run(BGE, json!({"text": "hello"})).await;
    api.ask(&format!("/run/{BGE}"), json!({"text": 1})).await;
    api.events("/v1/chat/completions", json!({"model": "@cf/meta/llama-3.2-1b-instruct", "stream": true, "messages": [{"role": "user", "content": "hi"}]})).await;
    api.post("/run/@cf/openai/whisper")
        .header("content-type", "audio/wav")
        .body(vec![0x80_u8; 300])
        .send()
        .await
        .unwrap();
    let requests = api.server.requests();
    let [embedded, refused, streamed, heard] = requests.as_slice() else { unreachable!("{requests:?}") };
    assert_eq!((embedded.number, embedded.status, embedded.code), (1, 200, None));
    assert_eq!((embedded.model.as_deref(), &embedded.body), (Some(BGE), &json!({"text": "hello"})));
    assert_eq!(embedded.fidelity.as_deref(), Some("synthetic"));
    assert_eq!(embedded.headers["authorization"], "...");
    assert!(embedded.at.ends_with('Z') && embedded.neurons.is_some());
    assert_eq!((refused.status, refused.code, refused.neurons), (400, Some(5006), None));
    assert!(streamed.stream && streamed.path.ends_with("/ai/v1/chat/completions"));
    assert_eq!(streamed.model.as_deref(), Some("@cf/meta/llama-3.2-1b-instruct"));
    assert_eq!(heard.body, json!({"bytes": 300, "content_type": "audio/wav"}));
    let charged: f64 = requests.iter().filter_map(|request| request.neurons).sum();
    assert!((api.server.neurons_used() - charged).abs() < 1e-9);
    assert_eq!(api.server.default_sandbox().requests_to("@cf/baai/*").len(), 2);
}

#[tokio::test]
async fn queues_and_fine_tunes_are_not_shared() {
    let api = Api::start().await;
    let create = json!({"model": "@cf/mistral/mistral-7b-instruct-v0.2-lora", "name": "mine"});
    let in_sandbox = |name: &'static str| {
        let request = api.post("/finetunes").header("x-workers-ai-sandbox", name).json(&create);
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(in_sandbox("one").await, 200);
    assert_eq!(in_sandbox("two").await, 200, "the name is free in another sandbox");
    assert_eq!(in_sandbox("one").await, 400, "and taken in this one");
}

#[tokio::test]
async fn a_sandbox_has_a_time_of_its_own() {
    let api = Api::start().await;
    let (one, other) = (api.server.sandbox("one"), api.server.sandbox("other"));
    let before = one.now();
    one.advance(Duration::from_secs(3600));
    assert!(one.now().duration_since(before).unwrap() >= Duration::from_secs(3600));
    assert!(other.now().duration_since(before).unwrap() < Duration::from_secs(3600));
    one.freeze(before);
    assert_eq!(one.now(), before);
}
