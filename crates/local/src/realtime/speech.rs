//! Sessions with models that speak: text is gathered until it is flushed, and then hummed.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Say, Session, Speaker, end, told, warning};
use crate::answer::{Answer, Question};
use crate::dialect::Style;

/// Bytes in one piece of sound.
const PIECE: usize = 4096;

pub(super) struct Speech {
    session: Session,
    waiting: String,
    flushed: u64,
    cleared: u64,
}

impl Speech {
    pub(super) fn new(session: Session) -> Self {
        Self { session, waiting: String::new(), flushed: 0, cleared: 0 }
    }

    /// Everything that waits, as sound; an end of the session where that fails.
    async fn speak(&mut self) -> Vec<Say> {
        let text = std::mem::take(&mut self.waiting);
        if text.trim().is_empty() {
            return Vec::new();
        }
        let Session { shared, visit, model, parameters } = &self.session;
        let mut input = parameters.clone();
        if input.text("encoding") == Some("linear16") {
            // A header in the middle of a stream of samples would be heard.
            input.fields.entry("container").or_insert_with(|| Value::from("none"));
        }
        input.fields.insert("text".to_owned(), Value::from(text));
        let style = Style::of(model, &input.fields);
        match shared.ask(visit.source, Question { model: Arc::clone(model), input, style }).await {
            Ok(reply) => match reply.answer {
                Answer::Bytes { bytes, .. } => {
                    visit.answered(reply.fidelity);
                    visit.charge(model, &reply.usage);
                    pieces(&bytes)
                }
                Answer::Json(_) | Answer::Turn(_) | Answer::Telling(_) => {
                    vec![Say::End(1011, "the answer is no sound".to_owned())]
                }
            },
            Err(refusal) => vec![Say::End(1011, refusal.message().to_owned())],
        }
    }
}

impl Speaker for Speech {
    fn greet(&mut self) -> Vec<Say> {
        vec![Say::Event(json!({
            "type": "Metadata", "request_id": self.session.request_id(), "model_name": self.session.model.id(),
            "model_version": "synthetic", "model_uuid": self.session.dice().uuid(),
        }))]
    }

    fn hear_sound(&mut self, _: &Bytes) -> Vec<Say> {
        vec![warning("DATA-0000", "this model reads text")]
    }

    async fn hear_text(&mut self, text: &str) -> Vec<Say> {
        let told = told(text);
        match (told.r#type.as_str(), told.text) {
            ("Speak", Some(text)) => {
                self.waiting.push_str(&text);
                Vec::new()
            }
            ("Flush", _) => {
                let mut says = self.speak().await;
                says.push(Say::Event(json!({"type": "Flushed", "sequence_id": self.flushed})));
                self.flushed = self.flushed.saturating_add(1);
                says
            }
            ("Clear", _) => {
                self.waiting.clear();
                let says = vec![Say::Event(json!({"type": "Cleared", "sequence_id": self.cleared}))];
                self.cleared = self.cleared.saturating_add(1);
                says
            }
            ("Close", _) => {
                let mut says = self.speak().await;
                says.push(end());
                says
            }
            _ => vec![warning("DATA-0001", "messages are Speak with a text, Flush, Clear and Close")],
        }
    }
}

fn pieces(sound: &Bytes) -> Vec<Say> {
    let starts = (0..sound.len()).step_by(PIECE);
    starts.map(|start| Say::Sound(sound.slice(start..sound.len().min(start.saturating_add(PIECE))))).collect()
}
