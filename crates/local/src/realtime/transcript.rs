//! Sessions with models that transcribe: as many words as the sound is long, final once a second.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Say, Session, Speaker, end, seconds, told, warning};
use crate::synthetic::WORDS;

/// Sound that makes a final transcript, in milliseconds.
const STRETCH: u64 = 1000;
/// How long a word takes.
const WORD: u64 = 400;
/// Bytes a second of sound in a container, at 128 kbit/s.
const PACKED: u64 = 16_000;

pub(super) struct Transcript {
    request_id: String,
    model: String,
    /// Bytes a second.
    rate: u64,
    channels: u64,
    interim: bool,
    bytes: u64,
    /// What is final already, in milliseconds.
    done: u64,
    has_started: bool,
    vad_events: bool,
}

impl Transcript {
    pub(super) fn new(session: &Session) -> Self {
        let channels = session.number("channels").unwrap_or(1).clamp(1, 20);
        let is_plain = session.parameters.text("encoding") == Some("linear16");
        let rate = session.number("sample_rate").unwrap_or(16_000).clamp(1_000, 192_000);
        Self {
            request_id: session.request_id(),
            model: session.model.id().to_owned(),
            rate: if is_plain { rate.saturating_mul(2).saturating_mul(channels) } else { PACKED },
            channels,
            interim: session.is_on("interim_results"),
            bytes: 0,
            done: 0,
            has_started: false,
            vad_events: session.is_on("vad_events"),
        }
    }

    fn heard(&self) -> u64 {
        self.bytes.saturating_mul(1000) / self.rate.max(1)
    }

    /// The transcript of what comes after that which is final.
    fn results(&self, to: u64, is_final: bool, from_finalize: bool) -> Say {
        let index = |time: u64| usize::try_from(time / WORD).unwrap_or_default();
        let mut words: Vec<Value> = Vec::new();
        let mut text: Vec<&str> = Vec::new();
        // A word belongs to the stretch in which it ends.
        for number in index(self.done)..index(to) {
            let Some(word) = WORDS.iter().copied().cycle().nth(number % WORDS.len()) else { break };
            let start = u64::try_from(number).unwrap_or_default().saturating_mul(WORD);
            text.push(word);
            words.push(json!({
                "word": word, "start": seconds(start), "end": seconds(start.saturating_add(WORD)), "confidence": 0.99,
            }));
        }
        let alternative = json!({"transcript": text.join(" "), "confidence": 0.99, "words": words});
        Say::Event(json!({
            "type": "Results", "channel_index": [0, self.channels], "start": seconds(self.done),
            "duration": seconds(to.saturating_sub(self.done)), "is_final": is_final, "speech_final": is_final,
            "from_finalize": from_finalize, "channel": {"alternatives": [alternative]},
            "metadata": {"request_id": self.request_id, "model_info": {"name": self.model, "version": "synthetic"}},
        }))
    }

    fn finish(&mut self, from_finalize: bool) -> Option<Say> {
        let heard = self.heard();
        (heard > self.done).then(|| {
            let said = self.results(heard, true, from_finalize);
            self.done = heard;
            said
        })
    }

    fn close(&mut self) -> Vec<Say> {
        let mut says: Vec<Say> = self.finish(false).into_iter().collect();
        let duration = seconds(self.heard());
        says.push(Say::Event(json!({
            "type": "Metadata", "request_id": self.request_id, "duration": duration, "channels": self.channels,
        })));
        says.push(end());
        says
    }
}

impl Speaker for Transcript {
    fn hear_sound(&mut self, sound: &Bytes) -> Vec<Say> {
        if sound.is_empty() {
            return self.close();
        }
        let mut says = Vec::new();
        if self.vad_events && !self.has_started {
            says.push(Say::Event(json!({"type": "SpeechStarted", "channel": [0], "timestamp": 0.0})));
        }
        self.has_started = true;
        self.bytes = self.bytes.saturating_add(u64::try_from(sound.len()).unwrap_or_default());
        let heard = self.heard();
        while heard.saturating_sub(self.done) >= STRETCH {
            let to = self.done.saturating_add(STRETCH);
            says.push(self.results(to, true, false));
            self.done = to;
        }
        if self.interim && heard > self.done {
            says.push(self.results(heard, false, false));
        }
        says
    }

    async fn hear_text(&mut self, text: &str) -> Vec<Say> {
        match told(text).r#type.as_str() {
            "KeepAlive" => Vec::new(),
            "Finalize" => self.finish(true).into_iter().collect(),
            "CloseStream" => self.close(),
            _ => vec![warning("DATA-0000", "messages are sound, KeepAlive, Finalize and CloseStream")],
        }
    }
}
