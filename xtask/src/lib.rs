//! The project's own commands, one module per verb: a library, so that tests can hand it a feed without a process.

mod bench;
mod catalogue;
mod check;
mod demo;
mod diff;
mod fetch;
mod folder;
mod models;
mod mutants;
mod output;
mod package;
mod programs;
mod release;
mod show;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use fetch::rehearse;
use workspace::Workspace;

/// Keeps the catalogue of models, and says what changed in it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    /// Work on this checkout instead of the one xtask was built from.
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Bring schemas/ up to date with a feed, a file, a directory or the account API.
    Fetch(fetch::Arguments),
    /// Say what changed between two catalogues, and what that means for users of the bindings.
    Diff(diff::Arguments),
    /// Check that schemas, links, overlays and generated Rust are as they should be.
    Check(check::Arguments),
    /// Print the catalogue as a table.
    Models(models::Arguments),
    /// Print the Rust that a model becomes.
    Show(show::Arguments),
    /// Start a local Workers AI and call one model of every modality; no account needed.
    Demo(demo::Arguments),
    /// Measure ours against peers, and print a table of medians and ratios.
    Bench(bench::Arguments),
    /// Break the code on purpose, and say what no test notices.
    Mutants(mutants::Arguments),
    /// Package every crate that is published, with its generated Rust.
    Package(package::Arguments),
    /// Record a release, so that models retired after it stay for one release more.
    Release(release::Arguments),
}

/// Runs the verb that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::locate(arguments.root)?;
    match arguments.verb {
        Verb::Fetch(arguments) => fetch::run(&workspace, &arguments),
        Verb::Diff(arguments) => diff::run(&workspace, &arguments),
        Verb::Check(arguments) => check::run(&workspace, &arguments),
        Verb::Models(arguments) => models::run(&workspace, &arguments),
        Verb::Show(arguments) => show::run(&workspace, &arguments),
        Verb::Demo(arguments) => demo::run(&workspace, &arguments),
        Verb::Bench(arguments) => bench::run(&workspace, &arguments),
        Verb::Mutants(arguments) => mutants::run(&workspace, &arguments),
        Verb::Package(arguments) => package::run(&workspace, &arguments),
        Verb::Release(arguments) => release::run(&workspace, &arguments),
    }
}
