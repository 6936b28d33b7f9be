//! Just enough JSON Schema to know which branches a published schema has and what each means.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// What a branch of a request schema describes.
#[derive(Debug)]
pub(crate) enum Branch {
    /// One request as a JSON object.
    Plain(Value),
    /// A list of queued requests; the schema is that of one item.
    Batch(Value),
    /// Raw bytes, of which JSON knows nothing.
    Binary,
}

/// The branches of a request schema, unions inside unions flattened.
pub(crate) fn branches(schema: &Value) -> Vec<Branch> {
    arms(schema)
        .into_iter()
        .map(|arm| {
            if is_binary(&arm) {
                return Branch::Binary;
            }
            let properties = arm.get("properties").and_then(Value::as_object);
            match properties.and_then(|properties| properties.get("requests").filter(|_| properties.len() == 1)) {
                Some(requests) => Branch::Batch(requests["items"].clone()),
                None => Branch::Plain(arm),
            }
        })
        .collect()
}

/// One schema that allows what any of these allow.
pub(crate) fn any_of(mut schemas: Vec<Value>) -> Option<Value> {
    match schemas.len() {
        0 => None,
        1 => schemas.pop(),
        _ => Some(json!({ "anyOf": schemas })),
    }
}

/// The alternatives of a schema, each with what stands beside the union; the schema itself when it has none.
pub(crate) fn arms(schema: &Value) -> Vec<Value> {
    let Value::Object(members) = schema else { return vec![schema.clone()] };
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(arms_of_union)) = members.get(keyword) {
            let mut rest = members.clone();
            rest.remove(keyword);
            return arms_of_union.iter().flat_map(|arm| arms(&beside(&rest, arm))).collect();
        }
    }
    vec![schema.clone()]
}

/// What is said beside a union holds for each arm.
fn beside(rest: &Map<String, Value>, arm: &Value) -> Value {
    let Value::Object(arm) = arm else { return arm.clone() };
    let mut joined = rest.clone();
    for (keyword, value) in arm {
        match (joined.get_mut(keyword), value) {
            (Some(Value::Object(known)), Value::Object(more)) if keyword == "properties" => {
                known.extend(more.iter().map(|(name, schema)| (name.clone(), schema.clone())));
            }
            (Some(Value::Array(known)), Value::Array(more)) if keyword == "required" => {
                known.extend(
                    more.iter()
                        .filter(|name| !rest["required"].as_array().is_some_and(|had| had.contains(name)))
                        .cloned(),
                );
            }
            _ => {
                joined.insert(keyword.clone(), value.clone());
            }
        }
    }
    Value::Object(joined)
}

/// Whether the schema means bytes.
pub(crate) fn is_binary(schema: &Value) -> bool {
    schema["format"] == "binary"
}

/// The reply to a request that was queued.
pub(crate) fn is_ticket(schema: &Value) -> bool {
    schema["properties"]
        .as_object()
        .is_some_and(|properties| properties.len() == 1 && properties.contains_key("request_id"))
}

/// A validator that reads `oneOf` as `anyOf`, since published branches overlap, and fields as those of an object.
#[track_caller]
pub(crate) fn validator(schema: &Value) -> Validator {
    match jsonschema::validator_for(&lenient(schema, false)) {
        Ok(validator) => validator,
        Err(error) => panic!("not a schema: {error}"),
    }
}

/// `names` is true where members are names of properties rather than keywords.
fn lenient(schema: &Value, names: bool) -> Value {
    match schema {
        Value::Object(members) => {
            let object = !names && members.contains_key("properties") && !members.contains_key("type");
            let implicit = object.then(|| ("type".to_owned(), json!("object")));
            let rest = members.iter().filter(|(keyword, _)| names || *keyword != "contentType");
            let rest = rest.map(|(keyword, value)| {
                let renamed = if !names && keyword == "oneOf" { "anyOf" } else { keyword };
                let data = !names && ["enum", "const", "default", "required", "examples"].contains(&keyword.as_str());
                let value = if data { value.clone() } else { lenient(value, !names && keyword == "properties") };
                (renamed.to_owned(), value)
            });
            implicit.into_iter().chain(rest).collect()
        }
        Value::Array(items) => items.iter().map(|item| lenient(item, false)).collect(),
        other => other.clone(),
    }
}

#[test]
fn branches_are_told_apart() {
    let schema = json!({"type": "object", "required": ["a"], "oneOf": [
        {"oneOf": [{"title": "A"}, {"format": "binary"}]},
        {"properties": {"requests": {"items": {"title": "I"}}}}]});
    let found = branches(&schema);
    assert!(matches!(found.as_slice(), [Branch::Plain(_), Branch::Binary, Branch::Batch(_)]), "{found:?}");
}
