//! Prism, installed from npm into the target folder, with a description of the same model.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::question;

pub(crate) const VERSION: &str = "5.16.0";

/// Prism on a port of this machine.
pub(crate) fn command(port: u16) -> Result<Command> {
    let folder = installed()?;
    let description = folder.join("description.json");
    fs::write(&description, description_of(question::schema()?).to_string())?;
    let mut command = Command::new("node");
    command.arg(folder.join("node_modules/@stoplight/prism-cli/dist/index.js"));
    // One process and no logging of each request, which is how it is fastest.
    command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string(), "--verboseLevel", "silent"]);
    command.arg("--multiprocess=false").arg(description);
    Ok(command)
}

fn installed() -> Result<PathBuf> {
    // The folder of this program is target/release/deps.
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).context("this program lies in no target folder")?;
    let folder = target.join("rivals").join(format!("prism-{VERSION}"));
    if !folder.join("installed").exists() {
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("package.json"), json!({"dependencies": {"@stoplight/prism-cli": VERSION}}).to_string())?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]).current_dir(&folder);
        let status = npm.stdout(Stdio::null()).status().context("npm is needed to install Prism")?;
        ensure!(status.success(), "npm could not install Prism {VERSION}");
        fs::write(folder.join("installed"), "")?;
    }
    Ok(folder)
}

fn description_of(schema: Value) -> Value {
    let answer = json!({"application/json": {"schema": {"type": "object"}, "example": question::answer()}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Workers AI", "version": "1"},
        "paths": {"/run": {"post": {
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {"200": {"description": "answered", "content": answer}}
        }}}
    })
}
