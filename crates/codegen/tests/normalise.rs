//! From published schemas to canonical documents: forms, batches, reply kinds, and what is refused.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use workers_ai_codegen::{Schemas, normalise};

#[track_caller]
fn canonical(input: Value, output: Value) -> Value {
    serde_json::to_value(normalise(&Schemas { input, output }).unwrap()).unwrap()
}

#[track_caller]
fn check_form(input: Value, expected: &Value) {
    let document = canonical(input, json!({"type": "object"}));
    assert_eq!(document.pointer("/request/forms").unwrap(), expected);
}

#[track_caller]
fn check_refused(input: Value, expected: &[&str]) {
    let problems = normalise(&Schemas { input, output: json!({}) }).unwrap_err();
    let found: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

fn text() -> Value {
    json!({"type": "string"})
}

#[test]
fn a_plain_object_is_the_default_form() {
    check_form(
        json!({"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}),
        &json!({"default": {"transport": "json", "schema": {
            "type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]
        }}}),
    );
}

#[test]
fn titles_name_the_forms_and_overlapping_branches_are_told_apart() {
    let document = canonical(
        json!({"type": "object", "oneOf": [
            {"title": "Prompt", "properties": {"prompt": text()}, "required": ["prompt"]},
            {"title": "Messages", "properties": {"messages": {"type": "array"}}, "required": ["messages"]},
        ]}),
        json!({}),
    );
    let forms: Vec<&String> = document.pointer("/request/forms").unwrap().as_object().unwrap().keys().collect();
    assert_eq!(forms, ["messages", "prompt"]);
}

#[test]
fn a_branch_with_requests_is_the_batch_and_names_the_forms_it_takes() {
    let prompt = json!({"properties": {"prompt": text()}, "required": ["prompt"]});
    let document = canonical(
        json!({"type": "object", "oneOf": [prompt, {"properties": {"requests": {"type": "array", "items": prompt}}}]}),
        json!({}),
    );
    assert_eq!(document.pointer("/request/batch").unwrap(), &json!({"forms": ["default"]}));
}

#[test]
fn a_batch_of_other_items_has_a_schema_of_its_own() {
    let document = canonical(
        json!({"oneOf": [
            {"properties": {"prompt": text(), "seed": {"type": "integer"}}, "required": ["prompt"]},
            {"properties": {"requests": {"type": "array", "items": {"type": "object", "properties": {"prompt": text(), "external_reference": text()}}}}},
        ]}),
        json!({}),
    );
    assert_eq!(
        document.pointer("/request/batch").unwrap(),
        &json!({"schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}})
    );
}

#[test]
fn null_arms_and_single_arms_disappear() {
    check_form(
        json!({"type": "object", "properties": {"seed": {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "user": {"type": ["string", "null"]}}}),
        &json!({"default": {"transport": "json", "schema": {"type": "object", "properties": {
            "seed": {"type": "integer"}, "user": {"type": "string"}
        }}}}),
    );
}

#[test]
fn raw_bytes_beside_a_list_of_numbers_are_one_form_with_two_transports() {
    let numbers = json!({"type": "array", "items": {"type": "number"}});
    check_form(
        json!({"oneOf": [{"type": "string", "format": "binary"}, {"type": "object", "properties": {"audio": numbers}, "required": ["audio"]}]}),
        &json!({"default": {"transport": {"raw": "audio"}, "schema": {
            "type": "object",
            "properties": {"audio": {
                "type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}, "x-rust": "::workers_ai_client::ByteArray"
            }},
            "required": ["audio"],
        }}}),
    );
}

#[test]
fn untitled_branches_with_the_same_fields_are_one_form() {
    check_form(
        json!({"oneOf": [
            {"properties": {"audio": {"type": "integer"}}, "required": ["audio"]},
            {"properties": {"audio": text()}, "required": ["audio"]},
        ]}),
        &json!({"default": {"transport": "json", "schema": {
            "type": "object", "properties": {"audio": {"anyOf": [{"type": "integer"}, {"type": "string"}]}}, "required": ["audio"]
        }}}),
    );
}

#[test]
fn reply_kinds_are_told_by_content_type() {
    let document = canonical(
        json!({"type": "object", "properties": {"prompt": text(), "stream": {"type": "boolean", "default": true}}}),
        json!({"oneOf": [
            {"type": "object", "contentType": "application/json", "properties": {"response": text()}},
            {"type": "string", "contentType": "text/event-stream", "format": "binary"},
            {"type": "object", "title": "Async response", "properties": {"request_id": text()}},
        ]}),
    );
    assert_eq!(
        document.pointer("/reply").unwrap(),
        &json!({
            "json": {"type": "object", "properties": {"response": {"type": "string"}}},
            "stream": {"chunk": {}, "default": true},
            "queued": true,
        })
    );
    assert_eq!(document.pointer("/request/forms/default/schema/properties/stream"), None);
}

#[test]
fn bytes_keep_their_published_type() {
    let document = canonical(
        json!({"type": "object", "properties": {"prompt": text()}}),
        json!({"type": "string", "format": "binary", "contentType": "image/png"}),
    );
    assert_eq!(document.pointer("/reply").unwrap(), &json!({"bytes": {"content_type": "image/png"}}));
}

#[test]
fn replies_lose_their_bounds() {
    let document = canonical(
        json!({"type": "object", "properties": {"prompt": text()}}),
        json!({"type": "object", "additionalProperties": false, "properties": {"n": {"type": "integer", "minimum": 0}, "t": {"type": "string", "maxLength": 3}}}),
    );
    assert_eq!(
        document.pointer("/reply/json").unwrap(),
        &json!({"type": "object", "properties": {"n": {"type": "integer"}, "t": {"type": "string"}}})
    );
}

#[test]
fn every_defect_is_named_with_its_place() {
    check_refused(
        json!({"type": "object", "properties": {
            "a": {"$ref": "#/definitions/a"},
            "required": ["a"],
            "b": {"type": "number", "minimum": "low"},
            "c/d": {"type": "frobnicator"},
        }}),
        &[
            "#/schema/input/properties/a/$ref: keyword `$ref` is not understood",
            "#/schema/input/properties/b/minimum: must be a number, not a string",
            "#/schema/input/properties/c~1d/type: type `frobnicator` is not understood",
            "#/schema/input/properties/required: a schema must be an object, not an array",
        ],
    );
}

#[test]
fn a_published_schema_cannot_name_a_rust_type() {
    check_refused(
        json!({"type": "object", "properties": {"a": {"type": "string", "x-rust": "::std::process::Command"}}}),
        &["#/schema/input/properties/a/x-rust: keyword `x-rust` is not understood"],
    );
}

#[test]
fn a_batch_only_of_its_own_or_a_request_of_no_object_is_refused() {
    check_refused(json!({"type": "string"}), &["#/schema/input: a request must be an object or raw bytes"]);
    check_refused(
        json!({"type": "object", "properties": {"requests": {"type": "array"}}}),
        &["#/schema/input: no form of request is left"],
    );
}

#[test]
fn forms_of_one_title_are_told_apart_by_letters_and_then_by_numbers() {
    let arms: Vec<Value> = (0..27)
        .map(|index| json!({"title": "Same", "properties": {format!("p{index}"): text()}, "required": [format!("p{index}")]}))
        .collect();
    let document = canonical(json!({"oneOf": arms}), json!({}));
    let mut names: Vec<&str> = document["request"]["forms"].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_by_key(|name| (name.len(), *name));
    let letters: Vec<String> = ('b'..='x').map(|letter| format!("same_{letter}")).collect();
    let mut expected = vec!["same"];
    expected.extend(letters.iter().map(String::as_str));
    expected.extend(["same_24", "same_25", "same_26"]);
    assert_eq!(names, expected);
}

#[test]
fn untitled_forms_are_named_by_what_only_they_require() {
    let names = |arms: Value| {
        let document = canonical(json!({"oneOf": arms}), json!({}));
        document["request"]["forms"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let form = |required: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            required.iter().map(|name| ((*name).to_owned(), text())).collect();
        json!({"properties": properties, "required": required})
    };
    assert_eq!(names(json!([form(&["both", "left"]), form(&["both", "right"])])), ["left", "right"]);
    assert_eq!(names(json!([form(&["a", "b"]), form(&["a"])])), ["b", "form"]);
    // A name must begin with a letter.
    assert_eq!(names(json!([form(&["3d"]), form(&["a"])])), ["a", "form"]);
    assert_eq!(
        names(json!([{"title": "3 Words", "properties": {"x": text()}, "required": ["x"]}, form(&["a"])])),
        ["a", "x"]
    );
}

#[test]
fn a_title_keeps_forms_apart_that_have_the_same_fields() {
    let form = |title: Option<&str>, kind: &str| {
        let mut form = json!({"properties": {"audio": {"type": kind}}, "required": ["audio"]});
        if let Some(title) = title {
            form["title"] = json!(title);
        }
        form
    };
    let count =
        |arms: Value| canonical(json!({"oneOf": arms}), json!({}))["request"]["forms"].as_object().unwrap().len();
    assert_eq!(count(json!([form(None, "integer"), form(None, "string")])), 1);
    assert_eq!(count(json!([form(Some("A"), "integer"), form(None, "string")])), 2);
    assert_eq!(count(json!([form(None, "integer"), form(Some("A"), "string")])), 2);
    assert_eq!(count(json!([form(Some("A"), "integer"), form(Some("B"), "string")])), 2);
    let other = json!({"properties": {"video": text()}, "required": ["video"]});
    assert_eq!(count(json!([form(None, "integer"), other])), 2);
}

#[test]
fn joined_forms_require_what_all_of_them_do() {
    let form =
        |kind: &str, required: &[&str]| json!({"properties": {"a": {"type": kind}, "b": text()}, "required": required});
    check_form(
        json!({"oneOf": [form("integer", &["a", "b"]), form("string", &["a"])]}),
        &json!({"default": {"transport": "json", "schema": {
            "type": "object",
            "properties": {"a": {"anyOf": [{"type": "integer"}, {"type": "string"}]}, "b": {"type": "string"}},
            "required": ["a"],
        }}}),
    );
}

#[test]
fn bytes_are_a_binary_string_alone_or_beside_lists_of_numbers() {
    let bytes = json!({"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}, "x-rust": "::workers_ai_client::ByteArray"});
    let binary = json!({"type": "string", "format": "binary"});
    let numbers = json!({"type": "array", "items": {"type": "number"}});
    let whole = json!({"type": "array", "items": {"type": "integer"}});
    let kept = |schema: &Value| {
        let document = canonical(
            json!({"type": "object", "properties": {"deep": {"type": "object", "properties": {"a": schema}}}}),
            json!({}),
        );
        document.pointer("/request/forms/default/schema/properties/deep/properties/a").unwrap().clone()
    };
    for schema in [binary.clone(), json!({"anyOf": [binary, numbers]}), json!({"anyOf": [whole, binary]})] {
        assert_eq!(kept(&schema), bytes, "{schema}");
    }
    let texts = json!({"type": "array", "items": {"type": "string"}});
    assert_eq!(kept(&numbers), numbers);
    assert_eq!(kept(&json!({"anyOf": [numbers, whole]})), json!({"anyOf": [numbers, whole]}));
    assert_eq!(kept(&json!({"anyOf": [binary, texts]})), json!({"anyOf": [bytes, texts]}));
    assert_eq!(kept(&json!({"anyOf": [binary, {"type": "boolean"}]})), json!({"anyOf": [bytes, {"type": "boolean"}]}));
}

#[test]
fn a_list_of_numbers_is_bytes_only_where_bytes_may_come_raw() {
    let form = json!({"type": "object", "properties": {"audio": {"type": "array", "items": {"type": "number"}}, "n": {"type": "integer"}}, "required": ["audio"]});
    let alone = canonical(form.clone(), json!({}));
    assert_eq!(alone.pointer("/request/forms/default/transport").unwrap(), "json");
    assert_eq!(alone.pointer("/request/forms/default/schema/properties/audio/x-rust"), None);
    let optional = json!({"type": "object", "properties": {"audio": {"type": "array", "items": {"type": "number"}}}});
    let raw = canonical(json!({"oneOf": [{"type": "string", "format": "binary"}, optional]}), json!({}));
    assert_eq!(raw.pointer("/request/forms/default/transport").unwrap(), &json!({"raw": "audio"}));
    // Raw bytes are always there.
    assert_eq!(raw.pointer("/request/forms/default/schema/required").unwrap(), &json!(["audio"]));
    // A field of bytes beside no raw form is one field of JSON.
    let field = canonical(
        json!({"type": "object", "properties": {"audio": {"type": "string", "format": "binary"}}}),
        json!({}),
    );
    assert_eq!(field.pointer("/request/forms/default/transport").unwrap(), "json");
    assert_eq!(field.pointer("/request/forms/default/schema/required"), None);
}

#[test]
fn a_model_streams_by_default_where_any_form_says_so() {
    let stream = |default: Value| json!({"type": "boolean", "default": default});
    let events = json!({"type": "string", "format": "binary", "contentType": "text/event-stream"});
    let by_default = |one: Value, other: Value| {
        let form = |name: &str, stream: Value| json!({"properties": {name: text(), "stream": stream}, "required": [name, "stream"]});
        let document = canonical(json!({"oneOf": [form("a", one), form("b", other)]}), events.clone());
        assert_eq!(document.pointer("/request/forms/a/schema/required").unwrap(), &json!(["a"]));
        document.pointer("/reply/stream/default").is_some()
    };
    assert!(by_default(stream(json!(true)), stream(json!(false))));
    assert!(by_default(stream(json!(false)), stream(json!(true))));
    assert!(!by_default(stream(json!(false)), stream(Value::Null)));
}

#[test]
fn an_item_of_a_batch_that_is_asked_otherwise_loses_what_the_queue_adds() {
    let item = json!({"type": "object", "properties": {"text": text(), "stream": {"type": "boolean"}, "external_reference": text()}});
    let batch = |items: Value| {
        let requests = json!({"properties": {"requests": {"type": "array", "items": items}}});
        let form = json!({"properties": {"prompt": text(), "more": {"type": "integer"}}, "required": ["prompt"]});
        canonical(json!({"oneOf": [form, requests]}), json!({})).pointer("/request/batch").unwrap().clone()
    };
    let plain = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    assert_eq!(batch(item.clone()), json!({"schema": plain}));
    let flag = json!({"type": "object", "properties": {"flag": {"type": "boolean"}}});
    assert_eq!(batch(json!({"oneOf": [item, flag]})), json!({"schema": {"anyOf": [plain, flag]}}));
    let form = json!({"type": "object", "properties": {"prompt": text(), "more": {"type": "integer"}, "stream": {"type": "boolean"}}, "required": ["prompt"]});
    assert_eq!(batch(form), json!({"forms": ["default"]}));
    // A field of that name beside others is a field.
    check_form(
        json!({"type": "object", "properties": {"requests": {"type": "array", "items": text()}, "prompt": text()}}),
        &json!({"default": {"transport": "json", "schema": {"type": "object", "properties": {
            "requests": {"type": "array", "items": {"type": "string"}}, "prompt": {"type": "string"}
        }}}}),
    );
}
