//! Calls to the real service: only where `WORKERS_AI_LIVE` is set, with credentials in the environment.
//!
//! With `WORKERS_AI_RECORD` too, replies are written to `crates/text-generation/tests/wire/recorded`, where the tests of
//! that crate read them beside the reconstructions.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};
use workers_ai::text_generation::{
    Chunk, Reply, gpt_oss_20b, llama_3_2_1b_instruct as llama, qwen3_30b_a3b_fp8 as qwen3,
};
use workers_ai::{Call, Client, Info, Model, Streams};

/// A model as the wire shows it: JSON in, JSON out.
struct Bare<M>(M);

impl<M: Model> Model for Bare<M> {
    const INFO: &'static Info = M::INFO;
    type Request = Value;
    type Reply = Value;
}

impl<M: Streams> Streams for Bare<M> {
    type Chunk = Value;
}

#[tokio::test]
async fn chat_models_of_every_dialect_answer_as_the_types_say() {
    if env::var_os("WORKERS_AI_LIVE").is_none() {
        println!("skipped: set WORKERS_AI_LIVE and credentials to call the real service");
        return;
    }
    let client = Client::from_env().unwrap();
    let asked = json!({"messages": [{"role": "user", "content": "Say: the sky is blue."}], "max_tokens": 64});
    check::<llama::Llama3_2_1bInstruct>(&client, &asked).await;
    check::<gpt_oss_20b::GptOss20b>(&client, &asked).await;
    check::<qwen3::Qwen3_30bA3bFp8>(&client, &asked).await;
}

async fn check<M: Streams>(client: &Client, asked: &Value) {
    let name = M::INFO.id.rsplit('/').next().unwrap_or_default();
    let response = Call::<Bare<M>>::new(client.clone(), asked.clone()).send().await.unwrap();
    record(&format!("{name}.json"), &response.body);
    let reply: Reply = serde_json::from_value(response.value).unwrap();
    assert!(!matches!(reply, Reply::Unknown(_)), "{name}: {reply:?}");

    let mut events = Call::<Bare<M>>::new(client.clone(), asked.clone()).stream().await.unwrap();
    let mut stream = String::new();
    while let Some(event) = events.try_next().await.unwrap() {
        stream.push_str(&format!("data: {event}\n\n"));
        let _: Chunk = serde_json::from_value(event).unwrap();
    }
    stream.push_str("data: [DONE]\n\n");
    record(&format!("{name}.sse"), stream.as_bytes());
}

fn record(name: &str, bytes: &[u8]) {
    if env::var_os("WORKERS_AI_RECORD").is_some() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/text-generation/tests/wire/recorded");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
}
