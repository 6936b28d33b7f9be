//! Listening while somebody speaks: turns of a conversation from flux, a running transcript from nova-3.
//!
//! `cargo run -p workers-ai --example realtime_transcription`

mod support;

use std::time::Duration;

use support::Failure;
use workers_ai::automatic_speech_recognition::{
    TranscriptionCommand, TranscriptionEvent, TurnCommand, TurnEvent, flux, nova_3,
};
use workers_ai::prelude::*;
use workers_ai::{Bytes, Client};

/// Samples a second.
const RATE: u32 = 16_000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let client = support::client().await?;
    turns(&client).await?;
    transcript(&client).await
}

/// Who wants to answer needs to know when it is their turn.
async fn turns(client: &Client) -> Result<(), Failure> {
    let request = flux::Request::new(RATE).eager_eot_threshold("0.4");
    let (mut microphone, mut listener) = client.automatic_speech_recognition().flux(request).connect().await?.split();
    let speaking = tokio::spawn(async move {
        for piece in recording() {
            microphone.send(piece).await?;
            // A microphone is no faster than time; this one is, a little.
            tokio::time::sleep(Duration::from_millis(8)).await;
        }
        microphone.send(TurnCommand::CloseStream).await
    });
    while let Some(event) = listener.try_next().await? {
        match event {
            TurnEvent::StartOfTurn(turn) => println!("turn {} begins", turn.turn_index.unwrap_or_default()),
            TurnEvent::EagerEndOfTurn(turn) => println!("  perhaps an answer to: {}", turn.transcript),
            TurnEvent::TurnResumed(_) => println!("  not yet"),
            TurnEvent::EndOfTurn(turn) => println!("  answer: {}", turn.transcript),
            _ => {}
        }
    }
    Ok(speaking.await??)
}

/// The recording of the request is sent first. What comes from a microphone begins with none.
async fn transcript(client: &Client) -> Result<(), Failure> {
    let request =
        nova_3::Request::new(Bytes::new()).encoding(nova_3::Encoding::Linear16).interim_results(true).language("en");
    let call = client.automatic_speech_recognition().nova_3(request).set("sample_rate", RATE);
    let (mut microphone, mut listener) = call.connect().await?.split();
    let speaking = tokio::spawn(async move {
        for piece in recording() {
            microphone.send(piece).await?;
        }
        microphone.send(TranscriptionCommand::CloseStream).await
    });
    while let Some(event) = listener.try_next().await? {
        match event {
            TranscriptionEvent::Results(heard) if heard.is_final => println!("{}", heard.transcript()),
            TranscriptionEvent::Metadata(metadata) => {
                println!("{} seconds of sound", metadata.duration.unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(speaking.await??)
}

/// Somebody who hums twice with a pause in between, in pieces of 80 milliseconds.
fn recording() -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    for (milliseconds, loudness) in [(1_600, 8_000.0), (1_200, 0.0), (1_200, 8_000.0), (1_200, 0.0)] {
        for sample in 0..(RATE / 1_000 * milliseconds) {
            let phase = f64::from(sample) / f64::from(RATE) * 220.0 * std::f64::consts::TAU;
            #[expect(clippy::cast_possible_truncation, reason = "far from the ends of the range")]
            let height = (phase.sin() * loudness) as i16;
            samples.extend(height.to_le_bytes());
        }
    }
    samples.chunks(2_560).map(<[u8]>::to_vec).collect()
}
