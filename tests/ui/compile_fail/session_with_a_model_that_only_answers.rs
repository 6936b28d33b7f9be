//! A model without the flag `realtime` is asked for a session.
//~ error[E0277]: `Melotts` has no sessions
//~ this model only answers requests
//~ await the call instead: `call.await?`
//~ (and a list of other models)

use workers_ai::{Client, Error, prelude::*, text_to_speech::melotts};

async fn speak(client: &Client) -> Result<(), Error> {
    let request = melotts::Request::new("sea");
    let mut session = client.text_to_speech().melotts(request).connect().await?;
    let _ = session.try_next().await?;
    Ok(())
}

fn main() {
    let _ = speak;
}
