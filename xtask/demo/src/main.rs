//! Calls one model of every modality through its typed method and prints what happened.
//!
//! `cargo xtask demo` starts this against a local server; by itself it talks to whatever the environment names.

mod calls;
mod report;

use std::io::Write as _;

use anyhow::Result;
use workers_ai::{Client, prelude::*, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::from_env()?;
    let mut report = report::Report::begin();
    calls::every_modality(&client, &mut report).await;
    report.end();
    stream(&client).await?;
    report.verdict()
}

/// One chat, printed as it arrives.
async fn stream(client: &Client) -> Result<()> {
    println!("\n{} streams:", llama::ID);
    let request = llama::Request::prompt("In one sentence: why is the sky blue?");
    let mut tokens = client.text_generation().llama_3_3_70b_instruct_fp8_fast(request).stream().await?;
    let mut out = std::io::stdout();
    while let Some(delta) = tokens.try_next().await? {
        write!(out, "{}", delta.text())?;
        out.flush()?;
    }
    writeln!(out)?;
    Ok(())
}
