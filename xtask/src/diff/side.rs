//! The two sides of a diff: a folder, a git revision, or the working tree.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::catalogue::index::{Catalogue, INDEX};
use crate::workspace::Workspace;

/// Where a catalogue is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// `schemas/` as it lies in the checkout.
    WorkingTree,
    /// `schemas/` of a commit.
    Revision(String),
    /// A folder with a catalogue in it.
    Folder(PathBuf),
}

impl Location {
    /// A folder if there is one of that name, else a revision.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let path = Path::new(text);
        if path.is_dir() {
            let inner = path.join("schemas");
            let folder = if inner.join(INDEX).is_file() { inner } else { path.to_owned() };
            ensure!(folder.join(INDEX).is_file(), "{text} holds no {INDEX}");
            return Ok(Self::Folder(folder));
        }
        ensure!(!text.starts_with('-'), "{text} is neither a folder nor a revision");
        Ok(Self::Revision(text.to_owned()))
    }

    pub(crate) fn read(&self, workspace: &Workspace) -> Result<Catalogue> {
        match self {
            Self::WorkingTree => Catalogue::read(&workspace.schemas()),
            Self::Folder(folder) => Catalogue::read(folder),
            Self::Revision(revision) => {
                let revision = resolve(workspace, revision)?;
                Catalogue::read_with(|path| at_revision(workspace, &revision, path))
            }
        }
        .with_context(|| format!("cannot read the catalogue of {self}"))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingTree => formatter.write_str("the working tree"),
            Self::Revision(revision) => formatter.write_str(revision),
            Self::Folder(folder) => write!(formatter, "{}", folder.display()),
        }
    }
}

fn resolve(workspace: &Workspace, revision: &str) -> Result<String> {
    let output = git(workspace, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    output.with_context(|| {
        format!("`{revision}` is neither a folder nor a commit here; try: cargo xtask diff HEAD~1 HEAD")
    })
}

fn at_revision(workspace: &Workspace, revision: &str, path: &Path) -> Result<Option<String>> {
    let path = path.to_str().context("a path is not UTF-8")?.replace('\\', "/");
    git(workspace, &["show", &format!("{revision}:./schemas/{path}")])
}

/// What git prints, or nothing if it refuses.
fn git(workspace: &Workspace, arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(workspace.root())
        .args(arguments)
        .output()
        .context("cannot run git; pass two folders instead of revisions")?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8(output.stdout).context("git printed something that is not UTF-8")?;
    let is_id = arguments.first() == Some(&"rev-parse");
    Ok(Some(if is_id { text.trim().to_owned() } else { text }))
}

/// The version that the crates of a checkout have now.
pub(crate) fn version(workspace: &Workspace) -> Result<String> {
    let manifest = workspace.root().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let lines = text.lines().skip_while(|line| line.trim() != "[workspace.package]").skip(1);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        if let Some(("version", value)) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            return Ok(value.trim_matches('"').to_owned());
        }
    }
    bail!("{} states no version under [workspace.package]", manifest.display())
}
