//! Published bounds as the types that keep them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Modality, Options, Problem, Problems, generate};

/// The Rust of a model that takes one property, `a`.
fn rust(schema: &Value) -> String {
    let facts = json!({
        "id": "@acme/one", "task": "T", "rust": {"module": "one", "type": "One"}, "lifecycle": {"first_seen": "2026-01"},
        "schema": {"input": {"type": "object", "properties": {"a": schema}}, "output": {}},
    });
    let modality = Modality::new("house", vec![Facts::parse(&facts.to_string()).unwrap()], Vec::new()).unwrap();
    generate(&modality, &Options::default()).unwrap()
}

/// The type of the property, and whether the module has a name for it.
#[track_caller]
fn check(schema: Value, ty: &str) {
    let rust = rust(&schema);
    let line = rust.lines().find_map(|line| line.trim().split_once(" a?: ")).unwrap().1;
    assert_eq!(line.trim_end_matches(','), ty, "{schema}");
    let alias = format!("pub type A = {ty};");
    assert_eq!(rust.contains(&alias), ty.starts_with("client::") && !ty.contains("List"), "{schema}");
}

#[test]
fn whole_numbers_keep_their_bounds() {
    check(json!({"type": "integer"}), "i64");
    check(json!({"type": "integer", "minimum": 1}), "client::Integer<1>");
    check(json!({"type": "integer", "maximum": 9}), "client::Integer<{ i64::MIN }, 9>");
    check(json!({"type": "integer", "minimum": -1, "maximum": 9}), "client::Integer<-1, 9>");
    // Nothing whole is between them and the bound.
    check(json!({"type": "integer", "minimum": 0.5, "maximum": 9.5}), "client::Integer<1, 9>");
    check(json!({"type": "integer", "minimum": 8_999_999_999_999_999_u64}), "client::Integer<8999999999999999>");
    check(json!({"type": "integer", "minimum": 9_000_000_000_000_000_u64}), "i64");
    check(json!({"type": "integer", "maximum": -9_000_000_000_000_000_i64}), "i64");
}

#[test]
fn numbers_keep_bounds_that_are_whole_thousandths() {
    check(json!({"type": "number"}), "f64");
    check(json!({"type": "number", "minimum": 0, "maximum": 5}), "client::Number<0, 5000>");
    check(json!({"type": "number", "minimum": -2}), "client::Number<-2000>");
    check(json!({"type": "number", "maximum": 0.7}), "client::Number<{ i64::MIN }, 700>");
    check(json!({"type": "number", "minimum": 0.001}), "client::Number<1>");
    check(json!({"type": "number", "minimum": 0.0005}), "f64");
    check(json!({"type": "number", "minimum": 1.0004}), "f64");
    check(json!({"type": "number", "maximum": 8e12}), "client::Number<{ i64::MIN }, 8000000000000000>");
    check(json!({"type": "number", "maximum": 9e12}), "f64");
    check(json!({"type": "number", "maximum": -1e13}), "f64");
}

#[test]
fn texts_and_lists_keep_their_lengths() {
    check(json!({"type": "string"}), "String");
    check(json!({"type": "string", "minLength": 0}), "String");
    check(json!({"type": "string", "minLength": 1}), "client::Text<1>");
    check(json!({"type": "string", "maxLength": 4}), "client::Text<0, 4>");
    check(json!({"type": "string", "minLength": 2, "maxLength": 4}), "client::Text<2, 4>");
    check(json!({"type": "array", "items": {"type": "integer"}}), "Vec<i64>");
    check(json!({"type": "array", "items": {"type": "integer"}, "minItems": 0}), "Vec<i64>");
    check(json!({"type": "array", "items": {"type": "integer"}, "minItems": 1}), "client::List<i64, 1>");
    check(json!({"type": "array", "items": {"type": "integer"}, "maxItems": 4}), "client::List<i64, 0, 4>");
}

#[test]
fn problems_say_file_place_and_reason_one_a_line() {
    let problem = |file: &str, pointer: &str| Problem {
        file: file.to_owned(),
        pointer: pointer.to_owned(),
        reason: "r".to_owned(),
    };
    let shown = |problems: &[Problem]| Problems(problems.to_vec()).to_string();
    assert_eq!(shown(&[]), "");
    assert_eq!(shown(&[problem("f", "/p")]), "f#/p: r");
    assert_eq!(shown(&[problem("", "/p"), problem("f", ""), problem("", "")]), "#/p: r\nf: r\n: r");
}
