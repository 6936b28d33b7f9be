//! Random JSON that satisfies a schema.

use serde_json::{Map, Number, Value, json};

use super::dice::Dice;
use super::schema::{arms, is_binary};

/// How instances are to be unusual.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Manner {
    /// Every optional property is there, whatever the dice say.
    pub(crate) full: bool,
    /// Optional properties may be null though nobody said so.
    pub(crate) nulls: bool,
    /// Objects have properties that nobody published.
    pub(crate) unknown_fields: bool,
    /// Enumerations have values that nobody published.
    pub(crate) unknown_values: bool,
}

/// A random instance; `None` where the schema describes bytes only.
pub(crate) fn instance(schema: &Value, dice: &mut Dice, manner: Manner) -> Option<Value> {
    let arms: Vec<Value> = arms(schema).into_iter().filter(|arm| !is_binary(arm)).collect();
    let index = dice.below(arms.len());
    let arm = arms.get(index)?;
    if let Some(only) = arm.get("const") {
        return Some(only.clone());
    }
    if let Some(values) = arm["enum"].as_array() {
        if manner.unknown_values && values.iter().any(Value::is_string) && dice.chance(60) {
            return Some(json!("never-published"));
        }
        return dice.pick(values).cloned();
    }
    Some(match kind(arm, dice) {
        "object" => object(arm, dice, manner)?,
        "array" => array(arm, dice, manner)?,
        "string" => text(arm, dice),
        "integer" => integer(arm, dice),
        "number" => number(arm, dice),
        "boolean" => Value::Bool(dice.below(2) == 1),
        "null" => Value::Null,
        _ => anything(dice),
    })
}

fn kind<'a>(schema: &'a Value, dice: &mut Dice) -> &'a str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => dice.pick(names).and_then(Value::as_str).unwrap_or("null"),
        _ if schema.get("properties").is_some() || schema.get("required").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "anything",
    }
}

fn object(schema: &Value, dice: &mut Dice, manner: Manner) -> Option<Value> {
    let mut members = Map::new();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let likely = dice.below(3) * 40;
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let needed = required.contains(&name.as_str());
        if !needed && !manner.full && !dice.chance(likely) {
            continue;
        }
        if !needed && manner.nulls && dice.chance(40) {
            members.insert(name.clone(), Value::Null);
            continue;
        }
        match instance(property, dice, manner) {
            Some(value) => {
                members.insert(name.clone(), value);
            }
            None if needed => return None,
            None => {}
        }
    }
    for name in required {
        if !members.contains_key(name) {
            members.insert(name.to_owned(), anything(dice));
        }
    }
    match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => {}
        Some(rest @ Value::Object(_)) => {
            for index in 0..dice.below(3) {
                members.insert(format!("key_{index}"), instance(rest, dice, manner)?);
            }
        }
        // Somebody's free-form object: metadata, a JSON Schema, arguments.
        _ if members.is_empty() && schema.get("properties").is_none() && dice.chance(50) => {
            members.insert("a key".to_owned(), anything(dice));
        }
        _ => {}
    }
    if manner.unknown_fields {
        members.insert("never_published".to_owned(), json!({"deep": [1, null, "x"]}));
    }
    Some(Value::Object(members))
}

fn array(schema: &Value, dice: &mut Dice, manner: Manner) -> Option<Value> {
    let count = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let (least, most) = (count("minItems").unwrap_or(0), count("maxItems"));
    let least = if manner.full { least.max(1) } else { least };
    let room = most.map_or(3, |most| most.saturating_sub(least).min(3));
    // Now and then exactly as many as fit.
    let length = match most {
        Some(most) if most <= 128 && dice.chance(5) => most,
        _ => least + dice.below(room + 1),
    };
    let Some(items) = schema.get("items") else {
        return Some(Value::Array((0..length).map(|_| anything(dice)).collect()));
    };
    let mut list = Vec::new();
    for _ in 0..length {
        list.push(instance(items, dice, manner)?);
    }
    Some(Value::Array(list))
}

const LETTERS: [char; 16] = ['a', 'b', 'z', 'A', '0', '7', ' ', '.', '"', '\\', '\n', '/', 'é', 'ß', '語', '🦀'];

fn text(schema: &Value, dice: &mut Dice) -> Value {
    if schema["contentEncoding"] == "base64" {
        return json!(dice.pick(&["aGVsbG8=", "AA==", "/+8=", "iVBORw0KGgo="]));
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        return Value::String(matching(pattern, dice));
    }
    let count = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let (least, most) = (count("minLength").unwrap_or(0), count("maxLength"));
    let room = most.map_or(12, |most| most.saturating_sub(least).min(12));
    let length = match most {
        Some(most) if most <= 5000 && dice.chance(5) => most,
        _ => least + dice.below(room + 1),
    };
    // Long text repeats a few letters: a choice for each would only be slow.
    let drawn: Vec<char> = (0..length.min(12)).filter_map(|_| dice.pick(&LETTERS).copied()).collect();
    Value::String(drawn.iter().copied().cycle().take(length).collect())
}

/// Text for the few patterns that are published.
fn matching(pattern: &str, dice: &mut Dice) -> String {
    match pattern {
        "^[0-9]+$" => dice.below(100_000).to_string(),
        "^data:*" => "data:image/png;base64,iVBORw0KGgo=".to_owned(),
        "[a-zA-Z0-9]{9}" => format!("call{:05}", dice.below(100_000)),
        _ => String::new(),
    }
}

fn integer(schema: &Value, dice: &mut Dice) -> Value {
    let bound = |name: &str| {
        schema[name].as_i64().or_else(|| schema[name].as_f64().and_then(|bound| format!("{bound:.0}").parse().ok()))
    };
    let usual = [0_i64, 1, -1, 7, 42, 255, 256, 4096, -1000, 1 << 31, (1 << 53) - 1];
    let (low, high) = (bound("minimum"), bound("maximum"));
    if low.is_none() && high.is_none() {
        return json!(dice.pick(&usual));
    }
    let low = low.unwrap_or_else(|| high.unwrap_or(0).saturating_sub(1000));
    let high = high.unwrap_or_else(|| low.saturating_add(1000));
    let width = usize::try_from(high.saturating_sub(low)).unwrap_or(usize::MAX - 1);
    match dice.below(4) {
        0 => json!(low),
        1 => json!(high),
        _ => json!(low.saturating_add(i64::try_from(dice.below(width.saturating_add(1))).unwrap_or(0))),
    }
}

fn number(schema: &Value, dice: &mut Dice) -> Value {
    let usual = [0.0, 1.0, -1.0, 0.5, 0.125, 3.25, 1e6, -1e-3, 123_456.789];
    let (low, high) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    let chosen = match (low, high) {
        (None, None) => return json!(dice.pick(&usual)),
        (low, high) => {
            let low = low.unwrap_or_else(|| high.unwrap_or(0.0) - 1000.0);
            let high = high.unwrap_or(low + 1000.0);
            match dice.below(5) {
                0 => low,
                1 => high,
                2 => (f64::midpoint(low, high)).floor().clamp(low, high),
                _ => {
                    let share = f64::from(u32::try_from(dice.below(10_000)).unwrap_or(0)) / 10_000.0;
                    (low + (high - low) * share).clamp(low, high)
                }
            }
        }
    };
    // Whole numbers are as often written without a fraction.
    if chosen.fract() == 0.0
        && dice.below(2) == 0
        && let Ok(whole) = format!("{chosen:.0}").parse::<i64>()
    {
        return json!(whole);
    }
    Number::from_f64(chosen).map_or(Value::Null, Value::Number)
}

fn anything(dice: &mut Dice) -> Value {
    let some = [
        json!("text"),
        json!(1),
        json!({}),
        json!([]),
        json!(true),
        json!({"type": "object", "properties": {}}),
        json!([1, "a"]),
    ];
    dice.pick(&some).cloned().unwrap_or_default()
}
