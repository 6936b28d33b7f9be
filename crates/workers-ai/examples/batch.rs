//! Many requests in one call, answered later; the ticket survives a restart.
//!
//! `cargo run -p workers-ai --example batch`

mod support;

use support::Failure;
use workers_ai::Queued;
use workers_ai::text_embeddings::bge_base_en_v1_5::{BgeBaseEnV1_5, Request};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let chapters = ["Loomings", "The Carpet-Bag", "The Spouter-Inn"];

    let queued = client.enqueue::<BgeBaseEnV1_5>(chapters.map(Request::new)).await?;
    println!("queued as {}", queued.request_id());

    // Written to a file, this is all that another program needs.
    let ticket = serde_json::to_string(queued.ticket())?;
    drop(queued);
    let queued = Queued::<BgeBaseEnV1_5>::resume(&client, serde_json::from_str(&ticket)?);

    // Answers come in the order of the requests, and each can fail by itself.
    let answers = queued.wait().await?;
    for (chapter, answer) in chapters.iter().zip(answers.into_results()) {
        match answer {
            Ok(reply) => println!("{chapter}: {} numbers", reply.data.dimensions().unwrap_or_default()),
            Err(error) => println!("{chapter}: {error}"),
        }
    }
    Ok(())
}
