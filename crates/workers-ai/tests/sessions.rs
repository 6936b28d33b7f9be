//! Typed sessions with every realtime model, against a local server.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use workers_ai::automatic_speech_recognition::{
    TranscriptionCommand, TranscriptionEvent, TurnCommand, TurnEvent, flux, nova_3,
};
use workers_ai::prelude::*;
use workers_ai::text_to_speech::{SpeechCommand, SpeechEvent, aura_1, aura_2_en, aura_2_es};
use workers_ai::{Bytes, Client, Error, Info, Media, Session};
use workers_ai_local::LocalServer;

async fn start() -> (LocalServer, Client) {
    let server = LocalServer::builder().start().await.unwrap();
    let client = Client::builder(server.account_id(), "any").base_url(server.base_url()).build().unwrap();
    (server, client)
}

async fn spoken(mut session: Session<SpeechCommand, SpeechEvent>) -> (String, Vec<u8>) {
    session.send(" and more").await.unwrap();
    session.send(SpeechCommand::Close).await.unwrap();
    let (mut name, mut sound) = (String::new(), Vec::new());
    while let Some(event) = session.try_next().await.unwrap() {
        match event {
            SpeechEvent::Metadata(metadata) => name = metadata.model_name.unwrap(),
            SpeechEvent::Audio(piece) => sound.extend_from_slice(&piece),
            other => unreachable!("{other:?}"),
        }
    }
    (name, sound)
}

#[tokio::test]
async fn every_aura_speaks() {
    let (_server, client) = start().await;
    let speech = client.text_to_speech();
    let calls = [
        speech.aura_1(aura_1::Request::new("one")).connect().await.unwrap(),
        speech.aura_2_en(aura_2_en::Request::new("one")).connect().await.unwrap(),
        speech.aura_2_es(aura_2_es::Request::new("one")).connect().await.unwrap(),
    ];
    for (session, id) in calls.into_iter().zip([aura_1::ID, aura_2_en::ID, aura_2_es::ID]) {
        let (name, sound) = spoken(session).await;
        assert_eq!(name, id);
        assert_eq!(Media::from(sound).content_type(), "audio/mpeg");
    }
}

#[tokio::test]
async fn the_first_text_is_spoken_with_the_rest() {
    let (_server, client) = start().await;
    let request = |text| aura_1::Request::new(text).encoding(aura_1::Encoding::Linear16);
    let (_, with) = spoken(client.text_to_speech().aura_1(request("one")).connect().await.unwrap()).await;
    let (_, without) = spoken(client.text_to_speech().aura_1(request("")).connect().await.unwrap()).await;
    assert_eq!(with.len() - without.len(), "one".len() * 3 * 576 * 2);
}

/// A second of a loud tone, then a second of nothing, at 16 kHz.
fn sound() -> Vec<u8> {
    [9000_i16.to_le_bytes().repeat(16_000), 0_i16.to_le_bytes().repeat(16_000)].concat()
}

#[tokio::test]
async fn flux_hears_a_turn() {
    let (_server, client) = start().await;
    let request = flux::Request::new(16_000_u32);
    let mut session = client.automatic_speech_recognition().flux(request).connect().await.unwrap();
    session.send(sound()).await.unwrap();
    session.send(TurnCommand::CloseStream).await.unwrap();
    let mut last = None;
    while let Some(event) = session.try_next().await.unwrap() {
        assert!(event.turn().is_some(), "{event:?}");
        last = Some(event);
    }
    let Some(TurnEvent::EndOfTurn(turn)) = last else { unreachable!("{last:?}") };
    assert_eq!((turn.transcript.as_str(), turn.turn_index), ("this is a", Some(0)));
    assert_eq!(turn.words.len(), 3);
}

#[tokio::test]
async fn nova_hears_the_first_recording_too() {
    let (_server, client) = start().await;
    let request = nova_3::Request::new(Bytes::from(sound())).encoding(nova_3::Encoding::Linear16);
    let call = client.automatic_speech_recognition().nova_3(request).set("sample_rate", 16_000);
    let mut session = call.connect().await.unwrap();
    session.send(TranscriptionCommand::CloseStream).await.unwrap();
    let (mut heard, mut duration) = (Vec::new(), None);
    while let Some(event) = session.try_next().await.unwrap() {
        match event {
            TranscriptionEvent::Results(results) => heard.push(results.transcript().to_owned()),
            TranscriptionEvent::Metadata(metadata) => duration = metadata.duration,
            other => unreachable!("{other:?}"),
        }
    }
    assert_eq!((heard.join(" ").as_str(), duration), ("this is a synthetic transcript", Some(2.0)));
}

#[tokio::test]
async fn a_refused_session_is_an_error_of_the_service() {
    let (_server, client) = start().await;
    let call = client.automatic_speech_recognition().flux(flux::Request::new(16_000_u32)).set("sample_rate", "fast");
    let error: Error = call.connect().await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.model()), (Some(400), Some(5006), Some(flux::ID)));
    assert!(error.is_invalid_request() && error.message().contains("sample_rate"), "{error}");
}

/// The other way round is the compiler's to check.
#[test]
fn every_model_with_sessions_says_so() {
    fn info<M: workers_ai::Connects>() -> &'static Info {
        M::INFO
    }
    let with = [
        info::<aura_1::Aura1>(),
        info::<aura_2_en::Aura2En>(),
        info::<aura_2_es::Aura2Es>(),
        info::<flux::Flux>(),
        info::<nova_3::Nova3>(),
    ];
    assert!(with.iter().all(|info| info.flags.realtime));
}
