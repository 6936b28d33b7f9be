//! Values that satisfy a JSON Schema: test requests, synthetic replies, arguments of tools.

use serde_json::{Map, Value};

use crate::dice::Dice;

/// Nested deeper than this, only what is required is written.
const DEEP: usize = 6;
/// Nested deeper than this, a schema is taken to refer to itself without end.
const TOO_DEEP: usize = 24;

/// Makes values for a schema, the same ones for the same dice.
#[derive(Clone, Debug)]
pub(crate) struct Sampler<'a> {
    root: &'a Value,
    dice: Dice,
    /// Optional properties too, or only the required ones.
    full: bool,
    /// Words that free text is made of.
    topic: &'a str,
}

/// A value that satisfies a schema, with no more than the schema requires.
///
/// ```
/// let schema = serde_json::json!({
///     "type": "object",
///     "properties": {"steps": {"type": "integer", "minimum": 1, "maximum": 8}, "note": {"type": "string"}},
///     "required": ["steps"],
/// });
/// let value = workers_ai_local::sample(&schema, 7);
/// assert!(value["steps"].as_i64().is_some_and(|steps| (1..=8).contains(&steps)));
/// assert!(value.get("note").is_none());
/// ```
#[must_use]
pub fn sample(schema: &Value, seed: u64) -> Value {
    Sampler::new(schema, Dice::new(seed)).value()
}

/// A value that satisfies a schema, with everything that the schema describes.
///
/// ```
/// let schema = serde_json::json!({
///     "type": "object",
///     "properties": {"steps": {"type": "integer", "minimum": 1, "maximum": 8}, "note": {"type": "string"}},
///     "required": ["steps"],
/// });
/// assert!(workers_ai_local::sample_full(&schema, 7).get("note").is_some());
/// ```
#[must_use]
pub fn sample_full(schema: &Value, seed: u64) -> Value {
    Sampler::new(schema, Dice::new(seed)).full().value()
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(schema: &'a Value, dice: Dice) -> Self {
        Self { root: schema, dice, full: false, topic: "example" }
    }

    /// Writes optional properties too.
    pub(crate) fn full(self) -> Self {
        Self { full: true, ..self }
    }

    /// Makes free text of these words.
    pub(crate) fn about(self, topic: &'a str) -> Self {
        Self { topic, ..self }
    }

    pub(crate) fn value(mut self) -> Value {
        let root = self.root;
        self.any(root, 0)
    }

    fn any(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(members) = schema.as_object() else { return Value::String(self.topic.to_owned()) };
        if depth > TOO_DEEP {
            return Value::Null;
        }
        if let Some(value) = members.get("const") {
            return value.clone();
        }
        if let Some(options) = members.get("enum").and_then(Value::as_array) {
            return options.get(self.dice.below(options.len())).cloned().unwrap_or_default();
        }
        if let Some(target) = members.get("$ref").and_then(Value::as_str) {
            let found = target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)).cloned();
            return found.map_or(Value::Null, |found| self.any(&found, depth + 1));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(arms) = members.get(keyword).and_then(Value::as_array) {
                let arm = arms.iter().find(|arm| arm.get("type") != Some(&Value::from("null"))).or(arms.first());
                return arm.map_or(Value::Null, |arm| self.any(&beside(members, keyword, arm), depth + 1));
            }
        }
        if let Some(parts) = members.get("allOf").and_then(Value::as_array) {
            let mut whole = members.clone();
            whole.remove("allOf");
            let whole = parts.iter().fold(Value::Object(whole), |whole, part| both(&whole, part));
            return self.any(&whole, depth + 1);
        }
        match type_of(members) {
            "object" => self.object(members, depth),
            "array" => self.array(members, depth),
            "integer" => self.integer(members),
            "number" => self.number(members),
            "boolean" => Value::Bool(self.dice.below(2) == 1),
            "null" => Value::Null,
            _ => Value::String(self.text(members)),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = strings(members.get("required")).collect();
        let mut object = Map::new();
        for (name, schema) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if required.contains(&name.as_str()) || (self.full && depth < DEEP) {
                object.insert(name.clone(), self.any(schema, depth + 1));
            }
        }
        for name in required {
            if !object.contains_key(name) {
                let rest = members.get("additionalProperties").cloned().unwrap_or(Value::Bool(true));
                object.insert(name.to_owned(), self.any(&rest, depth + 1));
            }
        }
        Value::Object(object)
    }

    fn array(&mut self, members: &Map<String, Value>, depth: usize) -> Value {
        let least = count(members, "minItems").unwrap_or(1).max(1);
        let length = count(members, "maxItems").map_or(least, |most| least.min(most));
        match members.get("items") {
            Some(items) => (0..length).map(|_| self.any(items, depth + 1)).collect(),
            None => Value::Array(Vec::new()),
        }
    }

    fn integer(&mut self, members: &Map<String, Value>) -> Value {
        let bound = |inclusive: &str, exclusive: &str, step: i64| {
            whole(members.get(inclusive)).or_else(|| whole(members.get(exclusive)).map(|limit| limit + step))
        };
        let (low, high) = (bound("minimum", "exclusiveMinimum", 1), bound("maximum", "exclusiveMaximum", -1));
        let step = whole(members.get("multipleOf")).unwrap_or(1).max(1);
        let low = low.unwrap_or_else(|| high.map_or(1, |high| high.min(1)));
        let high = high.unwrap_or_else(|| low.saturating_add(9)).min(low.saturating_add(1000));
        let width = usize::try_from(high.saturating_sub(low)).unwrap_or_default();
        let chosen = low.saturating_add(i64::try_from(self.dice.below(width.saturating_add(1))).unwrap_or_default());
        // The next multiple, or the one before where that leaves the range.
        let above = chosen.saturating_add((step - chosen.rem_euclid(step)) % step);
        Value::from(if above > high { above.saturating_sub(step) } else { above })
    }

    fn number(&mut self, members: &Map<String, Value>) -> Value {
        let get = |names: [&str; 2]| names.iter().find_map(|name| members.get(*name).and_then(Value::as_f64));
        let (low, high) = (get(["minimum", "exclusiveMinimum"]), get(["maximum", "exclusiveMaximum"]));
        let low = low.unwrap_or_else(|| high.map_or(0.0, |high| high.min(0.0)));
        let high = high.unwrap_or(low + 1.0);
        // Never on either end, so that exclusive bounds hold too.
        let share = 0.1 + 0.8 * self.dice.fraction();
        let chosen = low + (high - low) * share;
        let rounded = (chosen * 1000.0).round() / 1000.0;
        let chosen = if rounded > low && rounded < high { rounded } else { chosen };
        match members.get("multipleOf").and_then(Value::as_f64) {
            Some(step) if step > 0.0 => Value::from((chosen / step).ceil() * step),
            _ => Value::from(chosen),
        }
    }

    fn text(&mut self, members: &Map<String, Value>) -> String {
        let (least, most) = (count(members, "minLength").unwrap_or(0), count(members, "maxLength"));
        if let Some(pattern) = members.get("pattern").and_then(Value::as_str) {
            return matching(pattern, least);
        }
        if members.get("contentEncoding").and_then(Value::as_str) == Some("base64") {
            return "AAAAAAAA".repeat(least.div_ceil(8).max(1));
        }
        let mut text = match members.get("format").and_then(Value::as_str) {
            Some("uri" | "url" | "uri-reference") => "https://example.com/".to_owned(),
            Some("date-time") => "2026-01-01T00:00:00Z".to_owned(),
            Some("date") => "2026-01-01".to_owned(),
            Some("time") => "00:00:00Z".to_owned(),
            Some("email") => "someone@example.com".to_owned(),
            Some("uuid") => self.dice.uuid(),
            Some("ipv4") => "127.0.0.1".to_owned(),
            _ => self.topic.to_owned(),
        };
        while text.chars().count() < least {
            text.push_str(" and so on");
        }
        match most {
            Some(most) => text.chars().take(most).collect(),
            None => text,
        }
    }
}

/// Text for a pattern: the first of a few likely ones that fits.
fn matching(pattern: &str, least: usize) -> String {
    let likely = [
        "1",
        "example",
        "data:image/png;base64,iVBORw0KGgo=",
        "https://example.com/",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "someone@example.com",
        "+15550100",
        "A1",
        "a-1",
        "00000",
        "12:00",
        "en",
        "en-US",
        "#336699",
        "00000000-0000-4000-8000-000000000000",
    ];
    let schema = serde_json::json!({"type": "string", "pattern": pattern, "minLength": least});
    let Ok(validator) = jsonschema::validator_for(&schema) else { return "example".to_owned() };
    let fitting = likely.iter().find(|text| validator.is_valid(&Value::from(**text)));
    fitting.map_or_else(|| "example".to_owned(), |text| (*text).to_owned())
}

/// An arm together with the keywords that stand beside the union.
fn beside(members: &Map<String, Value>, keyword: &str, arm: &Value) -> Value {
    let mut rest = members.clone();
    rest.remove(keyword);
    both(&Value::Object(rest), arm)
}

/// One schema that says what two say; where they differ, the second has the last word.
fn both(first: &Value, second: &Value) -> Value {
    let (Some(first), Some(second)) = (first.as_object(), second.as_object()) else { return second.clone() };
    let mut joined = first.clone();
    for (name, value) in second {
        let merged = match (name.as_str(), joined.get(name)) {
            ("properties", Some(known)) => both(known, value),
            ("required", Some(known)) => strings(Some(known)).chain(strings(Some(value))).collect(),
            _ => value.clone(),
        };
        joined.insert(name.clone(), merged);
    }
    Value::Object(joined)
}

fn type_of(members: &Map<String, Value>) -> &str {
    match members.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
        }
        _ if members.contains_key("properties") || members.contains_key("required") => "object",
        _ if members.contains_key("items") => "array",
        _ if members.contains_key("minimum") || members.contains_key("maximum") => "number",
        _ => "string",
    }
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn count(members: &Map<String, Value>, keyword: &str) -> Option<usize> {
    members.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok())
}

/// The whole number in a keyword, which may be written `1.0`.
fn whole(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    value.as_i64().or_else(|| value.as_f64().and_then(|number| format!("{number:.0}").parse().ok()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(schema: &Value) {
        let validator = jsonschema::validator_for(schema).unwrap();
        for seed in 0..20 {
            for sampler in [Sampler::new(schema, Dice::new(seed)), Sampler::new(schema, Dice::new(seed)).full()] {
                let value = sampler.value();
                assert!(validator.is_valid(&value), "{value} does not satisfy {schema}");
            }
        }
    }

    #[test]
    fn samples_stay_in_range() {
        check(&json!({"type": "integer", "minimum": -3, "maximum": 8, "multipleOf": 4}));
        check(&json!({"type": "number", "exclusiveMinimum": 0, "maximum": 0.001}));
        check(&json!({"type": "string", "minLength": 20, "maxLength": 22}));
        check(&json!({"type": "string", "pattern": "^[0-9]+$"}));
        check(&json!({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 3}));
    }

    #[test]
    fn unions_keep_what_stands_beside_them() {
        check(&json!({
            "type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"],
            "anyOf": [{"properties": {"b": {"type": "null"}}, "required": ["b"]}, {"required": ["c"]}],
        }));
    }

    #[test]
    fn references_are_followed_and_end() {
        check(&json!({
            "$ref": "#/$defs/node",
            "$defs": {"node": {"type": "object", "required": ["name"],
                "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]}}}},
        }));
    }
}
