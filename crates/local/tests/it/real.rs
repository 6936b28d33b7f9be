//! Answers that are really computed, over HTTP: they mean something. Without weights there is nothing to hear.

use serde_json::{Value, json};
use workers_ai_inference::{Engine, Options, Store, Task};
use workers_ai_local::{LocalServer, Real};

use crate::api::{Api, header};

/// A server with weights for a model, or word that there are none.
async fn api(model: &str, task: Task) -> Option<Api> {
    let engine = Engine::new(Store::from_env().unwrap(), Options::default());
    if engine.supports(model, task).is_none() {
        println!("skipped: weights not here, for {model} in {}", engine.store().folder().display());
        return None;
    }
    Some(Api::with(LocalServer::builder().answerer(Real::new(engine))).await)
}

const LLAMA: &str = "@cf/meta/llama-3.2-1b-instruct";
const BGE: &str = "@cf/baai/bge-small-en-v1.5";
const WHISPER: &str = "@cf/openai/whisper-tiny-en";

fn question(stream: bool) -> Value {
    json!({"messages": [{"role": "user", "content": "What is the capital of France?"}], "temperature": 0, "max_tokens": 24, "stream": stream})
}

#[tokio::test]
async fn a_chat_knows_paris() {
    let Some(api) = api(LLAMA, Task::Generation).await else { return };
    let asked = api.post(&format!("/run/{LLAMA}")).json(&question(false)).send().await.unwrap();
    assert!(matches!(header(&asked, "x-workers-ai-fidelity"), Some("exact" | "substitute")));
    let envelope: Value = asked.json().await.unwrap();
    let said = envelope["result"]["response"].as_str().unwrap();
    assert!(said.contains("Paris"), "{said}");
    assert!(envelope["result"]["usage"]["completion_tokens"].as_u64().unwrap() > 1);
    // The same question has the same answer, and a stream tells it piece by piece.
    let again = api.run(LLAMA, question(false)).await;
    assert_eq!(again["response"], said);
    let events = api.events(&format!("/run/{LLAMA}"), question(true)).await;
    let pieces: Vec<&str> = events.iter().filter_map(|event| event["response"].as_str()).collect();
    assert!(pieces.len() > 3);
    assert_eq!(pieces.concat(), said);
    assert!(api.server.requests().iter().all(|request| request.neurons.is_some_and(|neurons| neurons > 0.0)));
}

#[tokio::test]
async fn json_mode_is_obeyed() {
    let Some(api) = api(LLAMA, Task::Generation).await else { return };
    let schema = json!({"type": "object", "required": ["city", "inhabitants"], "properties": {
        "city": {"type": "string", "maxLength": 30}, "inhabitants": {"type": "integer", "minimum": 0, "maximum": 99_999_999}}});
    let asked = json!({
        "messages": [{"role": "user", "content": "Name a large city and how many people live there."}],
        "response_format": {"type": "json_schema", "json_schema": schema}, "temperature": 0,
    });
    let answered = api.run("@cf/meta/llama-3.3-70b-instruct-fp8-fast", asked).await;
    let object = &answered["response"];
    assert!(object["city"].is_string() && object["inhabitants"].is_u64(), "{answered}");
}

#[tokio::test]
async fn near_texts_are_nearer_than_far_ones() {
    let Some(api) = api(BGE, Task::Embedding).await else { return };
    let texts =
        ["A cat sleeps on the sofa.", "A kitten is napping on the couch.", "Quarterly revenue grew by nine percent."];
    let made = api.run(BGE, json!({"text": texts})).await;
    assert_eq!(made["shape"], json!([3, 384]));
    let vectors: Vec<Vec<f64>> = serde_json::from_value(made["data"].clone()).unwrap();
    let near = |one: usize, other: usize| -> f64 { vectors[one].iter().zip(&vectors[other]).map(|(a, b)| a * b).sum() };
    assert!(near(0, 1) > near(0, 2) + 0.2, "{} and {}", near(0, 1), near(0, 2));
    // The compatible path gives the same vectors.
    let compatible = api.ask("/v1/embeddings", json!({"model": BGE, "input": texts[0]})).await.1;
    assert_eq!(compatible["data"][0]["embedding"], made["data"][0]);
}

#[tokio::test]
async fn speech_is_understood() {
    let Some(api) = api(WHISPER, Task::Transcription).await else { return };
    let speech = concat!(env!("CARGO_MANIFEST_DIR"), "/../inference/tests/fixtures/speech.ogg");
    let asked =
        api.post(&format!("/run/{WHISPER}")).header("content-type", "audio/ogg").body(std::fs::read(speech).unwrap());
    let response = asked.send().await.unwrap();
    assert_eq!(header(&response, "x-workers-ai-fidelity"), Some("exact"));
    let envelope: Value = response.json().await.unwrap();
    let heard = envelope["result"]["text"].as_str().unwrap().to_lowercase();
    let said = ["weather", "paris", "beautiful", "today", "children", "playing", "garden"];
    let right = said.iter().filter(|word| heard.contains(**word)).count();
    assert!(right >= 6, "{right} of {} words: {heard}", said.len());
    assert!(envelope["result"]["words"].as_array().unwrap().len() > 10);
    assert!(envelope["result"]["vtt"].as_str().unwrap().starts_with("WEBVTT"));
    let noise = api.post(&format!("/run/{WHISPER}")).header("content-type", "audio/wav").body(vec![7_u8; 999]);
    let refused: Value = noise.send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["errors"][0]["code"], 5006, "{refused}");
}

#[tokio::test]
async fn what_has_no_weights_is_made_up_and_says_so() {
    let folder = std::env::temp_dir().join("workers-ai-no-weights");
    let real = Real::new(Engine::new(Store::new(folder), Options::default()));
    let api = Api::with(LocalServer::builder().answerer(real)).await;
    for (model, body) in [(LLAMA, question(false)), ("@cf/black-forest-labs/flux-1-schnell", json!({"prompt": "sea"}))]
    {
        let response = api.post(&format!("/run/{model}")).json(&body).send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "x-workers-ai-fidelity")), (200, Some("synthetic")));
    }
}
