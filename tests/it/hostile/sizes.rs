//! Sizes: whatever is larger than anything real is refused with its place, before it costs time or memory.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use workers_ai_codegen::{Problems, Schemas, normalise};

use super::{check_taken, facts};

/// Far longer than any of these takes on a busy machine, and far shorter than what grows with the square of a size.
const LONG: Duration = Duration::from_secs(600);

fn refused(input: Value) -> Problems {
    let began = Instant::now();
    let outcome = normalise(&Schemas { input, output: json!({"type": "object"}) });
    assert!(began.elapsed() < LONG, "it took {:?}", began.elapsed());
    outcome.expect_err("nothing real is so large")
}

/// The schema is refused at this place for this reason.
#[track_caller]
fn check(input: Value, pointer: &str, reason: &str) {
    let problems = refused(input);
    let found = problems.0.iter().any(|problem| problem.pointer == pointer && problem.reason.contains(reason));
    assert!(
        found,
        "{pointer}: {reason} is not among {} problems, the first: {:?}",
        problems.0.len(),
        problems.0.first()
    );
}

fn object(property: Value) -> Value {
    json!({"type": "object", "properties": {"p": property}})
}

fn many(count: usize, schema: &Value) -> Map<String, Value> {
    (0..count).map(|index| (format!("p{index}"), schema.clone())).collect()
}

#[test]
fn too_many_of_anything_is_named_with_its_place() {
    let values: Vec<String> = (0..200_000).map(|index| format!("value {index}")).collect();
    check(object(json!({"enum": values})), "/schema/input/properties/p/enum", "200000 values");
    check(
        object(json!({"oneOf": vec![json!({"type": "object"}); 50_000]})),
        "/schema/input/properties/p/oneOf",
        "50000 arms",
    );
    check(
        object(json!({"type": "object", "properties": many(100_000, &json!({}))})),
        "/schema/input/properties/p/properties",
        "100000 properties",
    );
}

#[test]
fn long_names_are_refused() {
    let long = "x".repeat(1 << 20);
    check(json!({"type": "object", "properties": {&long: {}}}), "/schema/input/properties", "a name of 1048576 bytes");
    check(json!({"type": "object", "required": [long]}), "/schema/input/required", "a name of 1048576 bytes");
    check(object(json!({"enum": [long]})), "/schema/input/properties/p/enum", "a name of 1048576 bytes");
    check(object(json!({"title": long})), "/schema/input/properties/p/title", "a name of 1048576 bytes");
    let wide = "é".repeat(150);
    check(json!({"type": "object", "properties": {wide: {}}}), "/schema/input/properties", "a name of 300 bytes");
}

#[test]
fn parts_are_counted_however_they_come_about() {
    // Plainly many.
    let wide = json!({"type": "object", "properties": many(300, &json!({"type": "string"}))});
    check(json!({"type": "object", "properties": many(300, &wide)}), "/schema/input", "more than 50000 parts");
    // Few, and copied into each arm: 2,000 fields beside 200 arms, and again below, would be millions.
    let arms: Vec<Value> = (0..200).map(|index| json!({"properties": {format!("a{index}"): {}}})).collect();
    let beside = json!({"type": "object", "properties": many(2000, &json!({})), "oneOf": arms});
    check(beside.clone(), "/schema/input", "more than 50000 parts");
    check(
        json!({"allOf": [{"type": "object", "properties": many(2000, &json!({}))}, {"oneOf": arms}]}),
        "/schema/input",
        "more than 50000 parts",
    );
    check(object(beside), "/schema/input", "more than 50000 parts");
}

#[test]
fn unions_beside_unions_do_not_multiply() {
    let union = |from: usize| {
        let arms: Vec<Value> =
            (from..from + 10).map(|index| json!({"type": "object", "properties": {format!("p{index}"): {}}})).collect();
        json!({ "oneOf": arms })
    };
    let parts: Vec<Value> = (0..40).map(|index| union(index * 10)).collect();
    let began = Instant::now();
    // Taken or not: it ends.
    let _ = normalise(&Schemas { input: object(json!({ "allOf": parts })), output: json!({}) });
    assert!(began.elapsed() < LONG, "it took {:?}", began.elapsed());
}

#[test]
fn complaints_come_to_an_end() {
    let unknown: Map<String, Value> = (0..50_000).map(|index| (format!("keyword{index}"), json!(1))).collect();
    let problems = refused(json!({"type": "object", "properties": {"p": unknown}}));
    assert!((1..=100).contains(&problems.0.len()), "{} problems", problems.0.len());
}

#[test]
fn great_numbers_are_only_numbers() {
    for property in [
        json!({"type": "array", "items": {"type": "number"}, "minItems": 1_000_000_000, "maxItems": 1_000_000_000}),
        json!({"type": "string", "minLength": 1_000_000_000, "maxLength": 8_000_000_000_000_000_u64}),
        json!({"type": "integer", "minimum": i64::MIN, "maximum": u64::MAX}),
        json!({"type": "number", "minimum": -1e300, "maximum": 1e-300}),
        json!({"type": "array", "items": {"type": "string", "maxLength": 0}, "maxItems": 0}),
    ] {
        check_taken(&object(property));
    }
}

#[test]
fn a_deep_value_of_no_concern_is_no_trouble() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let schema =
        json!({"type": "object", "properties": {"a": {"type": "string", "default": deep, "examples": [deep]}}});
    // As text it may be too deep for the parser, which is a problem like any other.
    let _ = super::check(&facts(&schema, &json!({}), None));
    let schemas = Schemas { input: schema, output: json!({}) };
    assert!(normalise(&schemas).is_ok());
}
