//! The catalogue as the service publishes it: items of the search, the public feed.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use workers_ai_codegen::{Facts, Price};

use crate::catalog::{Catalog, Model};
use crate::dice::{Dice, fnv};

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
///
/// ```
/// use workers_ai_local::{Catalog, feed};
///
/// let catalog = Catalog::embedded()?;
/// let published = feed(&catalog);
/// assert_eq!(published["models"].as_array().map(Vec::len), Some(catalog.live().count()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn feed(catalog: &Catalog) -> Value {
    let models: Vec<Value> = catalog.live().map(|model| entry(model)).collect();
    json!({"models": models})
}

/// The feed as it travels.
pub(crate) struct Sent {
    pub(crate) body: Bytes,
    /// The entity tag: the same for the same feed, on every machine.
    pub(crate) tag: String,
}

impl Sent {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let body = feed(catalog).to_string();
        let tag = format!("\"{:016x}\"", fnv(0xcbf2_9ce4_8422_2325, body.as_bytes()));
        Self { body: body.into(), tag }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sent").field("tag", &self.tag).finish_non_exhaustive()
    }
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

/// A chat model as OpenRouter's list has it: prices as text, in dollars a token. Other models have no place there.
pub(crate) fn openrouter_item(facts: &Facts) -> Option<Value> {
    if facts.task != "Text Generation" {
        return None;
    }
    let price = |unit: &str| {
        let listed = facts.prices.iter().find(|price| price.unit == unit)?;
        Some(format!("{:.12}", listed.usd / 1e6).trim_end_matches('0').trim_end_matches('.').to_owned())
    };
    let mut pricing = Map::new();
    for (name, unit) in [
        ("prompt", "per_M_input_tokens"),
        ("completion", "per_M_output_tokens"),
        ("input_cache_read", "per_M_cached_input_tokens"),
    ] {
        if let Some(price) = price(unit) {
            pricing.insert(name.to_owned(), Value::from(price));
        }
    }
    let inputs: &[&str] = if facts.flag("vision") { &["text", "image"] } else { &["text"] };
    let features: Vec<&str> = [("function_calling", "tools"), ("reasoning", "reasoning")]
        .into_iter()
        .filter_map(|(flag, feature)| facts.flag(flag).then_some(feature))
        .collect();
    Some(json!({
        "id": facts.id,
        "name": facts.id.rsplit('/').next(),
        "created": facts.created_at.as_deref().and_then(seconds_at),
        "input_modalities": inputs,
        "output_modalities": ["text"],
        "context_length": facts.number("context_window"),
        "pricing": pricing,
        "supported_features": features,
    }))
}

/// A model as the undocumented list has it: as far as its names are known.
pub(crate) fn catalog_item(facts: &Facts) -> Value {
    json!({
        "model_id": facts.id,
        "provider_id": "workers-ai",
        "name": facts.id.rsplit('/').next(),
        "task": facts.task,
        "context_length": facts.number("context_window"),
        "max_output_tokens": null,
        "supports_async": facts.flag("async_queue"),
        "request_formats": [],
        "metadata": {},
        "private": false,
        "pricing": facts.prices.iter().map(price).collect::<Vec<_>>(),
        "schema": published_schema(facts),
    })
}

/// Midnight of a day, in seconds since 1970; none where only a month or a year is known.
fn seconds_at(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Days since the first of March of year 0, in whose calendar the leap day ends a year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(seconds_at("1970-01-01"), Some(0));
        assert_eq!(seconds_at("2000-02-29"), Some(951_782_400));
        assert_eq!(seconds_at("2026-10-01"), Some(1_790_812_800));
        assert_eq!(seconds_at("2026-10"), None);
    }
}
