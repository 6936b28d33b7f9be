//! Takes the prose out of published schemas: what is left are names, types, bounds, values and defaults.

use serde_json::{Map, Value};

use crate::catalogue::keyword::{Holds, holds};

/// The facts of a published schema. Unknown keywords stay as they are; what is not a schema is not touched.
pub(crate) fn strip(schema: Value) -> Value {
    strip_at(schema, false)
}

fn strip_at(schema: Value, is_arm: bool) -> Value {
    match schema {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .filter(|(keyword, value)| is_fact(keyword, value, is_arm))
                .map(|(keyword, value)| {
                    let value = strip_keyword(&keyword, value);
                    (keyword, value)
                })
                .collect(),
        ),
        other => other,
    }
}

fn is_fact(keyword: &str, value: &Value, is_arm: bool) -> bool {
    match keyword {
        "description" | "examples" | "$comment" => false,
        // A title is prose, but for the arms of a union it is the only name there is.
        "title" => is_arm && value.is_string(),
        _ => true,
    }
}

fn strip_keyword(keyword: &str, value: Value) -> Value {
    match (holds(keyword), value) {
        (Holds::Schema, Value::Array(list)) => list.into_iter().map(strip).collect(),
        (Holds::Schema, schema) => strip(schema),
        (Holds::Arms, Value::Array(arms)) => arms.into_iter().map(|arm| strip_at(arm, true)).collect(),
        (Holds::NamedSchemas, Value::Object(named)) => {
            Value::Object(named.into_iter().map(|(name, schema)| (name, strip(schema))).collect::<Map<_, _>>())
        }
        (Holds::Data, Value::Array(names)) if keyword == "required" => sorted(names),
        (_, value) => value,
    }
}

/// The order of required names carries no meaning; the order of an enum might.
fn sorted(mut names: Vec<Value>) -> Value {
    if names.iter().all(Value::is_string) {
        names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
    Value::Array(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(published: Value, facts: Value) {
        assert_eq!(strip(published), facts);
    }

    #[test]
    fn prose_goes_and_facts_stay() {
        check(
            json!({"title": "JSON Mode", "description": "…", "examples": [1], "$comment": "…", "type": "number", "default": 2, "x-vendor": {"description": "kept"}}),
            json!({"type": "number", "default": 2, "x-vendor": {"description": "kept"}}),
        );
    }

    #[test]
    fn properties_called_like_keywords_stay() {
        let published = json!({"properties": {
            "description": {"type": "string", "description": "…"}, "title": {"type": "string", "title": "…"},
            "examples": {"type": "array", "items": {"description": "…"}}, "default": {"type": "integer"}
        }});
        check(
            published,
            json!({"properties": {
                "description": {"type": "string"}, "title": {"type": "string"},
                "examples": {"type": "array", "items": {}}, "default": {"type": "integer"}
            }}),
        );
    }

    #[test]
    fn titles_name_the_arms_of_unions_only() {
        check(
            json!({"title": "x", "oneOf": [{"title": "Prompt", "properties": {"a": {"title": "x"}}}], "anyOf": [{"title": 3}]}),
            json!({"oneOf": [{"title": "Prompt", "properties": {"a": {}}}], "anyOf": [{}]}),
        );
    }

    #[test]
    fn required_is_sorted_and_enums_are_not() {
        check(json!({"required": ["b", "a"], "enum": ["b", "a"]}), json!({"required": ["a", "b"], "enum": ["b", "a"]}));
    }

    #[test]
    fn defaults_that_look_like_schemas_are_data() {
        check(
            json!({"default": {"description": "a value"}, "enum": [{"title": "a value"}]}),
            json!({"default": {"description": "a value"}, "enum": [{"title": "a value"}]}),
        );
    }

    #[test]
    fn nonsense_is_left_for_the_validity_check() {
        check(json!({"properties": {"required": ["x"]}}), json!({"properties": {"required": ["x"]}}));
        check(json!({"properties": 7, "oneOf": 8, "items": true}), json!({"properties": 7, "oneOf": 8, "items": true}));
    }
}
