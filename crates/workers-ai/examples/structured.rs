//! Structured output: the answer as a value of a Rust type, from a model of each dialect.
//!
//! `cargo run -p workers-ai --example structured`

mod support;

use serde::Deserialize;
use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_generation::schemars::{self, JsonSchema};
use workers_ai::text_generation::{gemma_4_26b_a4b_it as gemma, llama_3_3_70b_instruct_fp8_fast as llama};

/// A voyage that somebody tells of.
#[derive(Deserialize, JsonSchema)]
struct Voyage {
    /// Where it began.
    from: String,
    /// Where it ended.
    to: String,
    /// How many days it took, if that is told.
    days: Option<u32>,
    /// The ports between, in order.
    stops: Vec<Port>,
}

#[derive(Deserialize, JsonSchema)]
struct Port {
    name: String,
    country: Option<String>,
}

const STORY: &str = "We left Lisbon on a Monday, stopped at Funchal for water, and made Ponta Delgada after nine days.";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;

    // A bare schema for the classic model …
    let request = llama::MessagesRequest::new(STORY).json_schema_of::<Voyage>();
    let reply = client.text_generation().llama_3_3_70b_instruct_fp8_fast(request).await?;
    tell(&reply.json()?);

    // … and one with a name for the OpenAI-shaped one. What comes back is the same type.
    let request = gemma::MessagesRequest::new(STORY).json_schema_of::<Voyage>();
    let reply = client.text_generation().gemma_4_26b_a4b_it(request).await?;
    tell(&reply.json()?);
    Ok(())
}

fn tell(voyage: &Voyage) {
    println!(
        "from {} to {} in {} days",
        voyage.from,
        voyage.to,
        voyage.days.map_or("?".to_owned(), |days| days.to_string())
    );
    for port in &voyage.stops {
        println!("  by way of {} ({})", port.name, port.country.as_deref().unwrap_or("somewhere"));
    }
}
