//! What models say about audio that was given.

use serde_json::json;

use super::Asked;
use crate::answer::{Answer, Usage};
use crate::results::{Heard, Said, Word, transcript};

pub(crate) const WORDS: &[&str] = &[
    "this",
    "is",
    "a",
    "synthetic",
    "transcript",
    "nobody",
    "listened",
    "to",
    "the",
    "recording",
    "but",
    "its",
    "length",
    "was",
    "measured",
];

/// As many words as fit into the audio, with the times at which they would be spoken.
pub(super) fn transcribe(asked: &Asked<'_>) -> (Answer, Usage) {
    let seconds = seconds(asked);
    let words = spoken(seconds);
    let text = words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" ");
    let end = words.last().map_or(0.0, |word| word.end);
    let language = asked.input.text("language").unwrap_or("en").to_owned();
    let segments = vec![Said { text: text.clone(), start: 0.0, end, words }];
    let heard = Heard { text, language, seconds, segments };
    (Answer::Json(transcript(asked.model, &heard)), Usage { audio_seconds: seconds, ..Usage::default() })
}

/// Whether the speaker has finished.
pub(super) fn turn_end(asked: &Asked<'_>) -> (Answer, Usage) {
    let probability = asked.dice.clone().fraction();
    let result = json!({"is_complete": probability >= 0.5, "probability": probability});
    (Answer::Json(result), Usage { audio_seconds: seconds(asked), ..Usage::default() })
}

fn spoken(seconds: f64) -> Vec<Word> {
    const EACH: f64 = 0.4;
    let hundredths = |time: f64| (time * 100.0).round() / 100.0;
    let mut words: Vec<Word> = Vec::new();
    let mut start = 0.0;
    for word in WORDS {
        if !words.is_empty() && start + EACH > seconds {
            break;
        }
        words.push(Word { word: (*word).to_owned(), start: hundredths(start), end: hundredths(start + EACH) });
        start += EACH;
    }
    words
}

/// Seconds of audio, exact for WAV and guessed at 128 kbit/s for the rest.
fn seconds(asked: &Asked<'_>) -> f64 {
    let Some(bytes) = asked.input.bytes("audio") else { return 1.0 };
    let length = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let rate = bytes.get(28..32).and_then(|rate| rate.try_into().ok()).map_or(0, u32::from_le_bytes);
    let seconds = if bytes.starts_with(b"RIFF") && rate > 0 {
        (length - 44.0).max(0.0) / f64::from(rate)
    } else {
        length / 16_000.0
    };
    (seconds * 100.0).round() / 100.0
}
