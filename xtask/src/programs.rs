//! Builds programs of the workspace and asks cargo where they are.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace::Workspace;

/// Programs that cargo has built, by target.
pub(crate) struct Programs(BTreeMap<String, PathBuf>);

/// What kind of target a program is, and with it which profile it is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A binary, as `cargo run` runs it.
    Binary,
    /// A bench, optimised.
    Bench,
}

impl Programs {
    pub(crate) fn path_of(&self, name: &str) -> Result<PathBuf> {
        self.0.get(name).cloned().with_context(|| format!("cargo built no program called {name}"))
    }
}

/// Cargo, as it runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Builds the programs of some packages, or of one name only.
pub(crate) fn build(workspace: &Workspace, kind: Kind, packages: &[&str], only: Option<&str>) -> Result<Programs> {
    let mut cargo = cargo();
    match (kind, only) {
        (Kind::Binary, None) => cargo.args(["build", "--bins"]),
        (Kind::Binary, Some(name)) => cargo.args(["build", "--bin", name]),
        (Kind::Bench, None) => cargo.args(["bench", "--no-run", "--benches"]),
        (Kind::Bench, Some(name)) => cargo.args(["bench", "--no-run", "--bench", name]),
    };
    cargo.arg("--message-format=json-render-diagnostics").current_dir(workspace.root());
    for package in packages {
        cargo.args(["--package", package]);
    }
    let output = cargo.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo could not build {}", packages.join(" and "));
    let mut programs = BTreeMap::new();
    for line in output.stdout.lines() {
        let message: Value = serde_json::from_str(&line?)?;
        let name = message.pointer("/target/name").and_then(Value::as_str);
        let path = message.get("executable").and_then(Value::as_str);
        if let (Some(name), Some(path)) = (name, path) {
            programs.insert(name.to_owned(), PathBuf::from(path));
        }
    }
    Ok(Programs(programs))
}
