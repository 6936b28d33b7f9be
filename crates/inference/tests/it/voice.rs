//! Speech is told from silence.

use workers_ai_inference::{Audio, Task, VoiceActivity, VoiceActivityRequest};

use crate::speech::fixture;
use crate::weights::engine;

const MODEL: &str = "@cf/pipecat-ai/smart-turn-v2";

/// The fixture between so many seconds of silence.
fn listen(before: f64, after: f64) -> Option<VoiceActivity> {
    let engine = engine(MODEL, Task::VoiceActivity)?;
    let speech = Audio::decode(fixture("speech.flac")).unwrap();
    let silence = |seconds: f64| vec![0.0; (seconds * 16_000.0) as usize];
    let samples = [silence(before), speech.samples().to_vec(), silence(after)].concat();
    let audio = Audio::from_samples(&samples, 16_000).unwrap();
    Some(engine.voice_activity(MODEL, &VoiceActivityRequest { audio }).unwrap())
}

#[test]
fn speech_is_found_between_silences() {
    let Some(found) = listen(1.0, 1.0) else { return };
    assert_eq!(found.probabilities.len(), 230);
    let (first, last) = (found.speech.first().unwrap(), found.speech.last().unwrap());
    assert!((0.9..1.3).contains(&first.start) && (5.5..6.5).contains(&last.end), "{:?}", found.speech);
    assert!(found.probabilities[..25].iter().all(|probability| *probability < 0.2));
    let loud = found.probabilities[40..70].iter().filter(|probability| **probability > 0.9).count();
    assert!(loud > 25, "{loud} of 30");
}

#[test]
fn a_turn_is_over_when_silence_has_lasted() {
    let Some(found) = listen(0.0, 1.5) else { return };
    assert!(found.turn_end > 0.99, "{found:?}");
    let engine = engine(MODEL, Task::VoiceActivity).unwrap();
    // Cut within a word, nobody is done.
    let speech = Audio::decode(fixture("speech.flac")).unwrap();
    let audio = Audio::from_samples(&speech.samples()[..16_000 * 3 / 2], 16_000).unwrap();
    let found = engine.voice_activity(MODEL, &VoiceActivityRequest { audio }).unwrap();
    assert!(found.turn_end < 0.1, "{found:?}");
    // And who never began has not ended.
    let audio = Audio::from_samples(&[0.0; 48_000], 16_000).unwrap();
    let found = engine.voice_activity(MODEL, &VoiceActivityRequest { audio }).unwrap();
    assert_eq!((found.turn_end, found.speech.len()), (0.0, 0));
}
