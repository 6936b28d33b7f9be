//! What is said is written down.

use std::path::{Path, PathBuf};
use std::process::Command;

use workers_ai_inference::{Audio, Engine, Task, TranscribeRequest, Transcript};

use crate::weights::engine;

const MODEL: &str = "@cf/openai/whisper-tiny-en";

/// What is said in `tests/fixtures`, by espeak-ng.
const SAID: &str = "The weather in Paris is beautiful today, and the children are playing in the garden.";

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn transcribe(engine: &Engine, audio: Audio) -> Transcript {
    engine.transcribe(MODEL, &TranscribeRequest::new(audio)).unwrap()
}

fn words(text: &str) -> Vec<String> {
    let letters =
        |word: &str| word.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    text.split_whitespace().map(letters).collect()
}

/// Most of the words must be there.
#[track_caller]
fn check_words(found: &str, said: &str) {
    let (found, said) = (words(found), words(said));
    let right = said.iter().filter(|word| found.contains(word)).count();
    assert!(right * 10 >= said.len() * 8, "{right} of {} words: {found:?}", said.len());
}

#[test]
fn speech_is_understood_from_any_file() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    for name in ["speech.flac", "speech.ogg"] {
        let transcript = transcribe(engine, Audio::decode(fixture(name)).unwrap());
        check_words(&transcript.text, SAID);
        assert!((5.2..5.5).contains(&transcript.seconds), "{}", transcript.seconds);
        assert_eq!(transcript.language, "en");
        assert!((15..60).contains(&transcript.tokens), "{} tokens", transcript.tokens);
    }
}

#[test]
fn words_have_their_times() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    let transcript = transcribe(engine, Audio::decode(fixture("speech.ogg")).unwrap());
    let words: Vec<_> = transcript.words().collect();
    assert_eq!(words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" "), transcript.text);
    for pair in words.windows(2) {
        assert!(pair[0].start <= pair[0].end && pair[0].end <= pair[1].start + 1e-9, "{pair:?}");
    }
    // CTranslate2 says 0.80 to 1.10 and 4.52 to 4.84 seconds for these.
    for (name, expected) in [("Paris", 0.95), ("garden.", 4.68)] {
        let word = words.iter().find(|word| word.word == name).unwrap();
        let middle = f64::midpoint(word.start, word.end);
        assert!((middle - expected).abs() < 0.15, "{word:?}");
    }
}

#[test]
fn captions_are_web_vtt() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    let captions = transcribe(engine, Audio::decode(fixture("speech.ogg")).unwrap()).vtt();
    assert!(captions.starts_with("WEBVTT\n\n00:00.000 --> 00:0"), "{captions}");
    check_words(&captions, SAID);
}

#[test]
fn more_than_half_a_minute_is_heard_to_the_end() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    let once = Audio::decode(fixture("speech.ogg")).unwrap();
    let mut samples = once.samples().to_vec();
    samples.resize(16_000 * 34, 0.0);
    samples.extend_from_slice(once.samples());
    let transcript = transcribe(engine, Audio::from_samples(&samples, 16_000).unwrap());
    assert_eq!(words(&transcript.text).iter().filter(|word| *word == "garden").count(), 2, "{}", transcript.text);
    let last = transcript.segments.last().unwrap();
    assert!((33.5..35.0).contains(&last.words[0].start) && (37.0..40.0).contains(&last.end), "{last:?}");
}

#[test]
fn silence_is_no_speech() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    let none = transcribe(engine, Audio::from_samples(&[], 16_000).unwrap());
    assert_eq!((none.text.as_str(), none.segments.len(), none.seconds), ("", 0, 0.0));
}

#[test]
fn a_sentence_spoken_here_is_understood() {
    let Some(engine) = engine(MODEL, Task::Transcription) else { return };
    let sentence = "The old man walked slowly to the market and bought some bread and butter.";
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("said.wav");
    let spoken = Command::new("espeak-ng").args(["-v", "en-us", "-s", "140", "-w"]).arg(&path).arg(sentence).status();
    match spoken {
        Ok(status) if status.success() => {}
        other => {
            println!("skipped: espeak-ng does not speak here ({other:?})");
            return;
        }
    }
    let transcript = transcribe(engine, Audio::decode(std::fs::read(&path).unwrap()).unwrap());
    check_words(&transcript.text, sentence);
}
