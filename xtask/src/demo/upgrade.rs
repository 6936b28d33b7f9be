//! `demo --upgrade`: a program written against one catalogue meets the next, on one screen.
//!
//! The models of before come from this repository's history, the program is made in `target/demo`, and nothing is
//! pretended: the compiler, the diff and the server are the real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::heading;
use super::server::Server;
use crate::diff;
use crate::folder;
use crate::programs::{self, Kind};
use crate::workspace::Workspace;

const MODALITY: &str = "text-generation";
/// The model that the program uses, and the one that it moves to.
const BEFORE: (&str, &str) = ("@cf/meta/llama-3.1-8b-instruct", "llama_3_1_8b_instruct");
const AFTER: &str = "llama_3_1_8b_instruct_fp8";

/// Tells the story.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let revision = revision_before(workspace)?;
    let scratch = Scratch::make(workspace)?;

    heading("a program, written when the catalogue was that of 2025-12");
    scratch.use_models_of(&revision)?;
    scratch.write_program(PROGRAM)?;
    print!("{PROGRAM}");
    if let Some(errors) = scratch.check()? {
        bail!("the program should compile against the models of 2025-12:\n{errors}");
    }
    println!("\n   cargo check: it compiles");

    heading("the catalogue becomes that of 2026-11; the program is compiled again");
    scratch.use_models_here()?;
    match scratch.check()? {
        Some(errors) => print!("{errors}"),
        None => bail!("the program should no longer compile: {} has left the catalogue", BEFORE.0),
    }

    heading(&format!("what cargo xtask diff {} says about that model", revision.get(..7).unwrap_or(&revision)));
    for line in diff::since(workspace, &revision, BEFORE.0)? {
        println!("{line}");
    }

    heading("the fix: a live sister of the model, with the same parameters");
    let fixed = PROGRAM.replace(BEFORE.1, AFTER);
    for (old, new) in PROGRAM.lines().zip(fixed.lines()).filter(|(old, new)| old != new) {
        println!("-{old}\n+{new}");
    }
    scratch.write_program(&fixed)?;
    if let Some(errors) = scratch.check()? {
        bail!("the fixed program does not compile:\n{errors}");
    }

    heading("and its answer, streamed by the local Workers AI");
    let programs = programs::build(workspace, Kind::Binary, &["workers-ai-local"], None)?;
    let server = Server::start(&programs.path_of("workers-ai-local")?)?;
    let status =
        server.environment(&mut scratch.cargo("run")).stdout(Stdio::inherit()).stderr(Stdio::null()).status()?;
    ensure!(status.success(), "the program failed");
    Ok(())
}

/// The last revision with the catalogue of before.
fn revision_before(workspace: &Workspace) -> Result<String> {
    let output = Command::new("git")
        .args(["log", "--format=%H", "--diff-filter=A", "--", &format!("schemas/{MODALITY}/{}.json", BEFORE.0)])
        .current_dir(workspace.root())
        .output()
        .context("cannot run git")?;
    let found = String::from_utf8_lossy(&output.stdout).lines().last().map(str::to_owned);
    found.context("this needs the history of the repository: clone it without --depth, or run `git fetch --unshallow`")
}

/// A small workspace of its own: the program, and the modality crate with other models.
struct Scratch<'a> {
    workspace: &'a Workspace,
    root: PathBuf,
}

impl<'a> Scratch<'a> {
    fn make(workspace: &'a Workspace) -> Result<Self> {
        let root = workspace.target().join("demo").join("upgrade");
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| format!("cannot clear {}", root.display()))?;
        }
        let room = root.join(MODALITY);
        folder::copy(&workspace.room(MODALITY).join("src"), &room.join("src"))?;
        let copy = |from: PathBuf, to: PathBuf| {
            fs::copy(&from, &to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
        };
        copy(workspace.room(MODALITY).join("Cargo.toml"), room.join("Cargo.toml"))?;
        copy(workspace.root().join("build.rs"), room.join("build.rs"))?;
        copy(workspace.root().join("Cargo.lock"), root.join("Cargo.lock"))?;
        fs::create_dir_all(root.join("program/src"))?;
        fs::write(root.join("Cargo.toml"), manifest(workspace)?)?;
        fs::write(root.join("program/Cargo.toml"), PROGRAM_MANIFEST)?;
        Ok(Self { workspace, root })
    }

    fn write_program(&self, text: &str) -> Result<()> {
        fs::write(self.root.join("program/src/main.rs"), text).context("cannot write the program")
    }

    /// The models of a revision, with today's corrections.
    fn use_models_of(&self, revision: &str) -> Result<()> {
        let schemas = self.emptied_schemas()?;
        let listing = self.git(&["ls-tree", "-r", "--name-only", revision, &format!("schemas/{MODALITY}")])?;
        for path in String::from_utf8_lossy(&listing).lines().filter(|path| !path.contains("/overlays/")) {
            let place = schemas.join(Path::new(path).strip_prefix(format!("schemas/{MODALITY}"))?);
            fs::create_dir_all(place.parent().unwrap_or(&schemas))?;
            fs::write(&place, self.git(&["show", &format!("{revision}:{path}")])?)?;
        }
        folder::copy(&self.workspace.schemas().join(MODALITY).join("overlays"), &schemas.join("overlays"))
    }

    fn use_models_here(&self) -> Result<()> {
        folder::copy(&self.workspace.schemas().join(MODALITY), &self.emptied_schemas()?)
    }

    fn emptied_schemas(&self) -> Result<PathBuf> {
        let schemas = self.root.join(MODALITY).join("schemas");
        if schemas.exists() {
            fs::remove_dir_all(&schemas)?;
        }
        fs::create_dir_all(&schemas)?;
        Ok(schemas)
    }

    fn git(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.workspace.root())
            .output()
            .context("cannot run git")?;
        ensure!(output.status.success(), "git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        Ok(output.stdout)
    }

    fn cargo(&self, verb: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args([verb, "--quiet", "--offline", "--package", "program"])
            .env("CARGO_TARGET_DIR", self.workspace.target().join("demo").join("target"))
            // As somebody else compiles it: here warnings may be errors.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(&self.root);
        cargo
    }

    /// What the compiler says against the program, or nothing.
    fn check(&self) -> Result<Option<String>> {
        let output = self.cargo("check").output().context("cannot run cargo")?;
        if output.status.success() {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// The workspace's own manifest, for two members and with absolute paths to the rest.
fn manifest(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.root().join("Cargo.toml")).context("cannot read Cargo.toml")?;
    let crates = workspace.root().join("crates").display().to_string().replace('\\', "/");
    Ok(for_two(&text, &crates))
}

/// A manifest without the other members, and without profiles of packages that the two do not have.
fn for_two(manifest: &str, crates: &str) -> String {
    let mut lines = Vec::new();
    let mut within_list = false;
    for line in manifest.lines().take_while(|line| !line.starts_with("[profile.dev.package.")) {
        within_list |= line.starts_with("default-members = ");
        if within_list {
            within_list = !line.ends_with(']');
            continue;
        }
        lines.push(if line.starts_with("members = ") {
            format!("members = [\"program\", \"{MODALITY}\"]")
        } else if line.starts_with(&format!("workers-ai-{MODALITY} = ")) {
            format!("workers-ai-{MODALITY} = {{ path = \"{MODALITY}\", default-features = false }}")
        } else {
            line.replace("path = \"crates/", &format!("path = \"{crates}/"))
        });
    }
    lines.join("\n")
}

const PROGRAM_MANIFEST: &str = r#"[package]
name = "program"
edition = "2024"

[dependencies]
tokio = { workspace = true, features = ["macros", "rt-multi-thread"] }
workers-ai-client.workspace = true
workers-ai-text-generation = { workspace = true, features = ["http"] }
"#;

const PROGRAM: &str = r#"use workers_ai_client::{Client, Error, lit};
use workers_ai_text_generation::{llama_3_1_8b_instruct as llama, prelude::*};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let question = llama::Request::prompt("Why is the sky blue?").temperature(lit!(llama::Temperature, 0.7));
    let mut answer = client.text_generation().llama_3_1_8b_instruct(question).stream().await?;
    while let Some(piece) = answer.try_next().await? {
        print!("{}", piece.text());
    }
    println!();
    Ok(())
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_cut_down_to_two_members() {
        let whole = "[workspace]\nmembers = [\"crates/*\"]\ndefault-members = [\n    \"crates/client\",\n]\nresolver = \"3\"\n\
            a = { path = \"crates/a\" }\nworkers-ai-text-generation = { path = \"x\" }\n[profile.dev.package.b]\nopt-level = 3\n";
        assert_eq!(
            for_two(whole, "/w/crates"),
            "[workspace]\nmembers = [\"program\", \"text-generation\"]\nresolver = \"3\"\na = { path = \"/w/crates/a\" }\n\
                workers-ai-text-generation = { path = \"text-generation\", default-features = false }"
        );
        assert!(for_two("default-members = [\"a\"]\nb = 1", "").ends_with("b = 1"));
    }
}
