//! Makes a copied modality crate carry its generated Rust, and its generator an option.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use toml_edit::{Array, DocumentMut, Item, Table, value};
use workers_ai_codegen::Builder;

/// The generated Rust, beside the hand-written.
pub(super) const MODELS: &str = "src/models.rs";

/// What turns the generator on again.
pub(super) const FEATURE: &str = "codegen";

const GENERATOR: &str = "workers-ai-codegen";

const GENERATE: &str = "    workers_ai_codegen::build();\n";
const GENERATE_IF_ASKED: &str = "    // Otherwise src/models.rs is what this has made.\n    #[cfg(feature = \"codegen\")]\n    workers_ai_codegen::build();\n    #[cfg(not(feature = \"codegen\"))]\n    println!(\"cargo::rerun-if-changed=build.rs\");\n";

const INCLUDE: &str = "include!(concat!(env!(\"OUT_DIR\"), \"/models.rs\"));\n";
const INCLUDE_CARRIED: &str = "#[cfg(not(feature = \"codegen\"))]\ninclude!(\"models.rs\");\n#[cfg(feature = \"codegen\")]\ninclude!(concat!(env!(\"OUT_DIR\"), \"/models.rs\"));\n";

/// Writes the generated Rust into the crate and changes the three files that would have made it.
pub(super) fn carry(room: &Path, package: &str) -> Result<()> {
    let models = Builder::of_modality(package).generate(room).map_err(|reason| anyhow!("{package}: {reason}"))?;
    fs::write(room.join(MODELS), models).with_context(|| format!("cannot write {}", room.join(MODELS).display()))?;
    rewrite(&room.join("Cargo.toml"), manifest)?;
    rewrite(&room.join("build.rs"), |text| replace(text, GENERATE, GENERATE_IF_ASKED))?;
    rewrite(&room.join("src/lib.rs"), |text| replace(text, INCLUDE, INCLUDE_CARRIED))
}

fn rewrite(path: &Path, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let changed = change(&text).with_context(|| format!("in {}", path.display()))?;
    fs::write(path, changed).with_context(|| format!("cannot write {}", path.display()))
}

/// The manifest with an optional generator behind a feature.
fn manifest(text: &str) -> Result<String> {
    let mut manifest: DocumentMut = text.parse()?;
    let generator = manifest
        .get_mut("build-dependencies")
        .and_then(|dependencies| dependencies.get_mut(GENERATOR))
        .and_then(Item::as_table_like_mut)
        .with_context(|| format!("the build does not depend on {GENERATOR}"))?;
    generator.insert("optional", value(true));
    let features = manifest.entry("features").or_insert_with(|| Item::Table(Table::new()));
    let features = features.as_table_mut().context("`features` is no table")?;
    ensure!(!features.contains_key(FEATURE), "there already is a feature `{FEATURE}`");
    features.insert(FEATURE, value(Array::from_iter([format!("dep:{GENERATOR}")])));
    if let Some(mut key) = features.key_mut(FEATURE) {
        key.leaf_decor_mut().set_prefix("# Generates the Rust anew, from the schemas in this package.\n");
    }
    Ok(manifest.to_string())
}

/// Replaces what must be there exactly once.
fn replace(text: &str, from: &str, to: &str) -> Result<String> {
    ensure!(text.matches(from).count() == 1, "this is not there exactly once: {}", from.trim());
    Ok(text.replace(from, to))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

    #[test]
    fn the_generator_becomes_an_option() {
        let text = "[features]\nretired = []\n\n[build-dependencies]\nworkers-ai-codegen = { workspace = true, features = [\"emit\"] }\n";
        let expected = "[features]\nretired = []\n# Generates the Rust anew, from the schemas in this package.\n\
                        codegen = [\"dep:workers-ai-codegen\"]\n\n[build-dependencies]\n\
                        workers-ai-codegen = { workspace = true, features = [\"emit\"] , optional = true }\n";
        assert_eq!(manifest(text).unwrap(), expected);
    }

    #[test]
    fn a_crate_without_the_generator_is_refused() {
        let error = manifest("[features]\n").unwrap_err();
        assert_eq!(error.to_string(), "the build does not depend on workers-ai-codegen");
    }

    #[test]
    fn every_modality_crate_has_the_lines_that_are_changed() {
        let workspace = crate::workspace::Workspace::locate(Some(ROOT.into())).unwrap();
        let modalities = workspace.modalities();
        assert!(modalities.len() >= 12, "only {} modalities", modalities.len());
        for modality in modalities {
            let room = workspace.room(&modality);
            let read = |file: &str| fs::read_to_string(room.join(file)).unwrap();
            manifest(&read("Cargo.toml")).unwrap();
            replace(&read("build.rs"), GENERATE, GENERATE_IF_ASKED).unwrap();
            replace(&read("src/lib.rs"), INCLUDE, INCLUDE_CARRIED).unwrap();
        }
    }

    #[test]
    fn a_line_that_is_missing_or_there_twice_is_named() {
        let error = replace("fn main() {}\n", GENERATE, "").unwrap_err();
        assert_eq!(error.to_string(), "this is not there exactly once: workers_ai_codegen::build();");
        assert!(replace(&GENERATE.repeat(2), GENERATE, "").is_err());
    }
}
