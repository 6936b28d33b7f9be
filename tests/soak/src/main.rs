//! A soak: an hour's shape of load in a few minutes, with faults, and nothing lost, counted twice or left behind.
//!
//! `cargo run --release -p workers-ai-soak -- --minutes 10 --results tests/soak/RESULTS.md`

mod caller;
mod failure;
mod faults;
mod gauge;
mod kind;
mod ledger;
mod machine;
mod report;
mod run;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Calls a local server of its own in every way, again and again, and says what did not add up.
#[derive(Debug, Parser)]
#[command(name = "soak", disable_version_flag = true)]
struct Arguments {
    /// How long to call.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// How many callers there are in a burst.
    #[arg(long, default_value_t = 48)]
    callers: usize,
    /// How often the load goes up and down.
    #[arg(long, default_value_t = 12)]
    cycles: u32,
    /// Write the result to this file too.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Be the server that is called.
    #[arg(long, hide = true)]
    serve: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = if arguments.serve { server::serve().await.map(|()| true) } else { soak(&arguments).await };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything added up.
async fn soak(arguments: &Arguments) -> anyhow::Result<bool> {
    let outcome = run::run(arguments).await?;
    let page = report::page(arguments, &outcome);
    println!("{page}");
    if let Some(file) = &arguments.results {
        std::fs::write(file, page)?;
    }
    for fault in outcome.faults.iter().take(50) {
        eprintln!("{fault}");
    }
    Ok(outcome.faults.is_empty())
}
