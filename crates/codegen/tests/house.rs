//! The Rust of a made-up modality, small and with every shape that a schema can have, compared with what somebody has read.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workers-ai-codegen --test house` writes it anew.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use workers_ai_codegen::{Modality, Options, generate, load};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden")
}

fn house() -> Modality {
    load(&golden().join("house-models")).unwrap()
}

fn with_home() -> Options {
    Options { home: Some("house::models".to_owned()), ..Options::default() }
}

#[test]
fn every_shape_becomes_the_rust_that_was_read() {
    let path = golden().join("house_models.rs");
    let rust = generate(&house(), &with_home()).unwrap();
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, rust).unwrap();
        return;
    }
    let read = fs::read_to_string(path).unwrap_or_default();
    let differs = read.lines().zip(rust.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(read == rust, "house_models.rs differs, first (counted from 0) in {differs:?}");
}

#[test]
fn live_models_come_before_leaving_ones_and_those_before_the_gone() {
    let house = house();
    let order: Vec<&str> = house.models.iter().map(|model| model.facts.id.trim_start_matches("@acme/")).collect();
    let live = [
        "archivist",
        "chooser",
        "embedder",
        "everything",
        "hearer",
        "interpreter",
        "judge",
        "looker",
        "mystery",
        "painter",
        "reader",
        "talker",
        "talker-3",
        "teller",
        "vectorist",
        "whisperer",
    ];
    // `quiet` was seen later than the others.
    let expected = [&live[..], &["quiet"], &["talker-2"], &["talker-0", "listener"]].concat();
    assert_eq!(order, expected);
}

#[test]
fn only_what_is_asked_for_is_written() {
    let whole = generate(&house(), &Options::default()).unwrap();
    let modules = generate(&house(), &Options { without_handle: true, ..Options::default() }).unwrap();
    let one = generate(&house(), &Options { only: Some("@acme/looker".to_owned()), ..Options::default() }).unwrap();
    let none = generate(&house(), &Options { only: Some("@acme/nobody".to_owned()), ..Options::default() }).unwrap();
    let named = |text: &str| text.matches("\npub mod ").count() + usize::from(text.starts_with("pub mod "));
    // A module for each model that has a schema, and the prelude.
    assert_eq!(named(&whole), named(&modules) + 1);
    assert!(
        whole.starts_with(&modules)
            && whole.contains("pub struct HouseModels")
            && !modules.contains("pub struct HouseModels")
    );
    assert!(modules.contains(&one) && one.contains("pub mod looker {") && named(&one) == 1, "{one}");
    assert_eq!(none, "");
    // Without a home nobody could write a `use`.
    assert!(!whole.contains("```no_run"));
    assert!(generate(&house(), &with_home()).unwrap().contains("```no_run"));
}

#[test]
fn a_modality_without_conversations_has_none_of_their_vocabulary() {
    let mut house = house();
    house.models.retain(|model| model.facts.id == "@acme/looker");
    let rust = generate(&house, &Options::default()).unwrap();
    assert!(!rust.contains("CHAT_MODELS") && !rust.contains("ChatStreamExt"), "{rust}");
    assert!(!rust.contains("allow(dead_code"));
}

#[test]
fn a_handle_whose_models_are_all_behind_a_feature_may_be_unused_without_it() {
    let mut house = house();
    house.models.retain(|model| model.facts.id == "@acme/talker-0");
    let rust = generate(&house, &Options::default()).unwrap();
    assert!(rust.contains("#[cfg_attr(\n        not(feature = \"retired\"),\n        allow(dead_code"), "{rust}");
}

#[test]
fn a_name_that_is_none_in_rust_is_refused_with_its_model() {
    for (module, marker, told) in [("1a", "Looker", "1a"), ("looker", "Look er", "Look er"), ("gen", "Looker", "gen")] {
        let mut house = house();
        house.models.retain(|model| model.facts.id == "@acme/looker");
        for model in &mut house.models {
            model.facts.rust.module = module.to_owned();
            model.facts.rust.marker = marker.to_owned();
        }
        let refused = generate(&house, &Options::default()).unwrap_err().to_string();
        assert_eq!(refused, format!("@acme/looker#/rust: `{told}` is not a Rust identifier"));
    }
}

#[test]
fn a_long_name_does_not_push_out_what_to_use_instead() {
    let mut house = house();
    let model = house.models.iter_mut().find(|model| model.facts.id == "@acme/talker-0").unwrap();
    let replacement = format!("@acme/{}", "talker-".repeat(9));
    model.facts.lifecycle.replacement = Some(replacement.clone());
    let rust = generate(&house, &with_home()).unwrap();
    let note = format!("\"@acme/talker-0 left the catalogue by 2026-10; use {replacement}\"");
    assert!(rust.contains(&note), "no {note}");
}
