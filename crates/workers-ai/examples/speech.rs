//! Words become sound, in two voices.
//!
//! `cargo run -p workers-ai --example speech`

mod support;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_to_speech::{aura_2_en as aura, melotts};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let words = "Ships at a distance have every wish on board.";

    // Raw bytes on the wire.
    let request = aura::Request::new(words).speaker(aura::Speaker::Luna).encoding(aura::Encoding::Mp3);
    let luna = client.text_to_speech().aura_2_en(request).await?;
    // Base64 in JSON on the wire.
    let melo = client.text_to_speech().melotts(melotts::Request::new(words)).await?;

    for (name, sound) in [("luna", luna), ("melo", melo)] {
        let path = std::env::temp_dir().join(format!("{name}.{}", sound.extension()));
        sound.save(&path)?;
        println!("{} bytes of {} in {}", sound.as_bytes().len(), sound.content_type(), path.display());
    }
    Ok(())
}
