//! Requests to show in documentation: what a model requires, and one parameter more.

use serde_json::{Map, Value, json};

use crate::canonical::{Canonical, Form};

/// Words to ask with, by modality and field. Where none is meant for the modality, the first of the field will do.
const WORDS: &[(&str, &str, &str)] = &[
    ("text-generation", "prompt", "Why is the sky blue?"),
    ("text-to-image", "prompt", "A lighthouse at dusk, in watercolour"),
    ("image-to-text", "prompt", "What is in this picture?"),
    ("text-to-speech", "prompt", "Good morning!"),
    ("text-to-speech", "text", "Good morning!"),
    ("text-classification", "text", "What a lovely surprise."),
    ("translation", "text", "Good morning!"),
    ("text-embeddings", "text", "The sea was calm."),
    ("summarization", "input_text", "Rayleigh scattering turns sunlight blue: short waves are scattered the most."),
    ("automatic-speech-recognition", "language", "en"),
    ("automatic-speech-recognition", "keyterm", "Lisbon"),
    ("translation", "source_lang", "en"),
    ("translation", "target_lang", "fr"),
    ("text-classification", "query", "Which animal barks?"),
    ("text-embeddings", "query", "Which animal barks?"),
    ("text-embeddings", "queries", "Which animal barks?"),
    ("text-embeddings", "documents", "A dog barks."),
    ("image-to-text", "image", "https://example.com/cat.png"),
    ("image-to-text", "question", "What is in this picture?"),
    ("image-to-text", "target", "cat"),
    ("text-generation", "instructions", "Is this a question?"),
];

/// Parameters worth showing, best first.
const SHOWN: &[&str] = &[
    "temperature",
    "guidance",
    "num_steps",
    "steps",
    "source_lang",
    "language",
    "pooling",
    "smart_format",
    "speaker",
    "max_length",
    "truncate_inputs",
    "top_k",
    "caption_length",
    "eot_threshold",
    "lang",
    "width",
];

/// What to ask with where nothing is required.
const ASKED: &[&str] = &["image", "question", "queries", "text", "prompt", "messages", "audio", "query"];

/// A request of the form that is shown: a conversation where there can be one, else the first.
pub(super) fn sample(modality: &str, canonical: &Canonical) -> Option<Map<String, Value>> {
    let forms = &canonical.request.forms;
    of_form(modality, forms.get("messages").or_else(|| forms.values().next())?)
}

/// A request of one form.
pub(super) fn of_form(modality: &str, form: &Form) -> Option<Map<String, Value>> {
    let properties = form.schema.get("properties")?.as_object()?;
    let required = form.schema.get("required").and_then(Value::as_array);
    let mut request = Map::new();
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        request.insert(name.to_owned(), value(modality, name, properties.get(name)?)?);
    }
    if request.is_empty() {
        let asked = ASKED.iter().filter_map(|name| Some((name, value(modality, name, properties.get(*name)?)?)));
        request.extend(
            asked
                .take(if modality == "image-to-text" { 2 } else { 1 })
                .map(|(name, value)| ((*name).to_owned(), value)),
        );
    }
    let shown = SHOWN.iter().filter(|name| !request.contains_key(**name)).find_map(|name| {
        let schema = properties.get(*name).filter(|schema| is_telling(schema))?;
        Some((*name, value(modality, name, schema)?))
    });
    request.extend(shown.map(|(name, value)| (name.to_owned(), value)));
    Some(request)
}

/// A value that the schema takes and a reader understands.
fn value(modality: &str, name: &str, schema: &Value) -> Option<Value> {
    if let Some(default) = schema.get("default") {
        return Some(default.clone());
    }
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return Some(first.clone());
    }
    let rust = schema.get("x-rust").and_then(Value::as_str).unwrap_or_default();
    if rust.starts_with("crate::Messages") {
        let question = json!({"role": "user", "content": words(modality, "prompt")});
        // A guard judges what is said, and takes no instructions.
        return Some(match rust.contains("Guard") {
            true => json!([question]),
            false => json!([{"role": "system", "content": "Answer in one sentence."}, question]),
        });
    }
    if ["Base64", "ByteArray", "Media"].iter().any(|bytes| rust.ends_with(bytes)) {
        // Written as the reading of a file.
        return Some(json!(""));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(arms) = schema.get(keyword).and_then(Value::as_array) {
            return arms.iter().find_map(|arm| value(modality, name, arm));
        }
    }
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    Some(match schema.get("type").and_then(Value::as_str)? {
        "boolean" => json!(true),
        "integer" => schema.get("maximum").or_else(|| schema.get("minimum")).cloned().unwrap_or(json!(1)),
        "number" => json!((number("minimum").unwrap_or(0.0) + number("maximum").unwrap_or(1.0)) / 2.0),
        "string" => json!(words(modality, name)),
        "array" => json!([value(modality, name, schema.get("items")?)?]),
        "object" => object(modality, name, schema)?,
        _ => return None,
    })
}

/// Whether a value of the schema would not be a guess: a number needs a default or an upper bound.
fn is_telling(schema: &Value) -> bool {
    let is_number = matches!(schema.get("type").and_then(Value::as_str), Some("number" | "integer"));
    !is_number || ["default", "maximum"].iter().any(|keyword| schema.get(*keyword).is_some())
}

fn object(modality: &str, name: &str, schema: &Value) -> Option<Value> {
    let mut members = Map::new();
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        // An object that requires nothing would say nothing.
        let wanted = |property: &str| required.contains(&property) || (required.is_empty() && properties.len() == 1);
        for (property, schema) in properties.iter().filter(|(property, _)| wanted(property)) {
            members.insert(property.clone(), value(modality, property, schema)?);
        }
    } else if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        members.insert("first".to_owned(), value(modality, name, values)?);
    }
    Some(Value::Object(members))
}

fn words(modality: &str, name: &str) -> &'static str {
    let here = WORDS.iter().find(|(where_, field, _)| *where_ == modality && *field == name);
    let found = here.or_else(|| WORDS.iter().find(|(_, field, _)| *field == name));
    found.map_or("Good morning!", |(_, _, words)| words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::canonical::{Request, Transport};

    #[track_caller]
    fn check(schema: Value, expected: Value) {
        check_in("text-embeddings", schema, expected);
    }

    #[track_caller]
    fn check_in(modality: &str, schema: Value, expected: Value) {
        assert_eq!(sampled(modality, schema), Some(expected));
    }

    fn sampled(modality: &str, schema: Value) -> Option<Value> {
        let forms = BTreeMap::from([("default".to_owned(), Form { transport: Transport::Json, schema })]);
        let canonical = Canonical { request: Request { forms, batch: None }, ..Canonical::default() };
        sample(modality, &canonical).map(Value::Object)
    }

    #[test]
    fn what_is_required_and_one_parameter_more_are_shown() {
        check(
            json!({"type": "object", "required": ["text"], "properties": {
                "text": {"type": "string"},
                "pooling": {"type": "string", "enum": ["mean", "cls"]},
                "user": {"type": "string"},
            }}),
            json!({"text": "The sea was calm.", "pooling": "mean"}),
        );
        check(
            json!({"type": "object", "required": ["contexts"], "properties": {
                "contexts": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "string"}}}},
                "temperature": {"type": "number", "minimum": 0, "maximum": 5},
            }}),
            json!({"contexts": [{"text": "The sea was calm."}], "temperature": 2.5}),
        );
    }

    /// The value of one required field.
    #[track_caller]
    fn check_value(name: &str, schema: Value, expected: Value) {
        let form = json!({"type": "object", "required": [name], "properties": {name: schema}});
        check_in("translation", form, json!({name: expected}));
    }

    #[test]
    fn values_fit_their_schema() {
        check_value("a", json!({"type": "boolean"}), json!(true));
        check_value("a", json!({"type": "integer", "minimum": 2, "maximum": 9}), json!(9));
        check_value("a", json!({"type": "integer", "minimum": 2}), json!(2));
        check_value("a", json!({"type": "integer"}), json!(1));
        check_value("a", json!({"type": "number"}), json!(0.5));
        check_value("a", json!({"type": "number", "minimum": 2, "maximum": 3}), json!(2.5));
        check_value("a", json!({"type": "string"}), json!("Good morning!"));
        check_value("source_lang", json!({"type": "string"}), json!("en"));
        // Of another modality, but of the same name.
        check_value("keyterm", json!({"type": "string"}), json!("Lisbon"));
        check_value("prompt", json!({"type": "string"}), json!("Why is the sky blue?"));
        check_value("a", json!({"type": "string", "enum": ["x", "y"]}), json!("x"));
        check_value("a", json!({"type": "string", "enum": ["x"], "default": "y"}), json!("y"));
        check_value("a", json!({"type": "array", "items": {"type": "boolean"}}), json!([true]));
        check_value("a", json!({"type": "string", "x-rust": "::workers_ai_client::Base64"}), json!(""));
        check_value("a", json!({"anyOf": [{"type": "unheard"}, {"type": "integer"}]}), json!(1));
        check_value("a", json!({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}), json!(true));
    }

    #[test]
    fn objects_show_what_they_require_or_their_only_field() {
        let (flag, word) = (json!({"type": "boolean"}), json!({"type": "string"}));
        let object = |required: Value, properties: Value| json!({"type": "object", "required": required, "properties": properties});
        check_value("a", object(json!(["x"]), json!({"x": flag, "y": word})), json!({"x": true}));
        check_value("a", object(json!([]), json!({"x": flag})), json!({"x": true}));
        check_value("a", object(json!([]), json!({"x": flag, "y": word})), json!({}));
        check_value("a", object(json!(["y"]), json!({"y": word})), json!({"y": "Good morning!"}));
        check_value("a", json!({"type": "object", "additionalProperties": flag}), json!({"first": true}));
        check_value("a", json!({"type": "object", "additionalProperties": false}), json!({}));
    }

    #[test]
    fn where_nothing_is_required_something_is_asked_all_the_same() {
        let properties =
            json!({"question": {"type": "string"}, "image": {"type": "string"}, "text": {"type": "string"}});
        let form = json!({"type": "object", "properties": properties});
        check_in(
            "image-to-text",
            form.clone(),
            json!({"image": "https://example.com/cat.png", "question": "What is in this picture?"}),
        );
        check_in("translation", form, json!({"image": "https://example.com/cat.png"}));
        assert_eq!(sampled("translation", json!({"type": "object", "required": ["a"], "properties": {"a": {}}})), None);
        assert_eq!(sampled("translation", json!({"type": "object"})), None);
    }

    #[test]
    fn a_number_is_shown_beside_only_where_its_bounds_tell() {
        let beside = |schema: Value| {
            let properties = json!({"text": {"type": "string"}, "steps": schema});
            sampled("translation", json!({"type": "object", "required": ["text"], "properties": properties}))
        };
        let shown = |steps: Value| Some(json!({"text": "Good morning!", "steps": steps}));
        let alone = Some(json!({"text": "Good morning!"}));
        assert_eq!(beside(json!({"type": "integer", "maximum": 8})), shown(json!(8)));
        assert_eq!(beside(json!({"type": "integer", "default": 4})), shown(json!(4)));
        assert_eq!(beside(json!({"type": "integer", "minimum": 1})), alone);
        assert_eq!(beside(json!({"type": "number"})), alone);
        assert_eq!(beside(json!({"type": "string"})), shown(json!("Good morning!")));
        // What is required is there already.
        let form = json!({"type": "object", "required": ["steps"], "properties": {"steps": {"type": "integer"}, "width": {"type": "integer", "maximum": 8}}});
        check_in("translation", form, json!({"steps": 1, "width": 8}));
    }

    #[test]
    fn conversations_begin_with_instructions_unless_they_are_judged() {
        let question = json!({"role": "user", "content": "Why is the sky blue?"});
        let form = |rust: &str| json!({"type": "object", "required": ["messages"], "properties": {"messages": {"type": "array", "x-rust": rust}}});
        check_in(
            "text-generation",
            form("crate::Messages<crate::Text, crate::Classic>"),
            json!({"messages": [{"role": "system", "content": "Answer in one sentence."}, question]}),
        );
        check_in(
            "text-generation",
            form("crate::Messages<crate::Text, crate::Guard>"),
            json!({"messages": [question]}),
        );
    }
}
