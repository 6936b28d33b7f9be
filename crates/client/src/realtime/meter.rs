//! What is said in a session, measured as it is said: for the budget, and for the session's span.

use http::HeaderMap;
use serde_json::Value;

use super::Frame;
use crate::{
    Error, Info, Work,
    budget::{Tab, wav_rate},
    trace::CallSpan,
};

/// Bytes a second of sound that nothing is said about: compressed, and rather dense.
const COMPRESSED: f64 = 16_000.0;

/// Samples a second, where the parameters do not say.
const SAMPLES: f64 = 16_000.0;

/// A session's meter. Dropped, it closes the session's span.
pub(crate) struct Meter {
    info: Option<&'static Info>,
    tab: Option<Tab>,
    span: Option<CallSpan>,
    /// Bytes a second of the sound that is sent.
    rate: f64,
    said: Work,
    has_begun: bool,
}

impl Meter {
    pub(crate) fn new(info: Option<&'static Info>, parameters: &[(String, String)], tab: Option<Tab>) -> Self {
        let said = Work { requests: 1, ..Work::default() };
        Self { info, tab, span: None, rate: rate(parameters), said, has_begun: false }
    }

    pub(crate) fn opened(&mut self, span: CallSpan, headers: &HeaderMap, attempts: u32) {
        span.answered(http::StatusCode::SWITCHING_PROTOCOLS, headers, attempts);
        self.span = Some(span);
        if let Some(tab) = &mut self.tab {
            tab.opened(headers);
        }
    }

    /// Counts what is about to be sent, or says that the budget has nothing left for it.
    pub(crate) fn say(&mut self, frame: &Frame) -> Result<(), Error> {
        let mut said = self.said;
        match frame {
            Frame::Binary(sound) => {
                if !self.has_begun {
                    self.rate = wav_rate(sound).unwrap_or(self.rate);
                }
                let seconds = sound.len() as f64 / self.rate;
                let has_a_price_of_its_own =
                    self.info.is_some_and(|info| info.prices.iter().any(|price| price.unit == OVER_WEBSOCKET));
                if has_a_price_of_its_own {
                    said.websocket_audio_seconds += seconds;
                } else {
                    said.audio_seconds += seconds;
                }
            }
            Frame::Text(event) => {
                let text = serde_json::from_str::<Value>(event).ok();
                let text = text.as_ref().and_then(|event| event.get("text")?.as_str()).unwrap_or_default();
                said.characters += text.chars().count() as u64;
            }
        }
        if let Some(tab) = &mut self.tab {
            tab.come_to(&said)?;
        }
        self.said = said;
        self.has_begun = true;
        Ok(())
    }

    /// Notes how the session failed.
    pub(crate) fn failed(&self, error: &Error) {
        if let Some(span) = &self.span {
            span.failed(error);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let (Some(span), Some(neurons)) = (&self.span, self.info.and_then(|info| info.neurons(&self.said))) {
            span.cost(neurons);
        }
    }
}

const OVER_WEBSOCKET: &str = "per_audio_minute_websocket";

/// Bytes a second, as the parameters of a session say it.
fn rate(parameters: &[(String, String)]) -> f64 {
    let of = |name: &str| parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    let number = |name: &str| of(name).and_then(|text| text.parse::<f64>().ok()).filter(|number| *number > 0.0);
    let samples = number("sample_rate").unwrap_or(SAMPLES) * number("channels").unwrap_or(1.0);
    match of("encoding") {
        Some("linear16") => samples * 2.0,
        Some("linear32") => samples * 4.0,
        Some("mulaw" | "alaw") => samples,
        Some(_) => COMPRESSED,
        // Raw samples have a rate; a file says its own.
        None if of("sample_rate").is_some() => samples * 2.0,
        None => COMPRESSED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parameters: &[(&str, &str)], expected: f64) {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let found = rate(&parameters);
        assert!((found - expected).abs() < 1e-9, "{found}");
    }

    #[test]
    fn the_parameters_say_how_much_sound_a_second_is() {
        check(&[("encoding", "linear16"), ("sample_rate", "24000")], 48_000.0);
        check(&[("encoding", "linear16"), ("channels", "2")], 64_000.0);
        check(&[("encoding", "linear32"), ("sample_rate", "8000")], 32_000.0);
        check(&[("encoding", "mulaw"), ("sample_rate", "8000")], 8_000.0);
        // A rate of nothing is none.
        check(&[("encoding", "mulaw"), ("sample_rate", "0")], 16_000.0);
        check(&[("sample_rate", "8000")], 16_000.0);
        check(&[("encoding", "opus"), ("sample_rate", "48000")], 16_000.0);
        check(&[], 16_000.0);
    }

    #[test]
    fn a_recording_says_at_its_beginning_how_long_it_is() {
        let head = |rate: u32| [b"RIFF\0\0\0\0WAVE".as_slice(), &[0; 16], &rate.to_le_bytes()].concat();
        let mut meter = Meter::new(None, &[], None);
        let mut heard = |mut sound: Vec<u8>| {
            sound.resize(32_000, 0);
            assert!(meter.say(&Frame::from(sound)).is_ok());
            meter.said.audio_seconds
        };
        assert_eq!(heard(head(32_000)), 1.0);
        assert_eq!(heard(Vec::new()), 2.0);
        // What looks like another beginning is more of the same.
        assert_eq!(heard(head(8_000)), 3.0);
    }
}
