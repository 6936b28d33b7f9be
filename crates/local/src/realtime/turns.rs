//! Sessions with models that follow turns: whatever is loud is speech, and a pause ends the turn.

use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};

use super::{Say, Session, Speaker, end, seconds, told};
use crate::synthetic::WORDS;

/// What is judged at once, in milliseconds; the same sound gives the same events however it is cut.
const WINDOW: u64 = 80;
/// The loudness from which samples count as speech.
const LOUD: u16 = 500;
/// How long a word takes.
const WORD: u64 = 400;
/// The pause after which a turn is probably over.
const PROBABLY: u64 = 400;
/// The pause after which it is.
const SURELY: u64 = 800;

pub(super) struct Turns {
    request_id: String,
    /// Bytes of one window.
    window: usize,
    /// Whether the program wants to hear of turns that are probably over.
    eager: bool,
    /// The pause that ends a turn.
    pause: u64,
    waiting: BytesMut,
    heard: u64,
    sequence_id: u64,
    turn_index: u64,
    turn: Option<Turn>,
}

#[derive(Default)]
struct Turn {
    start: u64,
    spoken: u64,
    silent: u64,
    was_eager: bool,
}

impl Turns {
    pub(super) fn new(session: &Session) -> Self {
        let rate = session.number("sample_rate").unwrap_or(16_000).clamp(1_000, 192_000);
        let samples = usize::try_from(rate.saturating_mul(WINDOW) / 1000).unwrap_or_default();
        Self {
            request_id: session.request_id(),
            window: samples.saturating_mul(2),
            eager: session.parameters.fields.contains_key("eager_eot_threshold"),
            pause: session.number("eot_timeout_ms").unwrap_or(SURELY).clamp(WINDOW, SURELY),
            waiting: BytesMut::new(),
            heard: 0,
            sequence_id: 0,
            turn_index: 0,
            turn: None,
        }
    }

    fn event(&mut self, event: &str, turn: &Turn) -> Say {
        let count = usize::try_from(turn.spoken.div_ceil(WORD)).unwrap_or_default();
        let words: Vec<&str> = WORDS.iter().copied().cycle().take(count).collect();
        let confidence = match turn.silent {
            0 => 0.05,
            silent if silent < PROBABLY => 0.3,
            silent if silent < SURELY => 0.6,
            _ => 0.9,
        };
        let listed: Vec<Value> = words.iter().map(|word| json!({"word": word, "confidence": 0.99})).collect();
        let said = json!({
            "type": "TurnInfo", "event": event, "request_id": self.request_id, "sequence_id": self.sequence_id,
            "turn_index": self.turn_index, "audio_window_start": seconds(turn.start),
            "audio_window_end": seconds(self.heard), "transcript": words.join(" "), "words": listed,
            "end_of_turn_confidence": confidence,
        });
        self.sequence_id = self.sequence_id.saturating_add(1);
        Say::Event(said)
    }

    fn hear_window(&mut self, is_loud: bool, says: &mut Vec<Say>) {
        let start = self.heard;
        self.heard = self.heard.saturating_add(WINDOW);
        let Some(mut turn) = self.turn.take() else {
            if is_loud {
                let turn = Turn { start, spoken: WINDOW, ..Turn::default() };
                says.push(self.event("StartOfTurn", &turn));
                self.turn = Some(turn);
            }
            return;
        };
        if is_loud {
            turn.silent = 0;
            if std::mem::take(&mut turn.was_eager) {
                says.push(self.event("TurnResumed", &turn));
            }
            let words = turn.spoken.div_ceil(WORD);
            turn.spoken = turn.spoken.saturating_add(WINDOW);
            if turn.spoken.div_ceil(WORD) > words {
                says.push(self.event("Update", &turn));
            }
        } else {
            turn.silent = turn.silent.saturating_add(WINDOW);
            if turn.silent >= self.pause {
                says.push(self.end_of(&turn));
                return;
            }
            if self.eager && !turn.was_eager && turn.silent >= PROBABLY {
                turn.was_eager = true;
                says.push(self.event("EagerEndOfTurn", &turn));
            }
        }
        self.turn = Some(turn);
    }

    fn end_of(&mut self, turn: &Turn) -> Say {
        let said = self.event("EndOfTurn", turn);
        self.turn_index = self.turn_index.saturating_add(1);
        said
    }
}

impl Speaker for Turns {
    fn hear_sound(&mut self, sound: &Bytes) -> Vec<Say> {
        self.waiting.extend_from_slice(sound);
        let mut says = Vec::new();
        while self.waiting.len() >= self.window {
            let window = self.waiting.split_to(self.window);
            self.hear_window(is_loud(&window), &mut says);
        }
        says
    }

    async fn hear_text(&mut self, text: &str) -> Vec<Say> {
        if told(text).r#type != "CloseStream" {
            return vec![Say::Event(json!({
                "type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "sequence_id": self.sequence_id,
                "description": "messages are sound and CloseStream",
            }))];
        }
        let mut says = Vec::new();
        if let Some(turn) = self.turn.take() {
            says.push(self.end_of(&turn));
        }
        says.push(end());
        says
    }
}

/// Whether any sample is.
fn is_loud(window: &[u8]) -> bool {
    window.chunks_exact(2).any(|sample| {
        let sample: [u8; 2] = sample.try_into().unwrap_or_default();
        i16::from_le_bytes(sample).unsigned_abs() >= LOUD
    })
}
