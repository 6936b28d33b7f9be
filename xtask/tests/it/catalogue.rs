//! The verbs that read a catalogue: check, models, show and release.

use serde_json::{Value, json};

use crate::checkout::{Checkout, model};

/// A checkout with two models, as fetch leaves it.
fn fetched() -> Checkout {
    let checkout = Checkout::new();
    std::fs::remove_file(checkout.path("schemas/translation/overlays/mine.json")).unwrap();
    checkout.write("build.rs", "");
    for modality in ["text-generation", "translation"] {
        let link = checkout.path("crates").join(modality).join("build.rs");
        std::os::unix::fs::symlink("../../build.rs", link).unwrap();
    }
    let feed =
        checkout.feed("2025-12.json", &[model("@cf/a/one", "Text Generation"), model("@cf/b/two", "Translation")]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    checkout
}

const TWO: &str = "schemas/translation/@cf/b/two.json";

#[test]
fn what_fetch_leaves_is_in_order() {
    fetched().run(&["check"]).succeeded();
}

#[test]
fn a_file_changed_by_hand_is_found() {
    let checkout = fetched();
    let text = checkout.read(TWO);
    checkout.write(TWO, &text.replace("\"minLength\": 1", "\"minLength\": 2"));
    checkout.run(&["check", "--quick"]).failed("two.json: not the file that the index has the hash of");
    let sorted: Value = serde_json::from_str(&text).unwrap();
    checkout.write(TWO, &sorted.to_string());
    checkout.run(&["check", "--quick"]).failed("two.json: not in canonical form");
    std::fs::remove_file(checkout.path(TWO)).unwrap();
    checkout.run(&["check", "--quick"]).failed("two.json, which is not there");
}

#[test]
fn nobody_is_told_to_fetch_what_has_left() {
    let checkout = fetched();
    let text = checkout.read(TWO).replace("\"minLength\": 1", "\"minLength\": 2");
    checkout.write(TWO, &text);
    checkout.run(&["check", "--quick"]).failed("has the hash of; bring it back with git, or fetch again");
    let checkout = fetched();
    let smaller = checkout.feed("2026-03.json", &[model("@cf/a/one", "Text Generation")]);
    checkout.run(&["fetch", "--from", &smaller]).succeeded();
    checkout.write(TWO, &text);
    let error = checkout.run(&["check", "--quick"]).failed("has the hash of; bring it back with git");
    assert!(!error.contains("fetch again"), "{error}");
}

#[test]
fn a_stray_file_and_a_broken_link_are_found() {
    let checkout = fetched();
    checkout.write("schemas/translation/@cf/b/stray.json", "{}");
    checkout.run(&["check", "--quick"]).failed("stray.json: the index does not know this file");
    let checkout = fetched();
    std::fs::remove_file(checkout.path("crates/translation/build.rs")).unwrap();
    checkout.write("crates/translation/build.rs", "fn main() {}");
    let error = checkout.run(&["check", "--quick"]).failed("crates/translation/build.rs: not a link");
    assert!(error.contains("ln -sfn ../../build.rs"), "{error}");
}

#[test]
fn facts_that_were_not_merged_are_found() {
    let checkout = fetched();
    checkout.write("schemas/facts/headline.json", r#"{"models": {"@cf/b/two": {"requests_per_minute": 300}}}"#);
    checkout.run(&["check", "--quick"]).failed("@cf/b/two: schemas/facts has changed");
}

#[test]
fn an_overlay_that_upstream_has_made_unnecessary_fails_with_its_name() {
    let checkout = fetched();
    let overlay = |bound: u64| {
        json!({
            "applies_to": {"models": ["@cf/b/two"]}, "reason": "a test", "evidence": ["a test"],
            "patch": {"request": {"forms": {"default": {"schema": {"properties": {"prompt": {"minLength": bound}}}}}}}
        })
        .to_string()
    };
    checkout.write("schemas/translation/overlays/prompt-length.json", &overlay(2));
    checkout.run(&["check"]).succeeded();
    checkout.write("schemas/translation/overlays/prompt-length.json", &overlay(1));
    checkout.run(&["check"]).failed("prompt-length");
}

#[test]
fn models_are_listed_with_what_follows_from_their_limits() {
    let checkout = fetched();
    checkout.write(
        "schemas/facts/limits.json",
        r#"{"requests_per_minute": {"by_model": {}, "paid_models": 20, "by_task": {"Text Generation": 300}}}"#,
    );
    checkout.write(
        "schemas/facts/headline.json",
        r#"{"models": {"@cf/a/one": {"context_window": 128000, "requests_per_minute": 300}}}"#,
    );
    let mut one = model("@cf/a/one", "Text Generation");
    one["properties"] = json!([{"property_id": "context_window", "value": "24000"}]);
    let feed = checkout.feed("2026-01.json", &[one]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let table = checkout.run(&["models"]).succeeded();
    for text in [
        "★ @cf/a/one",
        "24,000",
        "≠ 128,000",
        "300",
        "18,000",
        "432,000",
        "gone by 2026-01",
        "2 models, 1 of them live",
    ] {
        assert!(table.contains(text), "{text} is not in {table}");
    }
    let rows: Value =
        serde_json::from_str(&checkout.run(&["models", "--live", "--format", "json"]).succeeded()).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["requests_per_day"], 432_000);
    assert_eq!(rows[0]["context_window_differs"], true);
}

#[test]
fn a_model_is_shown_as_the_rust_it_becomes() {
    let checkout = fetched();
    let rust = checkout.run(&["show", "@cf/b/two"]).succeeded();
    assert!(rust.contains("pub mod two {") && !rust.contains("pub mod one {"), "{rust}");
    assert_eq!(checkout.run(&["show", "two"]).succeeded(), rust);
    checkout.run(&["show", "three"]).failed("cargo xtask models");
}

#[test]
fn a_model_retired_after_a_release_stays_for_one_more() {
    let checkout = fetched();
    checkout.run(&["release", "0.1.0"]).succeeded();
    checkout.run(&["release", "0.1.0"]).failed("already recorded");
    let feed = checkout.feed("2026-01.json", &[model("@cf/a/one", "Text Generation")]);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    let grace = |checkout: &Checkout| checkout.json(TWO)["lifecycle"]["grace"].clone();
    assert_eq!(grace(&checkout), true);
    checkout.run(&["release", "0.1.1"]).succeeded();
    assert_eq!(grace(&checkout), true);
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    assert_eq!(grace(&checkout), true);
    let out = checkout.run(&["release", "0.2.0"]).succeeded();
    assert!(out.contains("@cf/b/two"), "{out}");
    assert_eq!(grace(&checkout), Value::Null);
    assert_eq!(checkout.json("schemas/catalog.json")["releases"][0]["live"], json!(["@cf/a/one", "@cf/b/two"]));
    checkout.run(&["check", "--quick"]).succeeded();
}
