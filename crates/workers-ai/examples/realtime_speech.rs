//! Speech as it is made: text goes in sentence by sentence, as a chat model would write it, and sound comes out.
//!
//! `cargo run -p workers-ai --example realtime_speech`

mod support;

use std::time::Instant;

use support::Failure;
use workers_ai::prelude::*;
use workers_ai::text_to_speech::{SpeechCommand, SpeechEvent, aura_1};

const SENTENCES: [&str; 3] =
    ["The tide turns twice a day. ", "At noon the boats go out. ", "By dusk the harbour is full again."];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    // What the request says is spoken first; all else in it is about how.
    let request = aura_1::Request::new("Good morning. ").speaker(aura_1::Speaker::Luna).encoding(aura_1::Encoding::Mp3);
    let session = client.text_to_speech().aura_1(request).connect().await?;

    // Two tasks, so that sound is heard while text is still being written.
    let (mut writer, mut listener) = session.split();
    let writing = tokio::spawn(async move {
        for sentence in SENTENCES {
            writer.send(sentence).await?;
        }
        writer.send(SpeechCommand::Flush).await?;
        Ok::<_, workers_ai::Error>(writer)
    });

    let begun = Instant::now();
    let mut sound = Vec::new();
    while let Some(event) = listener.try_next().await? {
        match event {
            SpeechEvent::Metadata(metadata) => println!("{} speaks", metadata.model_name.unwrap_or_default()),
            SpeechEvent::Audio(piece) => {
                if sound.is_empty() {
                    println!("first sound after {:?}", begun.elapsed());
                }
                sound.extend_from_slice(&piece);
            }
            SpeechEvent::Flushed { .. } => break,
            SpeechEvent::Warning(warning) => eprintln!("warning: {}", warning.description.unwrap_or_default()),
            other => eprintln!("{other:?}"),
        }
    }
    writing.await??.close().await?;

    let path = std::env::temp_dir().join("realtime_speech.mp3");
    std::fs::write(&path, &sound)?;
    println!("{} bytes of sound in {}", sound.len(), path.display());
    Ok(())
}
