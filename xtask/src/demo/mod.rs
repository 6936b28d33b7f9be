//! `cargo xtask demo`: the whole project in one command, and no account needed.

mod server;
mod upgrade;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::catalogue::index::Catalogue;
use crate::programs::{self, Kind};
use crate::workspace::Workspace;
use crate::{diff, fetch, folder};
use server::Server;

/// Starts a local Workers AI, fetches its catalogue, and calls one model of every modality.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Call Cloudflare instead, with the credentials of the environment.
    #[arg(long, conflicts_with = "upgrade")]
    live: bool,
    /// Show a program written against December 2025 meeting the models of November 2026.
    #[arg(long)]
    upgrade: bool,
}

/// The package whose program makes the calls; xtask itself knows no generated crate.
const DEMO: &str = "workers-ai-demo";

/// Runs the verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    match arguments {
        Arguments { upgrade: true, .. } => upgrade::run(workspace)?,
        Arguments { live: true, .. } => live(workspace)?,
        Arguments { .. } => local(workspace)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn local(workspace: &Workspace) -> Result<()> {
    heading("building the local server and the calls");
    let programs = programs::build(workspace, Kind::Binary, &["workers-ai-local", DEMO], None)?;
    let server = Server::start(&programs.path_of("workers-ai-local")?)?;
    println!("local Workers AI on {}", server.address());

    heading("fetching the catalogue that it publishes, into a copy of schemas/");
    let copy = tempfile::tempdir().context("cannot make a folder for the copy")?;
    folder::copy(&workspace.schemas(), &copy.path().join("schemas"))?;
    let copied = Workspace::locate(Some(copy.path().to_path_buf()))?;
    let as_of =
        Catalogue::read(&workspace.schemas())?.index.source.context("schemas/catalog.json names no source")?.as_of;
    fetch::run(&copied, &fetch::Arguments::plain(&format!("{}/api/models", server.address()), as_of))?;
    let changes = diff::with_folder(workspace, &copied.schemas())?;
    ensure!(changes.is_empty(), "the fetched catalogue differs from the one here:\n{}", changes.join("\n"));
    println!("diff: none");

    heading("calling one model of every modality through its typed method");
    let status = server.environment(Command::new(programs.path_of(DEMO)?).current_dir(workspace.root())).status()?;
    ensure!(status.success(), "some calls failed; see the table");
    Ok(())
}

fn live(workspace: &Workspace) -> Result<()> {
    for name in ["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"] {
        if std::env::var_os(name).is_none() {
            bail!(
                "--live needs {name}: make a token with the permission `Workers AI: Read` at \
                 https://dash.cloudflare.com/profile/api-tokens, or leave --live away"
            );
        }
    }
    let programs = programs::build(workspace, Kind::Binary, &[DEMO], None)?;
    let status = Command::new(programs.path_of(DEMO)?).current_dir(workspace.root()).status()?;
    ensure!(status.success(), "some calls failed; see the table");
    Ok(())
}

fn heading(text: &str) {
    println!("\n── {text}");
}
