//! A streamed chat: words as they come, and the whole reply at the end.
//!
//! `cargo run -p workers-ai --example stream`

mod support;

use std::io::Write as _;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_generation::gemma_4_26b_a4b_it as gemma;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let request = gemma::MessagesRequest::new("Tell me about the sea, in three sentences.");

    let mut deltas = client.text_generation().gemma_4_26b_a4b_it(request).stream().await?.deltas();
    while let Some(delta) = deltas.try_next().await? {
        eprint!("{}", delta.reasoning); // thoughts aside
        print!("{}", delta.text);
        std::io::stdout().flush()?;
    }

    // What a plain call would have given.
    let reply = deltas.reply_so_far();
    println!("\n\n{} characters, finished because: {:?}", reply.text().chars().count(), reply.finish_reason());
    println!("{:?}", reply.usage());
    Ok(())
}
