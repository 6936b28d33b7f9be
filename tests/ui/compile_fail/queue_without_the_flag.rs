//! A model without a queue is asked to queue a request.
//~ error[E0277]: `Melotts` does not queue requests
//~ this model only answers at once
//~ await the call instead: `call.await?`

use workers_ai::{Client, Error, prelude::*, text_to_speech::melotts};

async fn speak(client: &Client) -> Result<(), Error> {
    let request = melotts::Request::new("Good morning");
    let place = client.text_to_speech().melotts(request).enqueue().await?;
    let _ = place;
    Ok(())
}

fn main() {
    let _ = speak;
}
