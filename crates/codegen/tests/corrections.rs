//! Overlays: which models they are for, whether they change anything, and what is made of a folder of them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use workers_ai_codegen::{Canonical, Facts, Modality, Overlay};

fn facts(id: &str, more: &Value) -> Facts {
    let mut facts = json!({
        "id": id, "task": "T", "rust": {"module": "m", "type": "M"}, "lifecycle": {"first_seen": "2026-01"},
        "properties": {"vision": true, "lora": false},
        "schema": {"input": {"type": "object", "properties": {"a": {"type": "string"}}}, "output": {}},
    });
    json_merge(&mut facts, more);
    Facts::parse(&facts.to_string()).unwrap()
}

fn json_merge(target: &mut Value, patch: &Value) {
    for (name, value) in patch.as_object().unwrap() {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            target[name] = value.clone();
        }
    }
}

fn overlay(applies_to: &Value, patch: &Value) -> Overlay {
    let text = json!({"applies_to": applies_to, "reason": "r", "evidence": ["e"], "patch": patch});
    Overlay::parse("overlays/o.json", &text.to_string()).unwrap()
}

#[test]
fn every_condition_must_hold() {
    let document = json!({"request": {"here": 1}});
    let model = facts("@acme/one", &json!({}));
    for (conditions, expected) in [
        (json!({}), true),
        (json!({"models": ["@acme/one", "@acme/two"]}), true),
        (json!({"models": ["@acme/two"]}), false),
        (json!({"models": []}), false),
        (json!({"except": ["@acme/two"]}), true),
        (json!({"except": ["@acme/one"]}), false),
        (json!({"with": ["vision"]}), true),
        (json!({"with": ["vision", "lora"]}), false),
        (json!({"without": ["lora", "beta"]}), true),
        (json!({"without": ["lora", "vision"]}), false),
        (json!({"having": ["/request", "/request/here"]}), true),
        (json!({"having": ["/request", "/request/there"]}), false),
        (json!({"lacking": ["/request/there", "/reply"]}), true),
        (json!({"lacking": ["/request/there", "/request"]}), false),
        (json!({"unpublished": true}), false),
        // Any one that does not hold is enough, whatever else does.
        (json!({"models": ["@acme/one"], "except": ["@acme/one"]}), false),
        (json!({"models": ["@acme/two"], "with": ["vision"], "having": ["/request"]}), false),
        (json!({"except": ["@acme/one"], "with": ["vision"]}), false),
        (json!({"unpublished": true, "with": ["vision"]}), false),
        (json!({"with": ["lora"], "without": ["beta"]}), false),
        (json!({"without": ["vision"], "having": ["/request"]}), false),
        (json!({"having": ["/reply"], "lacking": ["/batch"]}), false),
    ] {
        assert_eq!(overlay(&conditions, &json!({})).applies_to(&model, &document), expected, "{conditions}");
    }
    let unpublished = facts("@acme/one", &json!({"schema": null}));
    assert!(overlay(&json!({"unpublished": true}), &json!({})).applies_to(&unpublished, &document));
    assert!(!overlay(&json!({}), &json!({})).applies_to(&unpublished, &document));
}

#[test]
fn a_correction_says_whether_it_changed_anything() {
    let before = json!({"a": {"b": 1, "c": [2]}, "d": null});
    for (patch, after) in [
        (json!({"a": {"b": 2}}), Some(json!({"a": {"b": 2, "c": [2]}, "d": null}))),
        (json!({"a": {"b": 1}}), None),
        (json!({"a": {"c": [2]}}), None),
        (json!({"a": {"c": [3]}}), Some(json!({"a": {"b": 1, "c": [3]}, "d": null}))),
        (json!({"a": {"b": null}}), Some(json!({"a": {"c": [2]}, "d": null}))),
        (json!({"a": {"x": null}}), None),
        (json!({"x": {"y": null}}), Some(json!({"a": {"b": 1, "c": [2]}, "d": null, "x": {}}))),
        (json!({"a": {"b": 1, "x": 5}}), Some(json!({"a": {"b": 1, "c": [2], "x": 5}, "d": null}))),
        (json!({}), None),
        (json!({"a": 1}), Some(json!({"a": 1, "d": null}))),
    ] {
        let mut document = before.clone();
        assert_eq!(overlay(&json!({}), &patch).apply(&mut document), after.is_some(), "{patch}");
        assert_eq!(document, after.unwrap_or_else(|| before.clone()), "{patch}");
    }
}

#[test]
fn a_correction_without_reason_or_evidence_is_refused() {
    let parse = |reason: &str, evidence: Value| {
        let text = json!({"applies_to": {}, "reason": reason, "evidence": evidence, "patch": {}});
        Overlay::parse("overlays/o.json", &text.to_string())
            .map(|overlay| overlay.name)
            .map_err(|problem| problem.to_string())
    };
    assert_eq!(parse("r", json!(["e"])).unwrap(), "overlays/o.json");
    for (reason, evidence) in [(" ", json!(["e"])), ("r", json!([])), ("", json!([]))] {
        assert_eq!(parse(reason, evidence).unwrap_err(), "overlays/o.json: an overlay needs a reason and evidence");
    }
    assert!(Overlay::parse("o.json", "{").unwrap_err().to_string().starts_with("o.json: "));
}

#[test]
fn corrections_are_counted_and_the_unneeded_named() {
    let models = || vec![facts("@acme/one", &json!({})), facts("@acme/two", &json!({}))];
    let named =
        |name: &str, applies_to: Value, patch: Value| Overlay { name: name.to_owned(), ..overlay(&applies_to, &patch) };
    let overlays = vec![
        named("both", json!({}), json!({"reply": {"queued": true}})),
        named("again", json!({}), json!({"reply": {"queued": true}})),
        named("nobody", json!({"models": ["@acme/three"]}), json!({"reply": {"bytes": {}}})),
        named("one", json!({"models": ["@acme/one"]}), json!({"reply": {"bytes": {}}})),
    ];
    let modality = Modality::new("house", models(), overlays).unwrap();
    let counts: Vec<(&str, usize)> =
        modality.overlays.iter().map(|(overlay, count)| (overlay.name.as_str(), *count)).collect();
    assert_eq!(counts, [("both", 2), ("again", 0), ("nobody", 0), ("one", 1)]);
    assert_eq!(modality.unneeded_overlays().collect::<Vec<_>>(), ["again", "nobody"]);
    let replies: Vec<_> = modality.models.iter().map(|model| model.canonical.as_ref().unwrap().reply.clone()).collect();
    assert!(replies.iter().all(|reply| reply.queued));
    assert_eq!(replies.iter().map(|reply| reply.bytes.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_overlays_leave_must_be_a_document_with_named_forms() {
    let corrected = |patch: Value| {
        let modality = Modality::new("house", vec![facts("@acme/one", &json!({}))], vec![overlay(&json!({}), &patch)]);
        modality.map(|modality| modality.models[0].canonical.clone().unwrap()).map_err(|problems| problems.to_string())
    };
    let form = json!({"schema": {"type": "object"}});
    for name in ["prompt", "a1_b", "Ünder"] {
        let expected = !name.starts_with('Ü');
        assert_eq!(corrected(json!({"request": {"forms": {name: form}}})).is_ok(), expected, "{name}");
    }
    for name in ["1a", "_a", "a b", "a-b", ""] {
        let told = corrected(json!({"request": {"forms": {name: form}}})).unwrap_err();
        assert_eq!(told, format!("@acme/one#/request/forms: after its overlays: `{name}` is no name of a form"));
    }
    assert!(corrected(json!({"request": {"forms": {"größe": form}}})).is_ok());
    let told = corrected(json!({"reply": {"jsonn": {}}})).unwrap_err();
    assert!(told.starts_with("@acme/one: after its overlays: unknown field `jsonn`"), "{told}");
}

#[test]
fn a_model_without_a_schema_has_no_document_unless_it_is_given_one() {
    let unpublished = || vec![facts("@acme/one", &json!({"schema": null}))];
    let bare = Modality::new("house", unpublished(), Vec::new()).unwrap();
    assert_eq!(bare.models[0].canonical, None);
    let given = json!({"request": {"forms": {"default": {"schema": {"type": "object"}}}}, "reply": {}});
    let patched = Modality::new("house", unpublished(), vec![overlay(&json!({"unpublished": true}), &given)]).unwrap();
    let expected: Canonical = serde_json::from_value(given).unwrap();
    assert_eq!(patched.models[0].canonical.as_deref(), Some(&expected));
    // What the feed publishes stands beside it: the same schema is read once and corrected apart.
    assert_eq!(Modality::new("house", vec![facts("@acme/one", &json!({}))], Vec::new()).unwrap().models.len(), 1);
}

#[test]
fn facts_are_read_by_their_kind() {
    let facts = facts(
        "@acme/one",
        &json!({"properties": {"vision": true, "lora": "true", "context_window": 8, "terms": "t", "beta": false}}),
    );
    assert_eq!(["vision", "lora", "beta", "none"].map(|flag| facts.flag(flag)), [true, false, false, false]);
    assert_eq!(["context_window", "terms", "none"].map(|name| facts.number(name)), [Some(8), None, None]);
    assert_eq!(["context_window", "terms", "none"].map(|name| facts.text(name)), [None, Some("t"), None]);
    assert!(!facts.is_retired());
}
