//! What is an error for one model is right for another that streams and queues.

use workers_ai::{Client, Error, prelude::*, text_generation::llama_3_3_70b_instruct_fp8_fast as llama};

async fn ask(client: &Client) -> Result<(), Error> {
    let question = llama::Request::prompt("Why is the sky blue?");
    let mut tokens = client.text_generation().llama_3_3_70b_instruct_fp8_fast(question.clone()).stream().await?;
    while let Some(delta) = tokens.try_next().await? {
        print!("{}", delta.text());
    }
    let place = client.text_generation().llama_3_3_70b_instruct_fp8_fast(question).enqueue().await?;
    let _ = place;
    Ok(())
}

fn main() {
    let _ = ask;
}
