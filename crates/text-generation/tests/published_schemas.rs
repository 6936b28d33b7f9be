//! Holds the chat vocabulary against the schemas that the models publish: what they accept is read and sends back as
//! something they accept, what they reject is refused.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

use std::{collections::BTreeMap, fmt::Debug, fs, path::Path};

use jsonschema::Validator;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use workers_ai_text_generation::{
    Classic, Guard, Lenient, LenientList, Messages, Plain, ResponseFormat, Strict, Text, ToolChoice, Tools, Vision,
};

/// Every schema published anywhere for a parameter of this name, once each, with the models that publish it.
fn published(parameter: &str) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")];
    while let Some(folder) = folders.pop() {
        // A checkout without links has no schemas here.
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let facts: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
                if let (Some(model), Some(input)) = (facts["id"].as_str(), facts.pointer("/schema/input")) {
                    collect(input, parameter, model, &mut found);
                }
            }
        }
    }
    found
}

fn collect(schema: &Value, parameter: &str, model: &str, found: &mut BTreeMap<String, Vec<String>>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(properties) if name == "properties" => {
                        for (property, value) in properties {
                            if property == parameter {
                                let models = found.entry(value.to_string()).or_default();
                                if models.last().is_none_or(|last| last != model) {
                                    models.push(model.to_owned());
                                }
                            } else {
                                collect(value, parameter, model, found);
                            }
                        }
                    }
                    _ => collect(value, parameter, model, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, parameter, model, found)),
        _ => {}
    }
}

/// Reads and writes one value; `None` when it is refused on either way.
type Roundtrip = fn(&Value) -> Option<Value>;

fn roundtrip<T: DeserializeOwned + Serialize + Debug>(value: &Value) -> Option<Value> {
    serde_json::from_value::<T>(value.clone()).ok().map(|read| serde_json::to_value(&read).unwrap())
}

/// `seen` is `value` as the service reads it: without nulls.
#[track_caller]
fn check(schema: &Validator, roundtrip: Roundtrip, value: &Value, seen: &Value, models: &[String]) {
    let written = roundtrip(value);
    assert_eq!(
        written.is_some(),
        schema.is_valid(seen),
        "{models:?} disagree about {value}: {:?}",
        schema.validate(seen).err().map(|error| error.to_string())
    );
    if schema.is_valid(value) {
        assert!(written.is_some(), "{models:?} accept {value}");
    }
    if let Some(written) = written {
        assert!(schema.is_valid(&written), "{models:?} reject {written}, read from {value}");
        assert_eq!(roundtrip(&written).as_ref(), Some(&written), "reading again changes {value}");
    }
}

/// The rules under which a published schema is carried, told by its traits.
fn rules_of(messages: &Value) -> Roundtrip {
    let item = &messages["items"];
    let content = &item["properties"]["content"];
    let sees = content.pointer("/oneOf/1/items/properties/image_url").is_some();
    match (content["type"].as_str(), content["maxLength"].as_u64()) {
        _ if item["oneOf"].is_array() => roundtrip::<Messages<Vision, Strict>>,
        _ if item["properties"]["role"]["enum"].is_array() => roundtrip::<Messages<Text, Guard>>,
        (Some("string"), None) => roundtrip::<Messages<Text, Plain>>,
        (Some("string"), Some(131_072)) => roundtrip::<Messages<Text, Plain<131_072>>>,
        _ if sees && content.pointer("/oneOf/2").is_some() => roundtrip::<Messages<Vision, Lenient>>,
        _ if sees => roundtrip::<Messages<Vision, LenientList>>,
        // A text-only model refuses images that its schema would let pass, as fields it does not know.
        _ => roundtrip::<Messages<Text, Classic>>,
    }
}

fn contents() -> Vec<Option<Value>> {
    let parts = [
        json!({}),
        json!({"type": "zzz"}),
        json!({"type": 5}),
        json!({"type": null, "text": null}),
        json!({"type": "text", "text": "sea"}),
        json!({"type": "text"}),
        json!({"text": "sea"}),
        json!({"text": 5}),
        json!({"type": "text", "text": "sea", "cache": true}),
        json!({"type": "refusal", "refusal": "no"}),
        json!({"type": "refusal"}),
        json!({"type": "refusal", "refusal": 5}),
        json!("sea"),
    ];
    let mut contents =
        vec![None, Some(Value::Null), Some(json!("sea")), Some(json!("")), Some(json!(5)), Some(json!([]))];
    contents.push(Some(json!([5])));
    for part in parts {
        contents.push(Some(part.clone()));
        contents.push(Some(json!([part])));
        contents.push(Some(json!([{"type": "text", "text": "sky"}, part])));
    }
    contents
}

fn attachments() -> Vec<Option<Value>> {
    let parts = [
        json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}),
        json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}}),
        json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "zzz"}}),
        json!({"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}),
        json!({"type": "image_url", "image_url": {"url": 5}}),
        json!({"type": "image_url", "image_url": {"url": null}}),
        json!({"type": "image_url", "image_url": {}}),
        json!({"type": "image_url", "image_url": "x"}),
        json!({"type": "image_url"}),
        json!({"type": "text", "text": "sea", "image_url": {"url": "data:,"}}),
        json!({"type": "text", "text": "sea", "image_url": {"url": "zzz"}}),
        json!({"image_url": {"url": "data:,"}}),
        json!({"type": "video_url", "video_url": {"url": "https://example.com/cat.mp4"}}),
        json!({"type": "video_url", "video_url": {}}),
        json!({"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}),
        json!({"type": "input_audio", "input_audio": {"data": "AA==", "format": "zzz"}}),
        json!({"type": "input_audio", "input_audio": {"data": 5}}),
        json!({"type": "input_audio", "input_audio": {}}),
        json!({"type": "file", "file": {"file_id": "a"}}),
        json!({"type": "file", "file": {"filename": 5}}),
        json!({"type": "file", "file": {}}),
        json!({"type": "file", "file": {"zzz": 5}}),
    ];
    parts.into_iter().flat_map(|part| [Some(json!([part])), Some(part)]).collect()
}

fn roles() -> Vec<Option<Value>> {
    let names = ["system", "developer", "user", "assistant", "tool", "function", "zzz", ""];
    [None, Some(Value::Null), Some(json!(7))].into_iter().chain(names.map(|name| Some(json!(name)))).collect()
}

fn extras() -> Vec<Value> {
    let call = json!({"id": "a", "type": "function", "function": {"name": "now", "arguments": "{}"}});
    vec![
        json!({}),
        json!({"zzz": 5}),
        json!({"zzz": null}),
        json!({"name": "Ada"}),
        json!({"name": 5}),
        json!({"name": null}),
        json!({"tool_call_id": "abcdefghi"}),
        json!({"tool_call_id": "call_1234"}),
        json!({"tool_call_id": "chatcmpl-tool-0123456789"}),
        json!({"tool_call_id": 5}),
        json!({"tool_calls": []}),
        json!({"tool_calls": [call]}),
        json!({"tool_calls": [{"id": "a", "type": "custom", "custom": {"name": "draw", "input": "a cat"}}]}),
        json!({"tool_calls": [{"id": "a", "type": "zzz", "function": {"name": "now", "arguments": "{}"}}]}),
        json!({"tool_calls": [{"id": "a", "type": "function", "function": {"name": "now"}}]}),
        json!({"tool_calls": [{"id": "a", "type": "function", "function": {"name": "now", "arguments": {}}}]}),
        json!({"tool_calls": [{"type": "function", "function": {"name": "now", "arguments": "{}"}}]}),
        json!({"tool_calls": [{"name": "now", "arguments": {}}]}),
        json!({"tool_calls": [5]}),
        json!({"tool_calls": "x"}),
        json!({"refusal": "no"}),
        json!({"refusal": 5}),
        json!({"refusal": null}),
        json!({"function_call": {"name": "now", "arguments": "{}"}}),
        json!({"function_call": {"name": "now"}}),
        json!({"function_call": 5}),
        json!({"audio": {"id": "a"}}),
        json!({"audio": {}}),
        json!({"reasoning": "because"}),
        json!({"reasoning": 5}),
        json!({"name": "Ada", "tool_call_id": "abcdefghi"}),
    ]
}

/// The message as the service reads it: a null is nothing, in the message and in its parts.
fn without_nulls(message: &Value) -> Value {
    let mut message = message.clone();
    if let Some(message) = message.as_object_mut() {
        message.retain(|_, value| !value.is_null());
        match message.get_mut("content") {
            Some(Value::Array(parts)) => parts.iter_mut().for_each(strip),
            Some(part) => strip(part),
            None => {}
        }
    }
    message
}

fn strip(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(strip);
    }
}

#[test]
fn conversations_agree_with_every_published_schema() {
    for (schema, models) in published("messages") {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let roundtrip = rules_of(&schema);
        let sees = schema.to_string().contains("image_url");
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut contents = contents();
        if sees {
            contents.extend(attachments());
        }
        for value in [json!([]), json!({}), json!(5), json!([5]), json!([[]]), json!([null])] {
            check(&validator, roundtrip, &value, &value, &models);
        }
        for role in roles() {
            for content in &contents {
                for extra in extras() {
                    let mut message: Map<String, Value> = extra.as_object().unwrap().clone();
                    message.extend(role.clone().map(|role| ("role".to_owned(), role)));
                    message.extend(content.clone().map(|content| ("content".to_owned(), content)));
                    let message = Value::Object(message);
                    let seen = json!([without_nulls(&message)]);
                    check(&validator, roundtrip, &json!([message]), &seen, &models);
                }
            }
        }
    }
}

#[test]
fn long_texts_agree_with_every_published_schema() {
    for (schema, models) in published("messages") {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for length in [131_072, 131_073] {
            let value = json!([{"role": "user", "content": "ü".repeat(length)}]);
            check(&validator, rules_of(&schema), &value, &value, &models);
        }
    }
}

#[test]
fn tools_agree_with_every_published_schema() {
    let parameters = [
        None,
        Some(json!({})),
        Some(json!(5)),
        Some(json!({"type": "object"})),
        Some(json!({"type": "object", "properties": {}})),
        Some(json!({"type": ["object"], "properties": {}})),
        Some(json!({"type": "object", "properties": {"city": {"type": "string", "description": "City"}}})),
        Some(json!({"type": "object", "properties": {"city": {"type": "string"}}})),
        Some(json!({"type": "object", "properties": {"city": {"type": ["string", "null"], "description": "City"}}})),
        Some(json!({"type": "object", "properties": {"city": true}})),
        Some(json!({"type": "object", "properties": {}, "required": ["city"]})),
        Some(json!({"type": "object", "properties": {}, "required": [5]})),
        Some(json!({"type": "object", "properties": {"a": {"type": "string", "description": "A", "default": null}}})),
    ];
    let mut tools = vec![json!(5), json!("now"), json!([])];
    for name in [None, Some(json!("now")), Some(json!(5))] {
        for description in [None, Some(json!("The time")), Some(json!(5))] {
            for parameters in &parameters {
                for strict in [None, Some(json!(true)), Some(json!("x"))] {
                    let fields = [
                        ("name", name.clone()),
                        ("description", description.clone()),
                        ("parameters", parameters.clone()),
                        ("strict", strict),
                    ];
                    let function: Map<String, Value> =
                        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
                    tools.push(Value::Object(function.clone()));
                    for kind in
                        [None, Some(json!("function")), Some(json!("custom")), Some(json!("zzz")), Some(json!(5))]
                    {
                        for key in ["function", "custom"] {
                            let mut tool = json!({key: function});
                            if let Some(kind) = &kind {
                                tool["type"] = kind.clone();
                            }
                            tools.push(tool.clone());
                            let mut both = Value::Object(function.clone());
                            both.as_object_mut().unwrap().extend(tool.as_object().unwrap().clone());
                            tools.push(both);
                        }
                    }
                }
            }
        }
    }
    for format in [
        json!({"type": "text"}),
        json!({"type": "zzz"}),
        json!({"type": "grammar"}),
        json!({"type": "grammar", "grammar": {"syntax": "lark", "definition": "x"}}),
        json!({"type": "grammar", "grammar": {"syntax": "zzz", "definition": "x"}}),
        json!(5),
    ] {
        tools.push(json!({"type": "custom", "custom": {"name": "draw", "format": format}}));
    }
    for (schema, models) in published("tools") {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let roundtrip: Roundtrip = match schema.pointer("/items/oneOf/1/properties/custom") {
            Some(_) => roundtrip::<Tools<Strict>>,
            None if schema["items"]["oneOf"].is_array() => roundtrip::<Tools<Classic>>,
            // The tools that a choice leaves over.
            None => continue,
        };
        let validator = jsonschema::validator_for(&schema).unwrap();
        for value in [json!([]), json!(5), json!({})] {
            check(&validator, roundtrip, &value, &value, &models);
        }
        for tool in &tools {
            let value = json!([tool]);
            check(&validator, roundtrip, &value, &value, &models);
        }
    }
}

#[test]
fn tool_choices_agree_with_every_published_schema() {
    for (schema, models) in published("tool_choice") {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for value in [
            json!("auto"),
            json!("none"),
            json!("required"),
            json!("zzz"),
            json!(5),
            json!({}),
            json!([]),
            json!({"type": "function"}),
            json!({"type": "function", "function": {}}),
            json!({"type": "function", "function": {"name": "now"}}),
            json!({"type": "function", "function": {"name": "now"}, "zzz": 5}),
            json!({"type": "function", "function": {"name": 5}}),
            json!({"type": "custom", "custom": {"name": "draw"}}),
            json!({"type": "custom", "function": {"name": "draw"}}),
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}),
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "zzz", "tools": []}}),
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "auto"}}),
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [{"name": "now"}]}}),
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [5]}}),
            json!({"type": "zzz"}),
        ] {
            check(&validator, roundtrip::<ToolChoice>, &value, &value, &models);
        }
    }
}

#[test]
fn response_formats_agree_with_every_published_schema() {
    for (schema, models) in published("response_format") {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let roundtrip: Roundtrip = if schema["anyOf"].is_array() {
            roundtrip::<ResponseFormat<Strict>>
        } else if schema.pointer("/properties/type/enum").is_some() {
            roundtrip::<ResponseFormat<Classic>>
        } else {
            roundtrip::<ResponseFormat<Guard>>
        };
        let validator = jsonschema::validator_for(&schema).unwrap();
        for value in [
            json!({}),
            json!(5),
            json!("json_object"),
            json!({"type": "text"}),
            json!({"type": "zzz"}),
            json!({"type": 5}),
            json!({"type": "json_object"}),
            json!({"type": "json_object", "json_schema": {"type": "object"}}),
            json!({"type": "json_schema"}),
            json!({"type": "json_schema", "json_schema": true}),
            json!({"type": "json_schema", "json_schema": {"type": "object"}}),
            json!({"type": "json_schema", "json_schema": {"name": "place", "schema": {"type": "object"}}}),
            json!({"type": "json_schema", "json_schema": {"name": "place"}}),
            json!({"type": "json_schema", "json_schema": {"name": 5}}),
            json!({"type": "json_schema", "json_schema": {"name": "place", "strict": null}}),
            json!({"type": "json_schema", "json_schema": {"name": "place", "strict": 5}}),
            json!({"type": "json_schema", "json_schema": {"name": "place", "schema": 5}}),
            json!({"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}),
            json!({"json_schema": {"type": "object"}, "zzz": 5}),
        ] {
            check(&validator, roundtrip, &value, &value, &models);
        }
    }
}
