//! cargo-mutants itself: it decides which mutants there are, and tries the few that need a build of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::ledger::Verdict;
use super::mutant::{Mutant, identify};
use super::package::Package;

const INSTALL: &str = "cargo-mutants is needed: cargo install --locked cargo-mutants";
/// In seconds. The tests take fewer than ten.
const PATIENCE: &str = "90";

/// The installed cargo-mutants.
pub(super) struct Tool {
    /// Such as `cargo-mutants 27.1.0`.
    pub(super) version: String,
}

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scenario {
    Mutant {
        #[serde(rename = "Mutant")]
        mutant: Named,
    },
    Baseline(#[expect(dead_code, reason = "only told apart")] String),
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl Tool {
    /// Asks for its version.
    pub(super) fn find() -> Result<Self> {
        let output = program().arg("--version").output().context(INSTALL)?;
        ensure!(output.status.success(), INSTALL);
        Ok(Self { version: String::from_utf8_lossy(&output.stdout).trim().to_owned() })
    }

    /// The mutants of a package in a checkout, in the order of the source.
    pub(super) fn list(&self, root: &Path, package: &Package) -> Result<Vec<Mutant>> {
        let mut command = program();
        command.current_dir(root).args(["--list", "--json", "--package", package.name]);
        let output = command.stderr(Stdio::inherit()).output().context(INSTALL)?;
        ensure!(output.status.success(), "cargo mutants --list failed");
        let mut mutants: Vec<Mutant> = serde_json::from_slice(&output.stdout).context("the list of cargo-mutants")?;
        let mut texts = BTreeMap::new();
        for mutant in &mutants {
            if !texts.contains_key(&mutant.file) {
                let path = root.join(&mutant.file);
                let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                texts.insert(mutant.file.clone(), text);
            }
        }
        identify(&mut mutants, &texts);
        Ok(mutants)
    }

    /// Builds and tries these mutants one by one, in a copy that may be changed. By name.
    pub(super) fn try_alone(
        &self,
        copy: &Path,
        build: &Path,
        package: &Package,
        mutants: &[&Mutant],
    ) -> Result<BTreeMap<String, Verdict>> {
        let out = copy.with_file_name(format!("alone-{}", package.folder));
        let mut command = program();
        command.current_dir(copy).env("CARGO_TARGET_DIR", build).args(["--in-place", "--package", package.name]);
        command.args(["--baseline=skip", "--timeout", PATIENCE, "--colors=never", "--output"]).arg(&out);
        command.args(package.cargo_arguments().map(|argument| format!("--cargo-arg={argument}")));
        for mutant in mutants {
            command.arg("--re").arg(format!("^{}$", escaped(&mutant.name)));
        }
        let status = command.status().context(INSTALL)?;
        // 2: some were missed; 3: some timed out.
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            bail!("cargo mutants ended with {status}");
        }
        read(&out.join("mutants.out/outcomes.json"))
    }
}

fn program() -> Command {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(cargo);
    command.arg("mutants");
    command
}

fn read(path: &Path) -> Result<BTreeMap<String, Verdict>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let found: Outcomes = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let mut verdicts = BTreeMap::new();
    for outcome in found.outcomes {
        let Scenario::Mutant { mutant } = outcome.scenario else { continue };
        let verdict = match outcome.summary.as_str() {
            "CaughtMutant" => Verdict::Caught,
            "MissedMutant" => Verdict::Missed,
            "Timeout" => Verdict::TimedOut,
            "Unviable" => Verdict::Unviable,
            other => bail!("{}: an outcome called {other}", mutant.name),
        };
        verdicts.insert(mutant.name, verdict);
    }
    Ok(verdicts)
}

/// The name as a regular expression for nothing but itself.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_punctuation() {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
