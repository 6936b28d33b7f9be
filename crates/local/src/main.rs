//! `workers-ai-local`: serves the Workers AI API on this machine.

mod paste;
mod serve;
#[cfg(feature = "inference")]
mod weights;

use std::io::Write as _;
use std::process::ExitCode;
use std::{error, io};

use clap::{Args, Parser, Subcommand};

/// A local Workers AI: the same HTTP API on your machine, offline and free
#[derive(Debug, Parser)]
#[command(name = "workers-ai-local", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer calls of every model of the catalogue until interrupted
    Serve(Box<serve::Serve>),
    /// Print a script that runs a Worker in Miniflare, with env.AI answered by this server
    Miniflare(Paste),
    /// Print a configuration of plain workerd, with env.AI answered by this server
    Workerd(Paste),
    /// List which models can really be computed here: exactly, by a substitute, or not
    #[cfg(feature = "inference")]
    Models(weights::Folder),
    /// Fetch the weights of a model from a hub
    #[cfg(feature = "inference")]
    Pull(weights::Wanted),
    /// List which models can really be computed here (not in this build: it lacks the feature `inference`)
    #[cfg(not(feature = "inference"))]
    Models(Unbuilt),
    /// Fetch the weights of a model from a hub (not in this build: it lacks the feature `inference`)
    #[cfg(not(feature = "inference"))]
    Pull(Unbuilt),
}

/// Whatever else is said, to a command that is not there.
#[cfg(not(feature = "inference"))]
#[derive(Args, Debug)]
struct Unbuilt {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

#[derive(Args, Debug)]
struct Paste {
    /// Port that the server listens on
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The token that the server was started with; it will stand in what is printed
    #[arg(long)]
    token: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(options) => serve::serve(*options).await,
        Command::Miniflare(options) => print(&paste::miniflare(options.port, options.token.as_deref())),
        Command::Workerd(options) => print(&paste::workerd(options.port, options.token.as_deref())),
        #[cfg(not(feature = "inference"))]
        Command::Models(Unbuilt { rest }) | Command::Pull(Unbuilt { rest }) => {
            drop(rest);
            Err("this build computes nothing itself: cargo run --release -p workers-ai-local --features inference -- models".into())
        }
        #[cfg(feature = "inference")]
        Command::Models(folder) => weights::models(&folder),
        #[cfg(feature = "inference")]
        Command::Pull(wanted) => weights::pull(&wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), Box<dyn error::Error>> {
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}
