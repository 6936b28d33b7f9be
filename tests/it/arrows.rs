//! Which crate may depend on which, asserted from what cargo itself says.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::fidelity::root;

/// What cargo knows about the packages of the workspace.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The members of the workspace that a package depends on, by one kind of dependency or by any.
struct Arrows {
    packages: Vec<Value>,
    members: BTreeSet<String>,
    modalities: BTreeSet<String>,
}

impl Arrows {
    fn read() -> Self {
        let packages = metadata()["packages"].as_array().cloned().unwrap_or_default();
        let members = packages.iter().map(|package| text(&package["name"]).to_owned()).collect();
        let folders =
            std::fs::read_dir(root().join("schemas")).unwrap().flatten().filter(|entry| entry.path().is_dir());
        let modalities: BTreeSet<String> = folders
            .map(|entry| format!("workers-ai-{}", entry.file_name().to_string_lossy()))
            .filter(|name| name != "workers-ai-facts")
            .collect();
        let arrows = Self { packages, members, modalities };
        assert!(arrows.modalities.iter().all(|name| arrows.members.contains(name)), "a modality has no crate");
        arrows
    }

    fn of(&self, package: &str, kinds: &[&str]) -> BTreeSet<String> {
        let found = self.packages.iter().find(|found| found["name"] == package);
        let dependencies =
            found.unwrap_or_else(|| panic!("there is no package {package}"))["dependencies"].as_array().unwrap();
        dependencies
            .iter()
            .filter(|dependency| kinds.contains(&dependency["kind"].as_str().unwrap_or("normal")))
            .map(|dependency| text(&dependency["name"]).to_owned())
            .filter(|name| self.members.contains(name))
            .collect()
    }

    /// Fails where a package depends on a member that is not among the allowed.
    #[track_caller]
    fn check(&self, package: &str, kinds: &[&str], allowed: impl Fn(&str) -> bool) {
        let forbidden: Vec<String> = self.of(package, kinds).into_iter().filter(|name| !allowed(name)).collect();
        assert!(forbidden.is_empty(), "{package} depends ({}) on {}", kinds.join(", "), forbidden.join(", "));
    }
}

const ANY: &[&str] = &["normal", "build", "dev"];

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn modality_crates_know_the_client_and_the_generator_only() {
    let arrows = Arrows::read();
    for modality in &arrows.modalities {
        arrows.check(modality, &["normal"], |name| name == "workers-ai-client");
        arrows.check(modality, &["build"], |name| name == "workers-ai-codegen");
        arrows.check(modality, ANY, |name| !arrows.modalities.contains(name));
    }
}

#[test]
fn the_client_the_generator_and_inference_know_nobody() {
    let arrows = Arrows::read();
    for package in ["workers-ai-client", "workers-ai-codegen", "workers-ai-inference"] {
        arrows.check(package, ANY, |_| false);
    }
    arrows.check("workers-ai-account", &["normal", "build"], |name| name == "workers-ai-client");
}

#[test]
fn the_facade_is_client_and_modalities() {
    let arrows = Arrows::read();
    arrows.check("workers-ai", &["normal", "build"], |name| {
        ["workers-ai-client", "workers-ai-openai"].contains(&name) || arrows.modalities.contains(name)
    });
    let missing: Vec<_> = arrows.modalities.difference(&arrows.of("workers-ai", &["normal"])).cloned().collect();
    assert!(missing.is_empty(), "the facade lacks {}", missing.join(", "));
}

#[test]
fn the_compatible_side_is_client_and_chat() {
    let arrows = Arrows::read();
    arrows.check("workers-ai-openai", &["normal", "build"], |name| {
        ["workers-ai-client", "workers-ai-text-generation"].contains(&name)
    });
    for package in arrows.members.iter().filter(|package| *package != "workers-ai") {
        arrows.check(package, &["normal", "build"], |name| name != "workers-ai-openai");
    }
}

#[test]
fn the_local_server_reads_schemas_not_bindings() {
    let arrows = Arrows::read();
    arrows.check("workers-ai-local", ANY, |name| name != "workers-ai" && !arrows.modalities.contains(name));
}

#[test]
fn xtask_is_on_top_and_compiles_without_bindings() {
    let arrows = Arrows::read();
    arrows.check("xtask", ANY, |name| name != "workers-ai" && !arrows.modalities.contains(name));
    // A fuzz target reads feeds as `fetch` does.
    for package in arrows.members.iter().filter(|package| *package != "workers-ai-fuzz") {
        arrows.check(package, ANY, |name| name != "xtask");
    }
}

/// Who does not ask for them does not compile them: they take minutes.
#[test]
fn only_what_is_heavy_is_left_out_by_default() {
    let metadata = metadata();
    let ids = |key: &str| -> BTreeSet<String> {
        metadata[key].as_array().unwrap().iter().map(|id| text(id).to_owned()).collect()
    };
    let (all, default) = (ids("workspace_members"), ids("workspace_default_members"));
    let left_out: Vec<&String> = all.difference(&default).collect();
    let expected = ["crates/inference", "tests/benches", "tests/fuzz", "tests/generated", "tests/rivals"];
    let named = expected.iter().all(|place| left_out.iter().any(|id| id.contains(place)));
    assert!(named && left_out.len() == expected.len(), "{left_out:?}");
}

/// The lock holds every platform and every feature, so this is more than the default features ask for.
#[test]
fn nothing_pulls_in_aws_lc() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    assert!(packages.len() > 100, "only {} packages are locked", packages.len());
    let found: Vec<&str> = packages.into_iter().filter(|name| name.contains("aws-lc")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
