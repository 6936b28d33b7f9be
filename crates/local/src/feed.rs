//! The catalogue as the service publishes it: items of the search, the public feed.

use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Price};

use crate::catalog::{Catalog, Model};
use crate::dice::Dice;

/// The published wording of price units, where the project has a name of its own for them.
const UNITS: &[(&str, &str)] = &[
    ("per_M_input_tokens", "per M input tokens"),
    ("per_M_cached_input_tokens", "per M cached input tokens"),
    ("per_M_output_tokens", "per M output tokens"),
    ("per_audio_minute", "per audio minute"),
    ("per_audio_minute_websocket", "per audio minute (websocket)"),
    ("per_1k_input_characters", "per 1k characters"),
    ("per_512x512_tile", "per 512 by 512 tile"),
    ("per_step", "per step"),
    ("per_inference_request", "per inference request"),
];

/// Every live model in the shape of the public feed, schemas included.
#[must_use]
pub fn feed(catalog: &Catalog) -> Value {
    let models: Vec<Value> = catalog.live().map(|model| entry(model)).collect();
    json!({"models": models})
}

fn entry(model: &Model) -> Value {
    let mut entry = item(model.facts());
    if let (Some(members), Some(schema)) = (entry.as_object_mut(), published_schema(model.facts())) {
        members.insert("schema".to_owned(), schema);
    }
    entry
}

/// A model as the search lists it.
pub(crate) fn item(facts: &Facts) -> Value {
    let mut properties: Vec<Value> = Vec::new();
    if !facts.prices.is_empty() {
        let prices: Vec<Value> = facts.prices.iter().map(price).collect();
        properties.push(json!({"property_id": "price", "value": prices}));
    }
    if let Some(date) = &facts.lifecycle.planned_deprecation {
        properties.push(json!({"property_id": "planned_deprecation_date", "value": date}));
    }
    for (name, value) in &facts.properties {
        // Flags and numbers are published as text.
        let value = match value {
            Value::Bool(_) | Value::Number(_) => Value::from(value.to_string()),
            other => other.clone(),
        };
        properties.push(json!({"property_id": name, "value": value}));
    }
    json!({
        "id": stable_uuid(&facts.id),
        "source": if facts.id.starts_with("@hf/") { 2 } else { 1 },
        "name": facts.id,
        "description": "",
        "task": task(&facts.task),
        "created_at": facts.created_at.as_deref().map(|day| format!("{day} 00:00:00.000")),
        "tags": [],
        "properties": properties,
    })
}

/// A task as the catalogue lists it.
pub(crate) fn task(name: &str) -> Value {
    json!({"id": stable_uuid(name), "name": name, "description": ""})
}

fn price(price: &Price) -> Value {
    let unit =
        UNITS.iter().find(|(ours, _)| *ours == price.unit).map_or(price.unit.as_str(), |(_, published)| published);
    json!({"unit": unit, "price": price.usd, "currency": "USD"})
}

/// The schemas as published; an empty object where the feed has one, nothing where it has none.
pub(crate) fn published_schema(facts: &Facts) -> Option<Value> {
    match (&facts.schema, facts.unbound.as_deref()) {
        (Some(schema), _) => Some(json!({"input": schema.input, "output": schema.output})),
        (None, Some(reason)) if reason.contains("empty") => Some(json!({})),
        (None, _) => None,
    }
}

/// The same id for the same name, always.
fn stable_uuid(name: &str) -> String {
    Dice::from_parts(0, [name.as_bytes()]).uuid()
}
