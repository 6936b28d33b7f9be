//! One embedding by ours, as it is published.

use workers_ai_text_embeddings::{Client, Error, bge_m3, prelude::*};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let reply = client.text_embeddings().bge_m3(bge_m3::Request::embedding("sea")).await?;
    println!("{reply:?}");
    Ok(())
}
