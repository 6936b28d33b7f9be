//! What a published schema may not hold, how much of it there may be, and what the complaint says.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Map, Value, json};
use workers_ai_codegen::{Facts, Modality, Overlay, Schemas, normalise};

/// The complaints about a schema that is one property, `a`, of a request; places are below that property.
fn complaints(schema: &Value) -> Vec<String> {
    let input = json!({"type": "object", "properties": {"a": schema}});
    let problems = normalise(&Schemas { input, output: json!({}) }).err().unwrap_or_default();
    problems.0.iter().map(|problem| problem.to_string().replace("#/schema/input/properties/a", "")).collect()
}

#[track_caller]
fn check(schema: &Value, expected: &[&str]) {
    assert_eq!(complaints(schema), expected);
}

/// Whether there is nothing to complain about.
#[track_caller]
fn check_fine(schema: &Value) {
    check(schema, &[]);
}

/// The schema that is kept of a property.
#[track_caller]
fn check_kept(schema: Value, expected: &Value) {
    let input = json!({"type": "object", "properties": {"a": schema}});
    let canonical = normalise(&Schemas { input, output: json!({}) }).unwrap();
    assert_eq!(canonical.request.forms["default"].schema.pointer("/properties/a"), Some(expected));
}

/// As many lists in each other.
fn nested(depth: usize, wrap: &dyn Fn(Value) -> Value) -> Value {
    (0..depth).fold(json!({"type": "string"}), |inner, _| wrap(inner))
}

fn properties(count: usize) -> Value {
    Value::Object((0..count).map(|index| (format!("p{index}"), json!({"type": "boolean"}))).collect())
}

#[test]
fn nesting_ends_at_64_levels_however_it_nests() {
    // The request itself and the property are two of them.
    let wraps: [&dyn Fn(Value) -> Value; 5] = [
        &|inner| json!({"type": "array", "items": inner}),
        &|inner| json!({"type": "object", "properties": {"x": inner}}),
        &|inner| json!({"type": "object", "additionalProperties": inner}),
        &|inner| json!({"anyOf": [inner, {"type": "boolean"}]}),
        &|inner| json!({"allOf": [inner]}),
    ];
    for wrap in wraps {
        check_fine(&nested(63, wrap));
        let found = complaints(&nested(64, wrap));
        assert!(
            !found.is_empty() && found.iter().all(|told| told.ends_with(": nested deeper than 64 levels")),
            "{found:?}"
        );
    }
}

#[test]
fn there_are_at_most_2000_properties_1000_values_and_200_arms() {
    check_fine(&json!({"type": "object", "properties": properties(2000)}));
    check(
        &json!({"type": "object", "properties": properties(2001)}),
        &["/properties: 2001 properties, more than 2000"],
    );
    let values = |count: usize| (0..count).map(|index| format!("v{index}")).collect::<Vec<_>>();
    check_fine(&json!({"type": "string", "enum": values(1000)}));
    check(&json!({"type": "string", "enum": values(1001)}), &["/enum: 1001 values, more than 1000"]);
    let arms =
        |count: usize| (0..count).map(|index| json!({"type": "string", "maxLength": index + 1})).collect::<Vec<_>>();
    check_fine(&json!({"anyOf": arms(200)}));
    check(&json!({"anyOf": arms(201)}), &["/anyOf: 201 arms, more than 200"]);
}

#[test]
fn names_titles_and_values_have_at_most_200_bytes() {
    let long = "n".repeat(201);
    let short = "n".repeat(200);
    let named = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
    check_fine(&named(&short));
    check(&named(&long), &["/properties: a name of 201 bytes, more than 200"]);
    check_fine(&json!({"type": "object", "required": [short]}));
    check(&json!({"type": "object", "required": [long]}), &["/required: a name of 201 bytes, more than 200"]);
    check_fine(&json!({"type": "string", "title": short}));
    check(&json!({"type": "string", "title": long}), &["/title: a name of 201 bytes, more than 200"]);
    check_fine(&json!({"type": "string", "enum": [short]}));
    check(&json!({"type": "string", "enum": ["a", long]}), &["/enum: a name of 201 bytes, more than 200"]);
    // What is too long is no field, even where it need not be read.
    check_kept(
        json!({"type": "object", "required": ["b"]}),
        &json!({"type": "object", "properties": {"b": {}}, "required": ["b"]}),
    );
}

#[test]
fn parts_are_counted_once_for_each_arm_that_they_stand_beside() {
    let told = [": more than 50000 parts"];
    let beside = |own: Value, arms: usize| {
        let arms: Vec<Value> = (0..arms).map(|index| json!({"properties": {format!("arm{index}"): {}}})).collect();
        let mut schema: Map<String, Value> = own.as_object().unwrap().clone();
        schema.insert("oneOf".to_owned(), Value::Array(arms));
        Value::Object(schema)
    };
    let complained = |schema: &Value| {
        let input = json!({"type": "object", "properties": {"a": schema}});
        let problems = normalise(&Schemas { input, output: json!({}) }).err().unwrap_or_default();
        problems.0.iter().map(|problem| problem.to_string().replace("#/schema/input", "")).collect::<Vec<_>>()
    };
    // 240 fields and the object they are in, for each of 200 arms, are 48,200; 260 are 52,200.
    assert!(complained(&beside(json!({"type": "object", "properties": properties(240)}), 200)).is_empty());
    assert_eq!(complained(&beside(json!({"type": "object", "properties": properties(260)}), 200)), told);
    // The values of a choice, the items of a list, the arms of a union and the rest of an object count too.
    let words: Vec<String> = (0..260).map(|index| format!("v{index}")).collect();
    let heavy = json!({"type": "string", "enum": words});
    let heavies = [
        heavy.clone(),
        json!({"type": "array", "items": heavy}),
        json!({"type": "array", "items": {"type": "object", "properties": properties(260)}}),
        json!({"type": "object", "additionalProperties": heavy}),
        json!({"type": "object", "properties": {"x": heavy}}),
    ];
    for heavy in &heavies {
        assert_eq!(complained(&beside(heavy.clone(), 200)), told, "{heavy}");
        assert!(complained(&beside(heavy.clone(), 150)).is_empty());
    }
    // Everything counts itself beside what is in it.
    let fields_of = |count: usize, field: Value| {
        let fields: Map<String, Value> = (0..count).map(|index| (format!("p{index}"), field.clone())).collect();
        json!({"type": "object", "properties": fields})
    };
    for (count, field) in [
        (260, json!({"type": "object"})),
        (100, json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]})),
        (150, json!({"type": "array", "items": {"type": "string"}})),
        (150, json!({"type": "object", "additionalProperties": {"type": "string"}})),
    ] {
        assert_eq!(complained(&beside(fields_of(count, field.clone()), 200)), told, "{field}");
        assert!(complained(&beside(fields_of(count, field.clone()), 100)).is_empty(), "{field}");
    }
    let arms: Vec<Value> = (0..200).map(|index| json!({"type": "string", "maxLength": index})).collect();
    let again: Vec<Value> = (0..199).map(|index| json!({"properties": {format!("x{index}"): {}}})).collect();
    assert!(complained(&json!({"oneOf": arms, "anyOf": again})).is_empty());
    let pairs: Vec<Value> =
        (0..200).map(|index| json!({"type": "array", "items": {"type": "string", "maxLength": index}})).collect();
    assert_eq!(complained(&json!({"oneOf": pairs, "anyOf": again})), told);
    // `allOf` is paid for by the arms of what is joined.
    let fields = json!({"type": "object", "properties": properties(300)});
    let joined = |arms: usize| {
        let arms: Vec<Value> = (0..arms).map(|index| json!({"properties": {format!("arm{index}"): {}}})).collect();
        let mut schema = fields.clone();
        schema["allOf"] = json!([{"oneOf": arms}]);
        schema
    };
    assert!(complained(&joined(100)).is_empty());
    assert_eq!(complained(&joined(190)), told);
}

#[test]
fn a_hundred_complaints_are_enough() {
    let wrong = |count: usize| {
        let names: Vec<Value> = (0..count).map(|_| json!(1)).collect();
        json!({"type": "object", "required": names})
    };
    assert_eq!(complaints(&wrong(99)).len(), 99);
    assert_eq!(complaints(&wrong(100)).len(), 100);
    assert_eq!(complaints(&wrong(101)).len(), 100);
}

#[test]
fn keywords_hold_what_they_should() {
    check(&json!({"anyOf": {}}), &["/anyOf: must be an array of schemas, not an object"]);
    check(&json!({"anyOf": []}), &["/anyOf: an empty union allows nothing"]);
    check(&json!({"enum": "a"}), &["/enum: must be an array, not a string"]);
    check(&json!({"enum": []}), &["/enum: an empty enumeration allows nothing"]);
    check(
        &json!({"enum": [1]}),
        &[
            "/enum: only strings and booleans can be enumerated, not a number",
            "/enum: an empty enumeration allows nothing",
        ],
    );
    check(&json!({"enum": ["a", true]}), &["/enum: strings and booleans are enumerated together"]);
    check(&json!({"type": 1}), &["/type: must be a string or an array, not a number"]);
    check(&json!({"type": ["string", 1]}), &["/type: type names must be strings"]);
    check(&json!({"type": "object", "properties": []}), &["/properties: must be an object, not an array"]);
    check(&json!({"type": "object", "required": true}), &["/required: must be an array, not a boolean"]);
    check(&json!({"type": "object", "required": [null]}), &["/required: names must be strings"]);
    check(&json!({"type": "string", "title": 1}), &["/title: must be a string, not a number"]);
    check(&json!({"type": "string", "pattern": null}), &["/pattern: must be a string, not null"]);
    check(&json!(false), &[": `false` as a schema allows nothing"]);
    check(&json!("string"), &[": a schema must be an object, not a string"]);
    check_fine(&json!(true));
    check(&json!({"x-ray": 1}), &["/x-ray: keyword `x-ray` is not understood"]);
    check_fine(&json!({"type": "string", "description": "d", "$comment": "c", "examples": [1], "deprecated": true}));
}

#[test]
fn bounds_are_numbers_in_order() {
    check_fine(&json!({"type": "number", "minimum": 2, "maximum": 2}));
    check_fine(&json!({"type": "number", "minimum": 3}));
    check_fine(&json!({"type": "number", "maximum": -3}));
    check(&json!({"type": "number", "minimum": 3, "maximum": 2}), &[": minimum 3 is above maximum 2"]);
    check(&json!({"type": "integer", "maximum": true}), &["/maximum: must be a number, not a boolean"]);
    check_fine(&json!({"type": "string", "minLength": 2, "maxLength": 2}));
    check_fine(&json!({"type": "string", "minLength": 0}));
    check_fine(&json!({"type": "string", "minLength": 5.0}));
    check(&json!({"type": "string", "minLength": 3, "maxLength": 2}), &[": least length 3 is above greatest length 2"]);
    for wrong in [json!(1.5), json!(-1), json!(9e15), json!("3"), json!(-0.5)] {
        check(&json!({"type": "array", "minItems": wrong}), &["/minItems: must be a whole number, zero or more"]);
    }
}

#[test]
fn types_are_told_by_what_stands_beside_them() {
    check_kept(
        json!({"properties": {"x": {"type": "string"}}}),
        &json!({"type": "object", "properties": {"x": {"type": "string"}}}),
    );
    check_kept(
        json!({"additionalProperties": {"type": "string"}}),
        &json!({"type": "object", "additionalProperties": {"type": "string"}}),
    );
    check_kept(json!({"required": ["x"]}), &json!({"type": "object", "properties": {"x": {}}, "required": ["x"]}));
    check_kept(json!({"items": {"type": "string"}}), &json!({"type": "array", "items": {"type": "string"}}));
    check_kept(json!({"title": "T"}), &json!({"title": "T"}));
    check_kept(json!({"type": "array"}), &json!({"type": "array", "items": {}}));
    check_kept(json!({"type": ["string", "boolean"]}), &json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]}));
    check_kept(json!({"type": ["null"]}), &json!({}));
    check_kept(json!({"const": "a"}), &json!({"type": "string", "enum": ["a"]}));
    check_kept(json!({"const": true}), &json!({"type": "boolean", "enum": [true]}));
    check_kept(json!({"enum": [true, false, null]}), &json!({"type": "boolean"}));
    check_kept(json!({"enum": ["a", "b", "a", null]}), &json!({"type": "string", "enum": ["a", "b"]}));
    check_kept(json!({"type": "string", "format": "uri"}), &json!({"type": "string"}));
    check_kept(
        json!({"type": "string", "contentEncoding": "base64"}),
        &json!({"type": "string", "x-rust": "::workers_ai_client::Base64"}),
    );
    check_kept(json!({"type": "string", "contentEncoding": "quoted-printable"}), &json!({"type": "string"}));
    check_kept(json!({"type": "number", "default": null}), &json!({"type": "number"}));
    check_kept(
        json!({"type": "number", "default": 2, "minimum": 0.5, "maximum": 3}),
        &json!({"type": "number", "default": 2, "minimum": 0.5, "maximum": 3}),
    );
    check_kept(
        json!({"type": "object", "additionalProperties": false}),
        &json!({"type": "object", "additionalProperties": false}),
    );
    check_kept(
        json!({"type": "number", "minimum": 8e15}),
        &json!({"type": "number", "minimum": 8_000_000_000_000_000_i64}),
    );
    check_kept(json!({"type": "number", "minimum": 9e15}), &json!({"type": "number", "minimum": 9e15}));
    check_kept(
        json!({"type": "object", "properties": {"gone": {"type": "null"}, "kept": {"type": "boolean"}}}),
        &json!({"type": "object", "properties": {"kept": {"type": "boolean"}}}),
    );
    check_kept(
        json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 4}),
        &json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 4}),
    );
    check_kept(
        json!({"type": "string", "minLength": 1, "maxLength": 4, "pattern": "^a"}),
        &json!({"type": "string", "minLength": 1, "maxLength": 4, "pattern": "^a"}),
    );
}

#[test]
fn what_stands_beside_a_union_holds_for_every_arm() {
    let x = json!({"type": "string"});
    check_kept(
        json!({"type": "object", "properties": {"x": x}, "required": ["x"], "oneOf": [
            {"properties": {"y": {"type": "boolean"}}, "required": ["y"]},
            {"properties": {"x": {"type": "number"}}, "additionalProperties": false},
        ]}),
        &json!({"anyOf": [
            {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "boolean"}}, "required": ["x", "y"]},
            {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"], "additionalProperties": false},
        ]}),
    );
    // A bare name in an arm says nothing of what it holds.
    check_kept(
        json!({"type": "object", "properties": {"x": x}, "anyOf": [{"required": ["x"]}]}),
        &json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}),
    );
    check_kept(
        json!({"type": "object", "required": ["x"], "anyOf": [{"properties": {"x": {"type": "string"}}}]}),
        &json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}),
    );
    // Arms that make the same type are one, whatever their titles.
    check_kept(
        json!({"anyOf": [{"type": "string", "title": "A"}, {"type": "string", "title": "B"}]}),
        &json!({"type": "string"}),
    );
    check_kept(
        json!({"anyOf": [{"type": "string"}, {"anyOf": [{"type": "boolean"}, {"type": "string"}]}]}),
        &json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]}),
    );
    check_kept(json!({"type": "string", "anyOf": [{"type": "null"}]}), &json!({"type": "string"}));
    check_kept(
        json!({"allOf": [{"type": "object", "properties": {"x": x}}, {"type": "object", "properties": {"y": x}, "additionalProperties": false}]}),
        &json!({"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "string"}}, "additionalProperties": false}),
    );
    check_kept(
        json!({"type": "object", "additionalProperties": false, "allOf": [{"additionalProperties": {"type": "string"}}]}),
        &json!({"type": "object", "additionalProperties": false}),
    );
}

#[test]
fn shapes_are_alike_only_in_every_respect() {
    let list = |items: &str, max: u64| json!({"type": "array", "items": {"type": items}, "maxItems": max});
    let object = |name: &str, kind: &str, required: bool| json!({"type": "object", "properties": {name: {"type": kind}}, "required": if required { json!([name]) } else { json!([]) }});
    let rest = |kind: &str| json!({"type": "object", "additionalProperties": {"type": kind}});
    let union = |kinds: &[&str]| json!({"type": "array", "items": {"anyOf": kinds.iter().map(|kind| json!({"type": kind})).collect::<Vec<_>>()}});
    let pairs = [
        (list("string", 3), list("string", 4)),
        (list("string", 3), list("boolean", 3)),
        (object("x", "string", true), object("x", "string", false)),
        (object("x", "string", false), object("y", "string", false)),
        (object("x", "string", false), object("x", "boolean", false)),
        (object("x", "string", false), json!({"type": "object"})),
        (rest("string"), rest("boolean")),
        (rest("string"), json!({"type": "object", "additionalProperties": false})),
        (union(&["string", "boolean"]), union(&["string", "boolean", "number"])),
        (union(&["string", "boolean"]), union(&["string", "number"])),
        (json!({"type": "string", "contentEncoding": "base64"}), json!({"type": "string"})),
        (json!({"type": "string", "maxLength": 3}), json!({"type": "string"})),
    ];
    let arms = |one: &Value, other: &Value| {
        let input = json!({"type": "object", "properties": {"a": {"anyOf": [one, other]}}});
        let canonical = normalise(&Schemas { input, output: json!({}) }).unwrap();
        let schema = &canonical.request.forms["default"].schema;
        schema.pointer("/properties/a/anyOf").and_then(Value::as_array).map_or(1, Vec::len)
    };
    for (one, other) in &pairs {
        assert_eq!(arms(one, other), 2, "{one} and {other}");
        for same in [one, other] {
            let mut titled = same.clone();
            titled["title"] = json!("Another");
            titled["default"] = json!(1);
            assert_eq!(arms(same, &titled), 1, "{same}");
        }
    }
}

#[test]
fn only_paths_of_rust_may_carry_shapes() {
    let facts = |id: &str| {
        let text = json!({
            "id": id, "task": "T", "rust": {"module": "m", "type": "M"}, "lifecycle": {"first_seen": "2026-01"},
            "schema": {"input": {"type": "object", "properties": {"a": {"type": "string"}}}, "output": {}},
        });
        Facts::parse(&text.to_string()).unwrap()
    };
    let corrected = |keyword: &str, path: Value| {
        let overlay = json!({
            "applies_to": {}, "reason": "r", "evidence": ["e"],
            "patch": {"request": {"forms": {"default": {"schema": {"properties": {"a": {keyword: path}}}}}}},
        });
        let overlay = Overlay::parse("o.json", &overlay.to_string()).unwrap();
        let modality = Modality::new("house", vec![facts("@acme/m")], vec![overlay]).unwrap();
        workers_ai_codegen::generate(&modality, &workers_ai_codegen::Options::default())
            .map_err(|problems| problems.to_string())
    };
    assert!(corrected("x-rust", json!("::house::Word")).unwrap().contains("into a?: ::house::Word,"));
    assert_eq!(
        corrected("x-rust", json!("fn(u8) -> u8")).unwrap_err(),
        "@acme/m#/properties/a/x-rust: `fn(u8) -> u8` is no path of Rust"
    );
    assert_eq!(
        corrected("x-into", json!("a b")).unwrap_err(),
        "@acme/m#/properties/a/x-into: `a b` is no path of Rust"
    );
    assert_eq!(
        corrected("x-rust", json!(1)).unwrap_err(),
        "@acme/m#/properties/a/x-rust: must be a string, not a number"
    );
}
