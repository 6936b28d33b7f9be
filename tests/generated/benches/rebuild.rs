//! What it costs to build again after one schema changed, in a copy of the checkout that holds nothing but what is needed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use workers_ai_generated::checkout::{room, root, write};
use workers_ai_generated::rows;
use workers_ai_generated::usage::children;

/// The modality with the most Rust, and a small one; each with the model whose schema changes.
const CHANGED: [(&str, &str); 2] =
    [("text-generation", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"), ("text-embeddings", "@cf/baai/bge-m3")];

fn main() -> Result<()> {
    let copy = copy()?;
    for (modality, _) in CHANGED {
        build(&copy, modality)?;
    }
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..rows::rounds(3) {
        for ((modality, model), samples) in CHANGED.into_iter().zip(&mut samples) {
            change(&copy.join("schemas").join(modality).join(format!("{model}.json")))?;
            let before = children()?.seconds;
            let rebuilt = build(&copy, modality)?;
            let seconds = children()?.seconds - before;
            ensure!(rebuilt == [format!("workers-ai-{modality}")], "more was built than {modality}: {rebuilt:?}");
            eprintln!("{modality}: {seconds:.2} s");
            samples.push(seconds);
        }
    }
    let [large, small] = &samples;
    let subjects = [("text-generation", large.as_slice()), ("text-embeddings", small.as_slice())];
    rows::print("rebuild.schema", "build after one schema changed, of that one crate", "CPU s", &subjects);
    Ok(())
}

/// Builds a crate, and says what was not fresh.
fn build(copy: &Path, modality: &str) -> Result<Vec<String>> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--message-format=json", "--package", &format!("workers-ai-{modality}")])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", room("target")?)
        // Rebuilt as cargo rebuilds by itself, whatever this run of it was told.
        .env_remove("CARGO_INCREMENTAL")
        .env_remove("RUSTFLAGS")
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut built = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let message: Value = serde_json::from_str(line)?;
        if message.get("reason") == Some(&json!("compiler-artifact")) && message.get("fresh") == Some(&json!(false)) {
            let name = message.pointer("/target/name").and_then(Value::as_str).unwrap_or_default();
            built.push(name.replace('_', "-"));
        }
    }
    Ok(built)
}

/// Moves the first bound of what the model takes.
fn change(path: &Path) -> Result<()> {
    fn bump(schema: &mut Value) -> bool {
        match schema {
            Value::Object(members) => members.iter_mut().any(|(name, value)| {
                match value.as_i64().filter(|_| name == "maximum" || name == "maxItems") {
                    Some(bound) => {
                        *value = json!(bound + 1);
                        true
                    }
                    None => bump(value),
                }
            }),
            Value::Array(items) => items.iter_mut().any(bump),
            _ => false,
        }
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut model: Value = serde_json::from_str(&text)?;
    ensure!(model.pointer_mut("/schema/input").is_some_and(bump), "{} has no bound to move", path.display());
    write(path, &serde_json::to_string_pretty(&model)?)
}

/// The crates that are built, with their schemas, as a workspace of their own.
fn copy() -> Result<PathBuf> {
    let (root, copy) = (root()?, room("checkout")?);
    let _ = fs::remove_dir_all(&copy);
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let mut manifest: toml_edit::DocumentMut = manifest.parse()?;
    let mut members = toml_edit::Array::new();
    for name in ["client", "codegen"].into_iter().chain(CHANGED.map(|(modality, _)| modality)) {
        members.push(format!("crates/{name}"));
        copy_folder(&root.join("crates").join(name), &copy.join("crates").join(name))?;
    }
    for (modality, _) in CHANGED {
        let linked = copy.join("crates").join(modality).join("schemas");
        let _ = fs::remove_dir_all(&linked);
        copy_folder(&root.join("schemas").join(modality), &copy.join("schemas").join(modality))?;
        link(&Path::new("../../schemas").join(modality), &linked)?;
    }
    let workspace = manifest.get_mut("workspace").and_then(|item| item.as_table_like_mut());
    let workspace = workspace.context("the checkout's manifest has no workspace")?;
    workspace.insert("members", toml_edit::value(members));
    workspace.remove("default-members");
    workspace.remove("exclude");
    manifest.remove("profile");
    write(&copy.join("Cargo.toml"), &manifest.to_string())?;
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock"))?;
    fs::copy(root.join("README.md"), copy.join("README.md"))?;
    Ok(copy)
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(original, link).with_context(|| format!("cannot make {}", link.display()))
}

#[cfg(not(unix))]
fn link(_original: &Path, _link: &Path) -> Result<()> {
    anyhow::bail!("this is measured on Unix only")
}

/// Copies a folder; what links point to is copied, not the links.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let (from, to) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}
