//! What is said in a recording: of a file named on the command line, or of a sentence that is spoken first.
//!
//! `cargo run -p workers-ai --example transcription [FILE]`

mod support;

use support::Failure;
use workers_ai::automatic_speech_recognition::{nova_3, whisper_large_v3_turbo as whisper};
use workers_ai::prelude::*;
use workers_ai::{Client, Media};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    let recording = match std::env::args().nth(1) {
        Some(file) => Media::from_file(file)?,
        None => spoken(&client, "The tide turns at noon.").await?,
    };
    println!("a recording: {} bytes of {}", recording.as_bytes().len(), recording.content_type());

    // One model takes base64 in JSON, the other raw bytes with parameters beside them.
    let request = whisper::Request::new(&recording).language("en").vad_filter(true);
    let reply = client.automatic_speech_recognition().whisper_large_v3_turbo(request).await?;
    println!("whisper: {}", reply.text);

    let request = nova_3::Request::new(recording).punctuate(true);
    let reply = client.automatic_speech_recognition().nova_3(request).await?;
    println!("nova: {}", serde_json::to_string(&reply.results)?);
    Ok(())
}

async fn spoken(client: &Client, words: &str) -> Result<Media, Failure> {
    use workers_ai::text_to_speech::aura_1;
    Ok(client.text_to_speech().aura_1(aura_1::Request::new(words)).await?)
}
