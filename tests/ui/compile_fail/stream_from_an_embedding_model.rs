//! A model that answers in one piece is asked for a stream.
//~ error[E0277]: `BgeM3` does not stream
//~ this model answers in one piece
//~ await the call instead: `call.await?`

use workers_ai::{Client, Error, prelude::*, text_embeddings::bge_m3};

async fn embed(client: &Client) -> Result<(), Error> {
    let request = bge_m3::Request::embedding("sea");
    let mut vectors = client.text_embeddings().bge_m3(request).stream().await?;
    let _ = vectors.try_next().await?;
    Ok(())
}

fn main() {
    let _ = embed;
}
