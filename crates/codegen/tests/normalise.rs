//! From published schemas to canonical documents: forms, batches, reply kinds, and what is refused.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

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
