//! Folders of schemas on disk: what is read, what is complained about, and what a build script makes of them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use workers_ai_codegen::{Builder, Options, load};

/// A folder of its own for one test, empty.
fn folder(test: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("workers-ai-codegen-{}-{test}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, value.to_string()).unwrap();
}

fn model(name: &str) -> Value {
    json!({
        "id": format!("@acme/{name}"), "task": "T", "rust": {"module": name, "type": "M"}, "lifecycle": {"first_seen": "2026-01"},
        "schema": {"input": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}, "output": {}},
    })
}

fn correction() -> Value {
    json!({"applies_to": {}, "reason": "r", "evidence": ["e"], "patch": {"reply": {"bytes": {}}}})
}

#[test]
fn models_are_below_authors_and_corrections_in_overlays() {
    let folder = folder("read").join("house-models");
    write(&folder.join("@acme/deep/one.json"), &model("one"));
    write(&folder.join("@acme/two.json"), &model("two"));
    // An author may be called so.
    write(&folder.join("@acme/overlays/three.json"), &model("three"));
    write(&folder.join("overlays/bytes.json"), &correction());
    fs::write(folder.join("@acme/notes.txt"), "not JSON").unwrap();
    let modality = load(&folder).unwrap();
    assert_eq!(modality.name, "house-models");
    let ids: Vec<&str> = modality.models.iter().map(|model| model.facts.id.as_str()).collect();
    assert_eq!(ids, ["@acme/one", "@acme/three", "@acme/two"]);
    let overlays: Vec<(&str, usize)> =
        modality.overlays.iter().map(|(overlay, count)| (overlay.name.as_str(), *count)).collect();
    assert_eq!(overlays, [("overlays/bytes.json", 3)]);
}

#[test]
fn every_file_that_cannot_be_used_is_named() {
    let folder = folder("broken");
    write(&folder.join("@acme/good.json"), &model("good"));
    write(&folder.join("@acme/odd.json"), &json!({"id": "@acme/odd"}));
    let mut closed = model("closed");
    closed["schema"]["input"] = json!(false);
    write(&folder.join("@acme/closed.json"), &closed);
    write(&folder.join("overlays/idle.json"), &json!({"applies_to": {}}));
    let told: Vec<String> = load(&folder).unwrap_err().0.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("@acme/odd.json: missing field `task`"), "{told:?}");
    assert!(told[1].starts_with("overlays/idle.json: missing field `reason`"), "{told:?}");
    assert_eq!(told[2], "@acme/closed#/schema/input: `false` as a schema allows nothing");
    let nowhere = folder.join("nowhere");
    let told = load(&nowhere).unwrap_err();
    assert_eq!(told.0.len(), 1);
    assert!(told.to_string().starts_with(&format!("{}: ", nowhere.display())), "{told}");
}

#[test]
fn problems_are_told_one_a_line() {
    let folder = folder("lines");
    for name in ["a", "b", "c"] {
        write(&folder.join(format!("@acme/{name}.json")), &json!({}));
    }
    let told = load(&folder).unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(lines, ["@acme/a.json", "@acme/b.json", "@acme/c.json"]);
}

#[test]
fn a_builder_names_the_handle_after_the_folder_or_as_it_is_told() {
    let folder = folder("builder");
    write(&folder.join("schemas/house-models/@acme/one.json"), &model("one"));
    let builder = Builder::new("schemas/house-models");
    assert!(builder.generate(&folder).unwrap().contains("pub struct HouseModels {"));
    assert!(builder.clone().name("garden").generate(&folder).unwrap().contains("pub struct Garden {"));
    let options = Options { without_handle: true, ..Options::default() };
    let modules = builder.options(options).generate(&folder).unwrap();
    assert!(modules.contains("pub mod one {") && !modules.contains("pub struct HouseModels"));
}

#[test]
fn a_modality_crate_finds_its_schemas_and_shows_its_own_path() {
    let folder = folder("modality");
    write(&folder.join("schemas/@acme/one.json"), &model("one"));
    let rust = Builder::of_modality("workers-ai-house-models").generate(&folder).unwrap();
    assert!(rust.contains("pub struct HouseModels {"));
    assert!(rust.contains("/// use workers_ai_house_models::{one, prelude::*};"));
    assert!(Builder::of_modality("garden").generate(&folder).unwrap().contains("/// use garden::{one, prelude::*};"));
}

#[test]
fn a_checkout_without_links_is_told_what_to_do() {
    let folder = folder("links");
    let told = Builder::new("schemas").generate(&folder).unwrap_err();
    assert_eq!(told, format!("{} is not a folder: there is nothing of that name", folder.join("schemas").display()));
    fs::write(folder.join("schemas"), "../../schemas/house-models").unwrap();
    let told = Builder::new("schemas").generate(&folder).unwrap_err();
    assert!(told.contains("is not a folder: this checkout has no symbolic links"), "{told}");
    assert!(told.contains("git config core.symlinks true"), "{told}");
}

/// What the test below starts: this program once more, as a build script.
#[test]
fn as_a_build_script() {
    match env::var("AS_A_BUILD_SCRIPT").as_deref() {
        Ok("modality") => workers_ai_codegen::build(),
        Ok(_) => Builder::new("schemas/house-models").file("house.rs").build(),
        Err(_) => {}
    }
}

/// Runs it, and gives whether it succeeded and what it said to cargo.
fn build_script(kind: &str, crate_folder: &Path, out: Option<&Path>) -> (bool, Vec<String>) {
    let mut script = Command::new(env::current_exe().unwrap());
    script.args(["--exact", "as_a_build_script", "--nocapture"]).env("AS_A_BUILD_SCRIPT", kind);
    script.env("CARGO_MANIFEST_DIR", crate_folder).env("CARGO_PKG_NAME", "workers-ai-house-models");
    match out {
        Some(out) => script.env("OUT_DIR", out),
        None => script.env_remove("OUT_DIR"),
    };
    let output = script.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let said = said.lines().filter_map(|line| line.split_once("cargo::")).map(|(_, said)| said.to_owned());
    (output.status.success(), said.collect())
}

#[test]
fn a_build_script_writes_one_file_and_says_what_it_depends_on() {
    let folder = folder("script");
    write(&folder.join("schemas/house-models/@acme/one.json"), &model("one"));
    write(&folder.join("schemas/@acme/one.json"), &model("one"));
    assert_eq!(
        build_script("own", &folder, Some(&folder)),
        (true, vec!["rerun-if-changed=schemas/house-models".to_owned()])
    );
    let expected = Builder::new("schemas/house-models").generate(&folder).unwrap();
    assert_eq!(fs::read_to_string(folder.join("house.rs")).unwrap(), expected);

    fs::remove_dir_all(folder.join("schemas/house-models")).unwrap();
    assert_eq!(build_script("modality", &folder, Some(&folder)), (true, vec!["rerun-if-changed=schemas".to_owned()]));
    let expected = Builder::of_modality("workers-ai-house-models").generate(&folder).unwrap();
    assert_eq!(fs::read_to_string(folder.join("models.rs")).unwrap(), expected);
}

#[test]
fn a_build_script_that_fails_says_every_reason_to_cargo() {
    let folder = folder("failing");
    for name in ["a", "b"] {
        write(&folder.join(format!("schemas/house-models/@acme/{name}.json")), &json!({}));
    }
    let (succeeded, said) = build_script("own", &folder, Some(&folder));
    let errors: Vec<&String> = said.iter().filter(|line| line.starts_with("error=@acme/")).collect();
    assert!(!succeeded && errors.len() == 2, "{said:?}");
    assert!(!folder.join("house.rs").exists());
    let (succeeded, said) = build_script("own", &folder, None);
    assert!(!succeeded);
    assert_eq!(said, ["error=OUT_DIR: environment variable not found; this belongs in a build script"]);
    let (succeeded, said) = build_script("own", &folder, Some(&folder.join("nowhere")));
    assert!(!succeeded && said.iter().any(|line| line.starts_with("error=@acme/a.json: ")), "{said:?}");
}
