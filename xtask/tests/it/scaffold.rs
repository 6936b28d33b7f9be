//! Tasks that nobody here has seen.

use crate::checkout::{Checkout, model};

#[test]
fn an_unknown_task_says_exactly_what_to_run() {
    let checkout = Checkout::new();
    let feed = checkout.feed("2026-12.json", &[model("@cf/a/film", "Video Generation")]);
    let before = checkout.everything();
    let error = checkout.run(&["fetch", "--from", &feed]).failed("@cf/a/film (video-generation)");
    assert!(error.contains(&format!("cargo xtask fetch --from {feed} --new-modality")), "{error}");
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_new_modality_gets_crate_links_and_facade() {
    let checkout = Checkout::new();
    let feed = checkout.feed("2026-12.json", &[model("@cf/a/film", "Video Generation")]);
    let out = checkout.run(&["fetch", "--from", &feed, "--new-modality"]).succeeded();
    assert!(out.contains("crates/video-generation"), "{out}");
    let link = |name: &str| std::fs::read_link(checkout.path("crates/video-generation").join(name)).unwrap();
    assert_eq!(link("build.rs").to_str(), Some("../../build.rs"));
    assert_eq!(link("schemas").to_str(), Some("../../schemas/video-generation"));
    assert!(checkout.path("crates/video-generation/schemas/@cf/a/film.json").is_file());
    let manifest = checkout.read("crates/video-generation/Cargo.toml");
    assert!(manifest.contains("name = \"workers-ai-video-generation\""), "{manifest}");
    assert!(manifest.contains("the video generation models"), "{manifest}");
    assert!(checkout.read("crates/video-generation/src/lib.rs").contains("models.rs"));
    let facade = checkout.read("crates/workers-ai/Cargo.toml");
    assert!(facade.contains("\nvideo-generation = [\"dep:workers-ai-video-generation\"]\n"), "{facade}");
    let exports = checkout.read("crates/workers-ai/src/lib.rs");
    assert!(exports.contains("pub use workers_ai_video_generation as video_generation;"), "{exports}");
    let before = checkout.everything();
    checkout.run(&["fetch", "--from", &feed]).succeeded();
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_scaffold_that_fails_takes_the_schemas_back_with_it() {
    let checkout = Checkout::new();
    let feed = checkout.feed("2026-12.json", &[model("@cf/a/film", "Video Generation")]);
    checkout.write("crates/workers-ai/src/lib.rs", "//! No list here.\n");
    let before = checkout.everything();
    checkout.run(&["fetch", "--from", &feed, "--new-modality"]).failed("crates/workers-ai/src/lib.rs");
    assert_eq!(checkout.everything(), before);
}

#[test]
fn a_task_cannot_take_the_name_of_a_room_or_a_feature() {
    for task in ["Workers AI", "Retired", "../x", "A\"b"] {
        let checkout = Checkout::new();
        let feed = checkout.feed("2026-12.json", &[model("@cf/a/film", task), model("@cf/a/one", "Translation")]);
        let ran = checkout.run(&["fetch", "--from", &feed, "--new-modality"]);
        if ran.ok {
            // A name that can be nobody's crate leaves its model listed without types.
            assert!(ran.out.contains("cannot be the name of a task"), "{}", ran.out);
        } else {
            assert!(ran.err.contains("already is the name of something else"), "{}", ran.err);
        }
        assert!(!checkout.path("crates/retired").exists());
    }
}
