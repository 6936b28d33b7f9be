//! Builds the programs of the demo and runs a local Workers AI for as long as it is needed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace::Workspace;

/// Programs that cargo has built, by package.
pub(super) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    pub(super) fn path_of(&self, package: &str) -> Result<PathBuf> {
        self.0.get(package).cloned().with_context(|| format!("cargo built no program of {package}"))
    }
}

/// Builds the programs of some packages and asks cargo where they are.
pub(super) fn build(workspace: &Workspace, packages: &[&str]) -> Result<Programs> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics"]).current_dir(workspace.root());
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

/// A local Workers AI that ends with this value.
pub(super) struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts the server on a free port and waits until it says where it listens.
    pub(super) fn start(program: &std::path::Path) -> Result<Self> {
        let mut process = Command::new(program)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = process.stdout.take().context("the server has no output")?;
        // Made before the address is known, so that the process ends with it whatever happens.
        let mut server = Self { process, address: String::new() };
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some(address) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                address.trim_end_matches(',').clone_into(&mut server.address);
                break;
            }
        }
        ensure!(!server.address.is_empty(), "the local server ended without saying where it listens");
        // Its pipe must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Points a program's client at this server.
    pub(super) fn environment<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program
            .env("CLOUDFLARE_API_BASE_URL", format!("{}/client/v4", self.address))
            .env("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef")
            .env("CLOUDFLARE_API_TOKEN", "local")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
