//! The diff between folders, revisions and the working tree.

use std::process::Command;

use serde_json::{Value, json};

use crate::checkout::{Checkout, model};

fn git(checkout: &Checkout, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(checkout.path(""))
        .args(["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A model whose prompt may have so many characters.
fn bounded(id: &str, longest: u64) -> Value {
    let mut model = model(id, "Translation");
    model["schema"]["input"]["properties"]["prompt"]["maxLength"] = json!(longest);
    model
}

/// Two commits: in the second a range is narrowed, a model is retired and another is new.
fn two_commits() -> Checkout {
    let checkout = Checkout::new();
    checkout.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
    checkout.write(".gitignore", "/feeds\n/target\n");
    git(&checkout, &["init", "-q"]);
    let first = checkout.feed("2025-12.json", &[bounded("@cf/a/one", 9), bounded("@cf/a/two", 9)]);
    let second = checkout.feed("2026-11.json", &[bounded("@cf/a/one", 8), bounded("@cf/a/new", 9)]);
    for feed in [first, second] {
        checkout.run(&["fetch", "--from", &feed]).succeeded();
        git(&checkout, &["add", "-A"]);
        git(&checkout, &["commit", "-qm", "x"]);
    }
    checkout
}

const EXPECTED: &str = "\
breaking      @cf/a/one  `request.prompt`: greatest length 9 → greatest length 8
breaking      @cf/a/two  retired, now behind the feature `retired`
additive      @cf/a/new  new model (Translation)
2025-12 → 2026-11: 2 breaking, 1 additive, 0 documentation; semver: major, 0.1.0 → 0.2.0
";

#[test]
fn revisions_folders_and_the_working_tree_can_be_compared() {
    let checkout = two_commits();
    assert_eq!(checkout.run(&["diff", "HEAD~1", "HEAD"]).succeeded(), EXPECTED);
    assert_eq!(checkout.run(&["diff", "HEAD~1"]).succeeded(), EXPECTED);
    let same = checkout.run(&["diff"]).succeeded();
    assert_eq!(same, "2026-11 → 2026-11: 0 breaking, 0 additive, 0 documentation; semver: none\n");
    let old = Checkout::new();
    let first = old.feed("2025-12.json", &[bounded("@cf/a/one", 9), bounded("@cf/a/two", 9)]);
    old.run(&["fetch", "--from", &first]).succeeded();
    let (root, schemas) = (old.path(""), old.path("schemas"));
    for folder in [root, schemas] {
        assert_eq!(checkout.run(&["diff", &folder.to_string_lossy()]).succeeded(), EXPECTED);
    }
    checkout.run(&["diff", "no-such-thing"]).failed("neither a folder nor a commit");
}

#[test]
fn the_changelog_gets_a_section_once() {
    let checkout = two_commits();
    checkout.run(&["diff", "HEAD~1", "HEAD", "--changelog"]).succeeded();
    let changelog = checkout.read("CHANGELOG.md");
    for line in [
        "# Changelog",
        "## [Unreleased]",
        "## Catalogue of 2026-11",
        "### Breaking",
        "- `request.prompt`: greatest length 9 → greatest length 8: `@cf/a/one`",
        "### Additive",
        "- new model (Translation): `@cf/a/new`",
    ] {
        assert!(changelog.lines().any(|found| found == line), "{line} is not in {changelog}");
    }
    checkout.run(&["diff", "HEAD~1", "HEAD", "--changelog"]).succeeded();
    assert_eq!(checkout.read("CHANGELOG.md"), changelog);
}

#[test]
fn programs_get_json() {
    let checkout = two_commits();
    let json: Value =
        serde_json::from_str(&checkout.run(&["diff", "HEAD~1", "HEAD", "--format", "json"]).succeeded()).unwrap();
    assert_eq!(json["verdict"], "major");
    assert_eq!(json["next_version"], "0.2.0");
    let first = &json["changes"][0];
    assert_eq!(first["class"], "breaking");
    assert_eq!(first["kind"], "range_narrowed");
    assert_eq!(first["parameter"], "request.prompt");
    assert!(first["why"].is_string());
}
