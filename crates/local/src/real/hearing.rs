//! Sound: what is said in it, and whether somebody still speaks.

use serde_json::json;
use workers_ai_inference::{Audio, Error, TranscribeRequest, VoiceActivityRequest};

use super::{Asked, Made};
use crate::answer::{Answer, Usage};
use crate::results::{Heard, Said, Word, transcript};

impl Asked<'_> {
    pub(super) fn transcribe(&self) -> Made {
        let mut request = TranscribeRequest::new(self.audio()?);
        // `en-GB` is English as well.
        let language = self.input.text("language").and_then(|language| language.split('-').next());
        request.language = language.filter(|language| language.len() == 2).map(str::to_owned);
        request.translate = self.input.text("task") == Some("translate");
        request.prompt = self.input.text("initial_prompt").map(str::to_owned);
        let made = self.engine.transcribe(self.model.id(), &request)?;
        let segments = made.segments.iter().map(|segment| Said {
            text: segment.text.clone(),
            start: segment.start,
            end: segment.end,
            words: segment
                .words
                .iter()
                .map(|word| Word { word: word.word.clone(), start: word.start, end: word.end })
                .collect(),
        });
        let (text, language) = (made.text.clone(), made.language.clone());
        let heard = Heard { text, language, seconds: made.seconds, segments: segments.collect() };
        let usage = Usage { audio_seconds: made.seconds, ..Usage::default() };
        Ok((Answer::Json(transcript(self.model, &heard)), usage, made.matched))
    }

    pub(super) fn turn_end(&self) -> Made {
        let request = VoiceActivityRequest { audio: self.audio()? };
        let made = self.engine.voice_activity(self.model.id(), &request)?;
        let usage = Usage { audio_seconds: made.seconds, ..Usage::default() };
        let result = json!({"is_complete": made.turn_end >= 0.5, "probability": made.turn_end});
        Ok((Answer::Json(result), usage, made.matched))
    }

    fn audio(&self) -> Result<Audio, Error> {
        Audio::decode(self.input.bytes("audio").unwrap_or_default().to_vec())
    }
}
