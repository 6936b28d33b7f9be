//! What everybody is asked, and the schema that it must satisfy.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use workers_ai_local::{Catalog, feed};

/// The model that is called.
pub(crate) const MODEL: &str = "@cf/meta/llama-3.2-1b-instruct";

/// A request of an ordinary conversation.
pub(crate) fn right() -> Vec<u8> {
    request(&json!(0.7))
}

/// The same with a parameter out of its range.
pub(crate) fn wrong() -> Vec<u8> {
    request(&json!(77))
}

fn request(temperature: &Value) -> Vec<u8> {
    let messages = json!([
        {"role": "system", "content": "You know the sea and answer in a sentence."},
        {"role": "user", "content": "Why do tides follow the moon?"},
        {"role": "assistant", "content": "The moon pulls the water that is nearest to it."},
        {"role": "user", "content": "And on the other side of the earth?"},
    ]);
    json!({"messages": messages, "max_tokens": 64, "temperature": temperature}).to_string().into_bytes()
}

/// The model's published schema of requests.
pub(crate) fn schema() -> Result<Value> {
    let feed = feed(&Catalog::embedded()?);
    let models = feed.get("models").and_then(Value::as_array).context("the feed has no models")?;
    let model = models.iter().find(|model| model.get("name").and_then(Value::as_str) == Some(MODEL));
    model.and_then(|model| model.pointer("/schema/input").cloned()).context("the model has no schema")
}

/// An answer as long as ours.
pub(crate) fn answer() -> Value {
    json!({
        "result": {"response": "The earth is pulled away from the water that is farthest, so it rises there as well. ".repeat(3),
            "usage": {"prompt_tokens": 52, "completion_tokens": 64, "total_tokens": 116}},
        "success": true, "errors": [], "messages": []
    })
}
