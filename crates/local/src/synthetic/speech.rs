//! What models say about audio that was given.

use serde_json::{Map, Value, json};

use super::Asked;
use crate::answer::{Answer, Usage};

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
    let usage = Usage { audio_seconds: seconds, ..Usage::default() };
    let words = spoken(seconds);
    let text = words.iter().map(|word| word.word).collect::<Vec<_>>().join(" ");
    let timed: Vec<Value> =
        words.iter().map(|word| json!({"word": word.word, "start": word.start, "end": word.end})).collect();
    if asked.replies_with("results") {
        return (Answer::Json(deepgram(&text, &words)), usage);
    }
    let mut result = Map::new();
    if asked.replies_with("transcription_info") {
        let language = asked.input.text("language").unwrap_or("en");
        let info = json!({"language": language, "language_probability": 1.0, "duration": seconds, "duration_after_vad": seconds});
        result.insert("transcription_info".to_owned(), info);
        let segment = json!({
            "start": 0.0, "end": words.last().map_or(0.0, |word| word.end), "text": text, "temperature": 0.0,
            "avg_logprob": -0.1, "compression_ratio": 1.0, "no_speech_prob": 0.01, "words": timed,
        });
        result.insert("segments".to_owned(), json!([segment]));
    } else {
        result.insert("words".to_owned(), Value::Array(timed));
    }
    result.insert("text".to_owned(), Value::from(text));
    result.insert("word_count".to_owned(), json!(words.len()));
    result.insert("vtt".to_owned(), Value::from(vtt(&words)));
    (Answer::Json(Value::Object(result)), usage)
}

/// Whether the speaker has finished.
pub(super) fn turn_end(asked: &Asked<'_>) -> (Answer, Usage) {
    let probability = asked.dice.clone().fraction();
    let result = json!({"is_complete": probability >= 0.5, "probability": probability});
    (Answer::Json(result), Usage { audio_seconds: seconds(asked), ..Usage::default() })
}

struct Word {
    word: &'static str,
    start: f64,
    end: f64,
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
        words.push(Word { word, start: hundredths(start), end: hundredths(start + EACH) });
        start += EACH;
    }
    words
}

fn deepgram(text: &str, words: &[Word]) -> Value {
    let words: Vec<Value> = words
        .iter()
        .map(|word| json!({"word": word.word, "start": word.start, "end": word.end, "confidence": 0.99}))
        .collect();
    json!({"results": {"channels": [{"alternatives": [{"transcript": text, "confidence": 0.99, "words": words}]}]}})
}

/// Subtitles, four words a line.
fn vtt(words: &[Word]) -> String {
    let mut subtitles = String::from("WEBVTT\n");
    for line in words.chunks(4) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let text = line.iter().map(|word| word.word).collect::<Vec<_>>().join(" ");
        subtitles.push_str(&format!("\n{} --> {}\n{text}\n", clock(first.start), clock(last.end)));
    }
    subtitles
}

fn clock(time: f64) -> String {
    format!("00:{:02}:{:06.3}", (time / 60.0).floor(), time % 60.0)
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
