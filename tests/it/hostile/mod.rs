//! A feed is somebody else's text that becomes code: whatever it holds, it ends as an error or as harmless Rust.

mod anything;
mod inspect;
mod sizes;
mod written;

use proptest::prelude::*;
use serde_json::{Value, json};
use workers_ai_codegen::{Facts, Modality, Options, Overlay, Problems, Schemas, generate, normalise};

pub(crate) use self::anything::NAMES;
use self::anything::{any_json, any_schema};
use self::inspect::inspect;

/// Facts of a model with these schemas, every published word of it replaced by `word` where one is given.
fn facts(input: &Value, output: &Value, word: Option<&str>) -> Value {
    let word = |usual: &str| word.unwrap_or(usual).to_owned();
    json!({
        "id": word("@cf/somebody/a-model"),
        "task": word("A Task"),
        "rust": {"module": "a_model", "type": "AModel"},
        "created_at": word("2026-01-01"),
        "lifecycle": {"first_seen": word("2026-01"), "planned_deprecation": word("2027-01-01"), "replacement": word("@cf/a/b")},
        "properties": {"async_queue": true, "terms": word("https://example.com"), word("odd"): word("value")},
        "prices": [{"unit": word("per_step"), "usd": 0.1}],
        "schema": {"input": input, "output": output},
    })
}

/// The bindings, or why there are none.
fn bindings(facts: &Value) -> Result<String, Problems> {
    let facts = Facts::parse(&facts.to_string()).map_err(Problems::from)?;
    let modality = Modality::new("a-task", vec![facts], Vec::new())?;
    generate(&modality, &Options::default())
}

/// Either problems that say something, or Rust that holds nothing but bindings.
#[track_caller]
fn check(facts: &Value) -> bool {
    match bindings(facts) {
        Ok(rust) => {
            inspect(&rust);
            true
        }
        Err(problems) => {
            assert!(!problems.0.is_empty(), "an error without a reason");
            assert!(problems.0.iter().all(|problem| !problem.reason.is_empty()), "{problems:?}");
            false
        }
    }
}

#[track_caller]
fn check_refused(input: &Value) {
    let output = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    assert!(!check(&facts(input, &output, None)), "taken: {input}");
}

#[track_caller]
fn check_taken(input: &Value) {
    let output = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    if let Err(problems) = bindings(&facts(input, &output, None)) {
        panic!("{problems}");
    }
    check(&facts(input, &output, None));
}

/// An object with these properties, as input and inside a list, a union and an enumeration.
fn everywhere(name: &str) -> Value {
    json!({"type": "object", "title": name, "required": [name], "properties": {
        name: {"type": "string", "title": name, "description": name, "default": name, "enum": [name, "other"], "examples": [name]},
        "list": {"type": "array", "items": {"type": "object", "title": name, "properties": {name: {"type": "number", "minimum": 0}}}},
        "either": {"anyOf": [
            {"type": "object", "title": name, "properties": {"type": {"enum": [name]}, name: {}}, "required": ["type"]},
            {"type": "object", "title": format!("{name} "), "properties": {"type": {"enum": ["other"]}}, "required": ["type"]}]},
        "text": {"type": "string", "pattern": name, "default": {name: name}}}})
}

#[test]
fn any_word_can_stand_anywhere() {
    for name in NAMES {
        let schema = everywhere(name);
        check(&facts(&schema, &json!({"type": "object"}), Some(name)));
        check(&facts(&json!({"type": "object"}), &schema, None));
        check(&facts(&json!({"oneOf": [schema, {"title": name, "type": "object", "required": ["q"]}]}), &schema, None));
    }
}

#[test]
fn ordinary_words_stay_usable() {
    for name in ["type", "self", "Self", "a'b", "naïve", "*/", "\"]", "9lives", "$$", "語", "Vec", "Request"] {
        check_taken(&json!({"type": "object", "properties": {name: {"type": "string"}}}));
        check_taken(&json!({"type": "object", "properties": {"mode": {"enum": [name, "other"]}}}));
    }
}

#[test]
fn words_that_look_alike_stay_apart() {
    let alike = ["a-b", "a_b", "a b", "A_B", "aB", "a__b", "a.b", "a-b-", "a_b_2"];
    let properties: serde_json::Map<String, Value> =
        alike.iter().map(|name| ((*name).to_owned(), json!({"type": "integer"}))).collect();
    check_taken(&json!({"type": "object", "properties": properties}));
    check_taken(&json!({"type": "object", "properties": {"mode": {"enum": alike}}}));
    check_taken(
        &json!({"type": "object", "properties": {"mode": {"enum": ["a", "A", "+", "-", "", " ", "Unknown", "unknown"]}}}),
    );
    check_taken(
        &json!({"type": "object", "properties": {"$$": {"type": "string"}, "@@": {"type": "string"}, "": {"type": "string"}}}),
    );
    let shapes: serde_json::Map<String, Value> = alike
        .iter()
        .enumerate()
        .map(|(index, name)| ((*name).to_owned(), json!({"type": "object", "properties": {format!("p{index}"): {}}})))
        .collect();
    check_taken(&json!({"type": "object", "properties": shapes}));
    let arms: Vec<Value> = alike
        .iter()
        .enumerate()
        .map(|(index, title)| json!({"title": title, "type": "object", "properties": {format!("p{index}"): {}}, "required": [format!("p{index}")]}))
        .collect();
    check_taken(&json!({"oneOf": arms}));
    check_taken(&json!({"type": "object", "properties": {"either": {"oneOf": arms}}}));
}

#[test]
fn depth_and_width_have_limits() {
    let nested = |levels: usize| {
        (0..levels).fold(json!({"type": "string"}), |inner, _| json!({"type": "object", "properties": {"p": inner}}))
    };
    check_taken(&nested(20));
    for schema in [
        nested(200),
        (0..200).fold(json!({}), |inner, _| json!({"type": "array", "items": inner})),
        (0..200).fold(json!({"type": "object"}), |inner, _| json!({"oneOf": [inner]})),
        (0..200).fold(json!({"type": "object"}), |inner, _| json!({"allOf": [inner]})),
        (0..200).fold(json!({"type": "object"}), |inner, _| json!({"type": "object", "additionalProperties": inner})),
    ] {
        // Not through text, which has a limit of its own.
        let schemas = Schemas { input: schema, output: json!({"type": "object"}) };
        assert!(normalise(&schemas).is_err());
    }
    let wide: serde_json::Map<String, Value> =
        (0..10_000).map(|index| (format!("p{index}"), json!({"type": "string"}))).collect();
    check_refused(&json!({"type": "object", "properties": wide}));
    let many: Vec<String> = (0..3000).map(|index| format!("value {index}")).collect();
    check(&facts(&json!({"type": "object", "properties": {"mode": {"enum": many}}}), &json!({}), None));
    check(&facts(
        &json!({"type": "object", "properties": {"n": {"type": "integer", "minimum": -1e300, "maximum": 1e300}}}),
        &json!({}),
        None,
    ));
    check(&facts(
        &json!({"type": "object", "properties": {"n": {"type": "array", "items": {"type": "number"}, "minItems": 1_000_000_000, "maxItems": 1_000_000_000}}}),
        &json!({}),
        None,
    ));
    assert!(Facts::parse(&"[".repeat(100_000)).is_err());
}

#[test]
fn what_is_not_understood_is_refused() {
    for schema in [
        json!({"$ref": "#"}),
        json!({"$ref": "#/definitions/missing"}),
        json!({"$ref": "file:///etc/passwd"}),
        json!({"$ref": "https://example.com/schema.json"}),
        json!({"type": "object", "properties": {"again": {"$ref": "#"}}}),
        json!({"definitions": {"a": {"allOf": [{"$ref": "#/definitions/a"}]}}, "allOf": [{"$ref": "#/definitions/a"}]}),
        json!({"not": {}}),
        json!({"if": {}, "then": {}}),
        json!({"type": "object", "patternProperties": {"^x": {}}}),
        json!({"type": "object", "properties": ["required"]}),
        json!({"type": "object", "required": "prompt"}),
        json!({"type": "object", "properties": {"required": ["prompt"]}}),
        json!({"type": "object", "properties": {"a": {"enum": []}}}),
        json!({"type": "object", "properties": {"a": {"enum": [1, "a", null, {}]}}}),
        json!({"type": "object", "properties": {"a": {"type": "number", "minimum": "zero"}}}),
        json!({"type": "object", "properties": {"a": {"type": "number", "minimum": 2, "maximum": 1}}}),
        json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": -1}}}),
        json!({"type": "object", "properties": {"a": {"type": "quantum"}}}),
        json!({"type": 7}),
        json!({"oneOf": []}),
        json!({"oneOf": {}}),
        json!(false),
        json!([]),
        json!([{"type": "object"}]),
        json!("object"),
        json!(1),
        json!(null),
    ] {
        check_refused(&schema);
    }
}

#[test]
fn a_feed_cannot_name_rust_types() {
    for rust in ["::std::process::exit", "crate::injected::Injected", "Vec<{ injected() }>"] {
        check_refused(&json!({"type": "object", "properties": {"a": {"x-rust": rust}}}));
        check_refused(&json!({"type": "object", "x-rust": rust}));
        assert!(!check(&facts(&json!({"type": "object"}), &json!({"x-rust": rust}), None)));
    }
}

#[test]
fn names_that_are_no_identifiers_are_refused() {
    for name in ["", "a b", "a; pub fn injected() {}", "fn", "a::b", "r#fn!", "../a", "語 語", "1a"] {
        let mut facts = facts(&json!({"type": "object"}), &json!({"type": "object"}), None);
        facts["rust"]["module"] = json!(name);
        assert!(!check(&facts), "taken as a module: {name:?}");
        facts["rust"] = json!({"module": "a_model", "type": name});
        assert!(!check(&facts), "taken as a type: {name:?}");
    }
}

#[test]
fn an_overlay_names_types_by_paths_alone() {
    for rust in ["::workers_ai_🦀client::Media", "Vec<", "u8; pub fn injected() {}", "include!(\"x\")", "[u8]", ""] {
        let patch = json!({"request": {"forms": {"default": {"schema": {"properties": {"a": {"x-rust": rust}}}}}}});
        let overlay = json!({"applies_to": {}, "reason": "to see what happens", "evidence": ["none"], "patch": patch});
        let overlay = Overlay::parse("odd.json", &overlay.to_string()).unwrap();
        let facts = Facts::parse(&facts(&json!({"type": "object"}), &json!({}), None).to_string()).unwrap();
        let modality = Modality::new("a-task", vec![facts], vec![overlay]).unwrap();
        let problems = generate(&modality, &Options::default()).unwrap_err().to_string();
        assert!(problems.contains("/properties/a/x-rust") && problems.contains("is no path of Rust"), "{problems}");
    }
}

#[test]
fn an_overlay_names_forms_by_words_alone() {
    for name in ["\n} pub fn injected() {} mod x {", "", "a b", "a/b", "7", "語"] {
        let patch = json!({"request": {"forms": {name: {"transport": "json", "schema": {"required": ["a"]}}}}});
        let overlay = json!({"applies_to": {}, "reason": "to see what happens", "evidence": ["none"], "patch": patch});
        let overlay = Overlay::parse("odd.json", &overlay.to_string()).unwrap();
        let facts = Facts::parse(&facts(&json!({"type": "object"}), &json!({}), None).to_string()).unwrap();
        let problems = Modality::new("a-task", vec![facts], vec![overlay]).unwrap_err().to_string();
        assert!(problems.contains("#/request/forms") && problems.contains("is no name of a form"), "{problems}");
    }
}

#[test]
fn an_overlay_that_breaks_a_document_is_a_problem() {
    for patch in [
        json!({"request": 1}),
        json!({"request": {"forms": {"default": {"transport": "pigeon"}}}}),
        json!([]),
        json!(null),
    ] {
        let overlay = json!({"applies_to": {}, "reason": "to see what happens", "evidence": ["none"], "patch": patch});
        let overlay = Overlay::parse("broken.json", &overlay.to_string()).unwrap();
        let facts = Facts::parse(&facts(&json!({"type": "object"}), &json!({}), None).to_string()).unwrap();
        if let Ok(modality) = Modality::new("a-task", vec![facts], vec![overlay]) {
            assert!(modality.models.iter().all(|model| model.canonical.is_none()), "taken: {patch}");
        }
    }
}

/// The same cases every time; `HOSTILE_CASES` makes more of them.
fn settings() -> ProptestConfig {
    let cases = std::env::var("HOSTILE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let rng_seed = proptest::test_runner::RngSeed::Fixed(20_261_101);
    ProptestConfig { failure_persistence: None, rng_seed, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn any_json_is_a_problem_or_harmless(input in any_json(), output in any_json()) {
        check(&facts(&input, &output, None));
    }

    #[test]
    fn any_schema_is_a_problem_or_harmless(input in any_schema(), output in any_schema()) {
        check(&facts(&input, &output, None));
        let request = json!({"type": "object", "properties": {"a": input, "b": {"type": "array", "items": output}}});
        check(&facts(&request, &output, None));
    }
}
