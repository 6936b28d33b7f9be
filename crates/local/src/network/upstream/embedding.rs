//! Vectors of texts.

use serde_json::{Map, Value, json};

use super::{Upstream, told};
use crate::answer::{Answer, Question, Usage, tokens};
use crate::dialect::{arms, usage_json};
use crate::refusal::Refusal;

pub(super) async fn answer(upstream: &Upstream, name: &str, question: &Question) -> Result<(Answer, Usage), Refusal> {
    let texts: Vec<&str> = match question.input.fields.get("text") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let request = upstream.post("/embeddings").json(&json!({"model": name, "input": texts}));
    let said = upstream.send(name, request).await?.bytes().await.map_err(|error| upstream.unreachable(&error))?;
    let wrong = |reason: &str| Refusal::failed(&format!("the upstream server {} answered {reason}", upstream.base));
    let said: Value = serde_json::from_slice(&said).map_err(|error| wrong(&format!("no JSON: {error}")))?;
    let mut rows: Vec<&Value> = said.get("data").and_then(Value::as_array).into_iter().flatten().collect();
    rows.sort_by_key(|row| row.get("index").and_then(Value::as_u64));
    let vectors: Vec<&Value> =
        rows.iter().filter_map(|row| row.get("embedding").filter(|vector| vector.is_array())).collect();
    if vectors.len() != texts.len() {
        return Err(wrong(&format!("{} vectors for {} texts", vectors.len(), texts.len())));
    }
    let dimensions = vectors.first().and_then(|vector| vector.as_array()).map_or(0, Vec::len);
    let estimated = || Usage { input_tokens: texts.iter().map(|text| tokens(text)).sum(), ..Usage::default() };
    let usage = said.get("usage").and_then(told::usage).unwrap_or_else(estimated);
    let mut result = Map::new();
    result.insert("shape".to_owned(), json!([vectors.len(), dimensions]));
    result.insert("data".to_owned(), json!(vectors));
    let schema = question.model.reply_schema();
    let pools =
        schema.is_some_and(|schema| arms(schema).iter().any(|arm| arm.pointer("/properties/pooling").is_some()));
    if let Some(pooling) = question.input.fields.get("pooling").filter(|_| pools) {
        result.insert("pooling".to_owned(), pooling.clone());
    }
    result.insert("usage".to_owned(), usage_json(&question.model, &usage));
    Ok((Answer::Json(Value::Object(result)), usage))
}
