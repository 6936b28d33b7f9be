//! From published outputs to kinds of replies: JSON, streams, bytes, tickets, and what they leave unsaid.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use serde_json::{Value, json};
use workers_ai_codegen::{Schemas, normalise};

fn canonical(input: Value, output: Value) -> Value {
    serde_json::to_value(normalise(&Schemas { input, output }).unwrap()).unwrap()
}

fn text() -> Value {
    json!({"type": "string"})
}

#[test]
fn binary_without_a_content_type_is_a_stream_only_where_one_can_be_asked_for() {
    let reply = |input: Value, output: Value| canonical(input, output).pointer("/reply").unwrap().clone();
    let asks = json!({"type": "object", "properties": {"prompt": text(), "stream": {"type": "boolean"}}});
    let does_not = json!({"type": "object", "properties": {"prompt": text()}});
    let binary = json!({"type": "string", "format": "binary"});
    assert_eq!(reply(asks.clone(), binary.clone()), json!({"stream": {"chunk": {}}}));
    assert_eq!(reply(does_not.clone(), binary), json!({"bytes": {}}));
    let image = json!({"type": "string", "format": "binary", "contentType": "image/png"});
    assert_eq!(reply(asks, image), json!({"bytes": {"content_type": "image/png"}}));
    let events = json!({"contentType": "text/event-stream", "oneOf": [{"type": "string", "format": "binary"}]});
    assert_eq!(reply(does_not, events), json!({"stream": {"chunk": {}}}));
}

#[test]
fn a_ticket_holds_an_id_and_nothing_else() {
    let reply = |output: Value| {
        canonical(json!({"type": "object", "properties": {"prompt": text()}}), output)
            .pointer("/reply")
            .unwrap()
            .clone()
    };
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    assert_eq!(reply(object(json!({"request_id": text()}))), json!({"queued": true}));
    let both = object(json!({"request_id": text(), "status": text()}));
    assert_eq!(reply(both.clone()), json!({"json": both}));
    let other = object(json!({"id": text()}));
    assert_eq!(reply(other.clone()), json!({"json": other}));
    assert_eq!(
        reply(json!({"oneOf": [object(json!({"a": text()})), object(json!({"b": text()}))]})),
        json!({"json": {"anyOf": [object(json!({"a": text()})), object(json!({"b": text()}))]}})
    );
}

#[test]
fn replies_lose_what_binds_only_requests() {
    let document = canonical(
        json!({"type": "object", "properties": {"prompt": text()}}),
        json!({"type": "object", "additionalProperties": false, "required": ["n", "maybe", "perhaps", "sure"], "properties": {
            "n": {"type": "number", "minimum": 0, "default": 1},
            "list": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^a"}},
            "maybe": {"type": ["string", "null"]},
            "perhaps": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "either": {"oneOf": [{"type": "string"}, {"type": "null"}]},
            "sure": {"type": "string"},
            "open": {"type": "object", "additionalProperties": {"type": "integer", "maximum": 4}},
        }}),
    );
    assert_eq!(
        document.pointer("/reply/json").unwrap(),
        &json!({"type": "object", "required": ["n", "sure"], "properties": {
            "n": {"type": "number"},
            "list": {"type": "array", "items": {"type": "string"}},
            "maybe": {"type": "string"},
            "perhaps": {"type": "string"},
            "either": {"type": "string"},
            "sure": {"type": "string"},
            "open": {"type": "object", "additionalProperties": {"type": "integer"}},
        }})
    );
}

#[test]
fn what_may_be_null_need_not_be_answered() {
    let requires = |property: Value| {
        let output = json!({"type": "object", "required": ["a"], "properties": {"a": property}});
        let document = canonical(json!({"type": "object", "properties": {"prompt": text()}}), output);
        document.pointer("/reply/json/required").is_some()
    };
    for nullable in [
        json!({"type": "string", "nullable": true}),
        json!({"type": ["string", "null"]}),
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"enum": ["a", null]}),
    ] {
        assert!(!requires(nullable.clone()), "{nullable}");
    }
    for sure in [
        json!({"type": "string"}),
        json!({"type": "string", "nullable": false}),
        json!({"enum": ["null"]}),
        json!({"type": ["string"]}),
    ] {
        assert!(requires(sure.clone()), "{sure}");
    }
}
