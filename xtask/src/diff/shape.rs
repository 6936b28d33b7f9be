//! What a published schema says about one value, in a form that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The facts about one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// The JSON types, without null.
    pub(crate) kinds: BTreeSet<String>,
    pub(crate) is_nullable: bool,
    /// The allowed values as JSON, in published order.
    pub(crate) values: Option<Vec<String>>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    /// The least and greatest number of characters or items.
    pub(crate) shortest: Option<u64>,
    pub(crate) longest: Option<u64>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    /// The content type of bytes that are not JSON.
    pub(crate) media: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) fields: BTreeMap<String, Field>,
    pub(crate) is_closed: bool,
    pub(crate) items: Option<Box<Shape>>,
    /// The arms of a union; then nothing else is set.
    pub(crate) arms: Vec<Arm>,
}

/// A named part of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
}

/// One of several shapes that a value may have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arm {
    pub(crate) title: Option<String>,
    pub(crate) shape: Shape,
}

impl Shape {
    /// Reads a schema; what is not understood says nothing.
    pub(crate) fn read(schema: &Value) -> Self {
        match schema {
            Value::Object(object) => Self::read_object(object),
            _ => Self::default(),
        }
    }

    fn read_object(schema: &Map<String, Value>) -> Self {
        let arms: Vec<&Value> =
            ["oneOf", "anyOf"].iter().filter_map(|union| schema.get(*union)?.as_array()).flatten().collect();
        if arms.is_empty() { Self::read_plain(schema) } else { Self::read_union(schema, &arms) }
    }

    /// Arms take over what stands beside the union; null is no arm, and one arm is no union.
    fn read_union(schema: &Map<String, Value>, published: &[&Value]) -> Self {
        let mut arms: Vec<Arm> = Vec::new();
        let mut is_nullable = false;
        for published in published {
            let arm = merged(schema, published);
            let shape = Self::read_object(&arm);
            if shape.is_null() {
                is_nullable = true;
            } else if shape.arms.is_empty() {
                let title = arm.get("title").and_then(Value::as_str).map(str::to_owned);
                arms.push(Arm { title, shape });
            } else {
                arms.extend(shape.arms);
            }
        }
        arms.dedup();
        match arms.as_slice() {
            [only] => Self { is_nullable: is_nullable || only.shape.is_nullable, ..only.shape.clone() },
            _ => Self { is_nullable, arms, ..Self::default() },
        }
    }

    fn read_plain(schema: &Map<String, Value>) -> Self {
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        let values = schema
            .get("enum")
            .and_then(Value::as_array)
            .cloned()
            .or_else(|| schema.get("const").map(|only| vec![only.clone()]));
        let mut kinds = kinds(schema, values.as_deref());
        let admits_null = schema.get("nullable") == Some(&Value::Bool(true));
        let is_nullable = (kinds.len() > 1 && kinds.remove("null")) || admits_null;
        let format = text("format");
        let is_binary = format.as_deref() == Some("binary");
        Self {
            is_nullable,
            values: values.map(|values| values.iter().filter(|value| !value.is_null()).map(Value::to_string).collect()),
            minimum: number("minimum").or_else(|| number("exclusiveMinimum")),
            maximum: number("maximum").or_else(|| number("exclusiveMaximum")),
            shortest: count("minLength").or_else(|| count("minItems")),
            longest: count("maxLength").or_else(|| count("maxItems")),
            pattern: text("pattern"),
            // JSON that says it is JSON is not bytes.
            media: text("contentType")
                .filter(|media| media != "application/json")
                .or_else(|| is_binary.then(|| "binary".to_owned())),
            format: format.filter(|_| !is_binary),
            default: schema.get("default").map(Value::to_string),
            fields: fields(schema),
            is_closed: schema.get("additionalProperties") == Some(&Value::Bool(false)),
            items: schema.get("items").map(|items| Box::new(Self::read(items))),
            arms: Vec::new(),
            kinds,
        }
    }

    fn is_null(&self) -> bool {
        self.kinds.iter().eq(["null"]) && self.arms.is_empty()
    }

    /// The arms of a union, or the shape itself as the only one.
    pub(crate) fn variants(&self) -> Vec<Arm> {
        if self.arms.is_empty() { vec![Arm { title: None, shape: self.clone() }] } else { self.arms.clone() }
    }

    /// The names of the required fields.
    pub(crate) fn required(&self) -> BTreeSet<&str> {
        self.fields.iter().filter(|(_, field)| field.is_required).map(|(name, _)| name.as_str()).collect()
    }

    /// A few words for a reader: `string`, `array of integer`, `string or array of object`.
    pub(crate) fn describe(&self) -> String {
        if !self.arms.is_empty() {
            let arms: Vec<String> = self.arms.iter().map(|arm| arm.shape.describe()).collect();
            let mut distinct: Vec<String> = Vec::new();
            for arm in arms {
                if !distinct.contains(&arm) {
                    distinct.push(arm);
                }
            }
            return distinct.join(" or ");
        }
        if let Some(values) = &self.values {
            return match values.as_slice() {
                [only] => only.clone(),
                several => format!("one of {}", several.join(", ")),
            };
        }
        let kinds: Vec<String> = self
            .kinds
            .iter()
            .map(|kind| match &self.items {
                Some(items) if kind == "array" => format!("array of {}", items.describe()),
                _ => kind.clone(),
            })
            .collect();
        match (&self.media, kinds.is_empty()) {
            (Some(media), _) => format!("bytes ({media})"),
            (None, true) => "anything".to_owned(),
            (None, false) => kinds.join(" or "),
        }
    }
}

fn kinds(schema: &Map<String, Value>, values: Option<&[Value]>) -> BTreeSet<String> {
    match schema.get("type") {
        Some(Value::String(kind)) => BTreeSet::from([kind.clone()]),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ if schema.contains_key("properties") || schema.contains_key("required") => {
            BTreeSet::from(["object".to_owned()])
        }
        _ if schema.contains_key("items") => BTreeSet::from(["array".to_owned()]),
        _ => values.unwrap_or_default().iter().map(|value| kind_of(value).to_owned()).collect(),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn fields(schema: &Map<String, Value>) -> BTreeMap<String, Field> {
    let required: BTreeSet<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let field = Field { shape: Shape::read(schema), is_required: required.contains(name.as_str()) };
            (name.clone(), field)
        })
        .collect()
}

/// An arm with what stands beside its union.
fn merged(parent: &Map<String, Value>, arm: &Value) -> Map<String, Value> {
    const OWN: &[&str] = &["oneOf", "anyOf", "title", "default"];
    let mut merged = parent.clone();
    merged.retain(|keyword, _| !OWN.contains(&keyword.as_str()));
    let Some(arm) = arm.as_object() else { return merged };
    for (keyword, value) in arm {
        match (merged.get_mut(keyword), value) {
            (Some(Value::Object(before)), Value::Object(more)) if keyword == "properties" => {
                before.extend(more.iter().map(|(name, schema)| (name.clone(), schema.clone())));
            }
            (Some(Value::Array(before)), Value::Array(more)) if keyword == "required" => {
                before.extend(more.iter().cloned());
            }
            _ => {
                merged.insert(keyword.clone(), value.clone());
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(schema: Value, expected: &str) {
        assert_eq!(Shape::read(&schema).describe(), expected);
    }

    #[test]
    fn shapes_are_described_in_words() {
        check(json!({"type": "string"}), "string");
        check(json!({"type": ["string", "null"]}), "string");
        check(json!({"items": {"type": "integer"}}), "array of integer");
        check(json!({"enum": ["a", "b"]}), "one of \"a\", \"b\"");
        check(json!({"type": "string", "contentType": "audio/mpeg"}), "bytes (audio/mpeg)");
        check(json!({}), "anything");
        check(
            json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}, {"type": "null"}]}),
            "string or array of object",
        );
        check(json!({"anyOf": [{"type": "string"}]}), "string");
    }

    #[test]
    fn what_stands_beside_a_union_belongs_to_every_arm() {
        let shape = Shape::read(&json!({
            "type": "object", "properties": {"shared": {"type": "string"}, "prompt": {"type": "string"}},
            "oneOf": [{"title": "Prompt", "required": ["prompt"]}, {"required": ["shared"]}]
        }));
        let arms = shape.variants();
        let required: Vec<_> = arms.iter().map(|arm| arm.shape.required()).collect();
        assert_eq!(required, [BTreeSet::from(["prompt"]), BTreeSet::from(["shared"])]);
        assert!(arms.iter().all(|arm| arm.shape.fields.contains_key("shared")));
    }

    #[test]
    fn null_is_no_arm() {
        let shape = Shape::read(&json!({"anyOf": [{"type": "integer"}, {"type": "null"}]}));
        assert!(shape.is_nullable && shape.arms.is_empty());
    }
}
