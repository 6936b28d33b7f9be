//! Writes the next version into the workspace's manifest: the crates' own, and that of the rooms they depend on.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// Replaces the version of every crate of the workspace.
pub(crate) fn bump(workspace: &Workspace, from: &str, to: &str) -> Result<()> {
    let path = workspace.root().join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let bumped = replace(&text, from, to);
    ensure!(bumped != text || from == to, "{} states no version {from}", path.display());
    fs::write(&path, bumped).with_context(|| format!("cannot write {}", path.display()))
}

fn replace(text: &str, from: &str, to: &str) -> String {
    let mut section = "";
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let is_own = section == "[workspace.package]" && line.starts_with("version = ");
        let is_room = section == "[workspace.dependencies]" && line.contains("path = \"crates/");
        lines.push(if is_own || is_room {
            line.replace(&format!("\"{from}\""), &format!("\"{to}\""))
        } else {
            line.to_owned()
        });
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_workspace_and_its_rooms_change() {
        let text = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\n\
            workers-ai-client = { path = \"crates/client\", version = \"0.1.0\" }\nother = \"0.1.0\"\n";
        let bumped = "[workspace.package]\nversion = \"0.2.0\"\n\n[workspace.dependencies]\n\
            workers-ai-client = { path = \"crates/client\", version = \"0.2.0\" }\nother = \"0.1.0\"\n";
        assert_eq!(replace(text, "0.1.0", "0.2.0"), bumped);
    }
}
