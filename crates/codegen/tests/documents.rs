//! Canonical documents as plain JSON Schemas, for any validator.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use workers_ai_codegen::{Canonical, meaning};

fn document(forms: Value, batch: Value, reply: Value) -> Canonical {
    let mut request = json!({"forms": forms});
    if !batch.is_null() {
        request["batch"] = batch;
    }
    serde_json::from_value(json!({"request": request, "reply": reply})).unwrap()
}

fn object(field: &str) -> Value {
    json!({"type": "object", "properties": {field: {"type": "string", "x-rust": "::house::Word", "x-into": "::house::Into"}}})
}

fn plain(field: &str) -> Value {
    json!({"type": "object", "properties": {field: {"type": "string"}}})
}

#[test]
fn one_form_is_the_whole_schema_and_several_are_alternatives() {
    let one = document(json!({"default": {"schema": object("a")}}), Value::Null, json!({}));
    assert_eq!(one.request_schema(), plain("a"));
    let two = document(json!({"one": {"schema": object("a")}, "two": {"schema": object("b")}}), Value::Null, json!({}));
    assert_eq!(two.request_schema(), json!({"anyOf": [plain("a"), plain("b")]}));
}

#[test]
fn where_there_are_streams_every_form_takes_the_flag() {
    let streams = document(json!({"default": {"schema": object("a")}}), Value::Null, json!({"stream": {"chunk": {}}}));
    let expected = json!({"type": "object", "properties": {"a": {"type": "string"}, "stream": {"type": "boolean"}}});
    assert_eq!(streams.request_schema(), expected);
}

#[test]
fn a_batch_is_a_list_of_the_forms_that_may_be_queued() {
    let forms = json!({"one": {"schema": object("a")}, "two": {"schema": object("b")}});
    let requests = |items: Value| json!({"type": "object", "properties": {"requests": {"type": "array", "minItems": 1, "items": {"anyOf": items}}}, "required": ["requests"]});
    let named = document(forms.clone(), json!({"forms": ["two"]}), json!({}));
    assert_eq!(named.request_schema(), json!({"anyOf": [plain("a"), plain("b"), requests(json!([plain("b")]))]}));
    let own = document(forms, json!({"schema": object("c")}), json!({}));
    assert_eq!(own.request_schema(), json!({"anyOf": [plain("a"), plain("b"), requests(json!([plain("c")]))]}));
}

#[test]
fn only_this_projects_own_keywords_are_left_out() {
    // A field may be called like one of them.
    let odd = json!({"type": "object", "properties": {"x-rust": {"type": "string"}, "x-into": {"type": "boolean"}}, "x-rust": "::house::Word"});
    let model = document(json!({"default": {"schema": odd}}), Value::Null, json!({"json": object("r")}));
    let expected =
        json!({"type": "object", "properties": {"x-rust": {"type": "string"}, "x-into": {"type": "boolean"}}});
    assert_eq!(model.request_schema(), expected);
    assert_eq!(model.reply_schema(), Some(plain("r")));
    let arms = json!({"anyOf": [object("a"), object("b")]});
    let model = document(json!({"default": {"schema": arms}}), Value::Null, json!({}));
    assert_eq!(model.request_schema(), json!({"anyOf": [plain("a"), plain("b")]}));
    assert_eq!(model.reply_schema(), None);
}

#[test]
fn fields_mean_the_same_whatever_their_number() {
    assert_eq!(meaning("width"), Some("Width of the image in pixels"));
    assert_eq!(meaning("input_image_3"), meaning("input_image"));
    assert!(meaning("input_image").is_some());
    assert_eq!(meaning("sillage"), None);
    assert_eq!(meaning(""), None);
}
