//! What a request will cost, guessed from the request: rather too much than too little.

use serde_json::Value;

use super::{Work, work::rate};
use crate::{Encoded, Info, Media, Part, transport::Body};

const CHARACTERS_PER_TOKEN: u64 = 4;

/// What a classic model answers at most when nothing is said.
const OUTPUT_TOKENS: u64 = 256;

/// What a picture in a conversation comes to, near the most that vision models make of one.
const TOKENS_PER_IMAGE: u64 = 1_600;

/// Sound of 128 kbit/s: most recordings have less, and so last longer than this says; speech at less is seldom long.
const AUDIO_BYTES_PER_SECOND: f64 = 16_000.0;

/// How fast speech models speak.
const SPOKEN_CHARACTERS_PER_SECOND: f64 = 15.0;

const SIDE: u32 = 1024;

/// The work that a request asks for.
pub(super) fn work(request: &Encoded, info: Option<&Info>) -> Work {
    let mut found = Found::default();
    match request.body() {
        Body::Bytes { bytes, content_type } if content_type.starts_with("application/json") => {
            match serde_json::from_slice(&bytes) {
                Ok(Value::Object(mut fields)) => {
                    if let Some(Value::Array(requests)) = fields.remove("requests") {
                        let works = requests.iter().map(|request| {
                            let mut found = Found::default();
                            found.read(request);
                            found.work(info)
                        });
                        return works.fold(Work::default(), add);
                    }
                    // Asking what became of a batch.
                    if fields.contains_key("request_id") {
                        return Work::default();
                    }
                    found.read(&Value::Object(fields));
                }
                Ok(other) => found.read(&other),
                Err(_) => {}
            }
        }
        Body::Form(form) => {
            for part in form.parts() {
                match part {
                    Part::Text { name, value } => found.text(name, value),
                    Part::File { bytes, content_type, .. } => found.file(bytes, bytes.len() as u64, content_type),
                    Part::Source { source, content_type, .. } => found.file(&[], source.length(), content_type),
                }
            }
        }
        Body::Bytes { bytes, content_type } => found.file(&bytes, bytes.len() as u64, &content_type),
        Body::Source { source, content_type } => found.file(&[], source.length(), &content_type),
        Body::Empty => {}
    }
    found.work(info)
}

/// What was found in a request.
#[derive(Default)]
struct Found {
    characters: u64,
    images: u32,
    audio_seconds: f64,
    most_tokens: Option<u64>,
    steps: Option<u32>,
    width: Option<u32>,
    height: Option<u32>,
}

impl Found {
    fn read(&mut self, request: &Value) {
        let Value::Object(fields) = request else { return };
        for (name, value) in fields {
            match value {
                Value::Number(number) => self.number(name, number.as_f64().unwrap_or_default()),
                value => self.value(name, value),
            }
        }
    }

    fn value(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.text(name, text),
            Value::Array(items) if items.first().is_some_and(Value::is_number) => {
                let bytes: Vec<u8> =
                    items.iter().take(64).map(|byte| byte.as_u64().unwrap_or_default() as u8).collect();
                self.media(name, &bytes, items.len() as u64);
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(name, item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    // In a tool's schema, names are most of what the model reads.
                    self.characters += name.len() as u64;
                    self.value(name, value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        let data = text.strip_prefix("data:").and_then(|url| url.split_once(',')).map(|(_, data)| data);
        match data {
            Some(data) => self.base64(name, data),
            None if matches!(name, "audio" | "image" | "image_b64" | "mask") => self.base64(name, text),
            // The fields of a form are all text.
            None => match text.parse() {
                Ok(number) => self.number(name, number),
                Err(_) => self.characters += text.chars().count() as u64,
            },
        }
    }

    fn number(&mut self, name: &str, number: f64) {
        // Saturates, as it should.
        let whole = number as u64;
        let small = number as u32;
        match name {
            "max_tokens" | "max_completion_tokens" | "max_output_tokens" | "max_length" => {
                self.most_tokens = Some(whole)
            }
            "steps" | "num_steps" => self.steps = Some(small),
            "width" => self.width = Some(small),
            "height" => self.height = Some(small),
            _ => {}
        }
    }

    fn base64(&mut self, name: &str, text: &str) {
        let head = text.get(..text.len().min(64)).and_then(|head| crate::media::decode_base64(head.as_bytes()).ok());
        let head = head.map(|(bytes, _)| bytes).unwrap_or_default();
        self.media(name, &head, text.len() as u64 / 4 * 3);
    }

    fn media(&mut self, name: &str, head: &[u8], length: u64) {
        if name.contains("audio") { self.file(head, length, "audio/") } else { self.file(head, length, "") }
    }

    fn file(&mut self, head: &[u8], length: u64, content_type: &str) {
        let said = Media::from(head);
        if content_type.starts_with("audio/") || said.content_type().starts_with("audio/") {
            self.audio_seconds += length as f64 / wav_rate(head).unwrap_or(AUDIO_BYTES_PER_SECOND);
        } else {
            self.images += 1;
            // Bytes nobody recognises may be sound as well; a picture has no minutes' price.
            self.audio_seconds += length as f64 / AUDIO_BYTES_PER_SECOND;
        }
    }

    fn work(self, info: Option<&Info>) -> Work {
        let input_tokens = self.characters.div_ceil(CHARACTERS_PER_TOKEN) + u64::from(self.images) * TOKENS_PER_IMAGE;
        let output_tokens = match info.map(|info| info.task) {
            // A translation is about as long as what it translates.
            Some("Translation") => input_tokens,
            _ => self.most_tokens.unwrap_or(OUTPUT_TOKENS),
        };
        let speaks = self.audio_seconds == 0.0;
        let draws = info.is_some_and(|info| info.task == "Text-to-Image");
        let side = |set: Option<u32>| if draws { set.unwrap_or(SIDE) } else { 0 };
        Work {
            input_tokens,
            output_tokens,
            characters: self.characters,
            audio_seconds: if speaks {
                self.characters as f64 / SPOKEN_CHARACTERS_PER_SECOND
            } else {
                self.audio_seconds
            },
            width: side(self.width),
            height: side(self.height),
            steps: self.steps.unwrap_or_else(|| usual_steps(info)),
            input_images: self.images,
            requests: 1,
            ..Work::default()
        }
    }
}

/// The steps that are taken when a request names none. Models made for few steps, four, are those whose step costs more
/// than the tile it works on.
fn usual_steps(info: Option<&Info>) -> u32 {
    let price = |unit: &str| info.and_then(|info| info.prices.iter().find(|price| price.unit == unit)).and_then(rate);
    match (price("per_step"), price("per_512x512_tile")) {
        (Some(step), Some(tile)) if step > tile => 4,
        _ => 25,
    }
}

/// Bytes a second, as the head of a WAV file says.
pub(crate) fn wav_rate(head: &[u8]) -> Option<f64> {
    (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WAVE")).then_some(())?;
    let rate = head.get(28..32)?.try_into().ok().map(u32::from_le_bytes)?;
    (rate > 0).then(|| f64::from(rate))
}

fn add(one: Work, other: Work) -> Work {
    Work {
        input_tokens: one.input_tokens.saturating_add(other.input_tokens),
        output_tokens: one.output_tokens.saturating_add(other.output_tokens),
        characters: one.characters.saturating_add(other.characters),
        audio_seconds: one.audio_seconds + other.audio_seconds,
        input_images: one.input_images.saturating_add(other.input_images),
        requests: one.requests.saturating_add(other.requests),
        ..other
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;
    use crate::Price;

    fn info(task: &'static str, prices: &'static [Price]) -> Info {
        Info { prices, ..Info::new("@cf/a/b", task, "2026-11") }
    }

    fn of(request: &Value, info: &Info) -> Work {
        work(&Encoded::json(request).unwrap(), Some(info))
    }

    #[test]
    fn a_token_is_four_characters_and_the_answer_as_long_as_it_may_be() {
        let chat = info("Text Generation", &[]);
        let found = of(&json!({"prompt": "a".repeat(399), "max_tokens": 50, "temperature": 0.5}), &chat);
        assert_eq!((found.input_tokens, found.output_tokens), (100, 50));
        let found = of(&json!({"messages": [{"role": "user", "content": "\u{6d77}".repeat(400)}]}), &chat);
        assert_eq!((found.input_tokens, found.output_tokens), (104, 256));
        let url = format!("data:image/png;base64,{}", "iVBORw0KGgo=".repeat(1000));
        let part = json!({"type": "image_url", "image_url": {"url": url}});
        let found = of(&json!({"messages": [{"role": "user", "content": [part]}]}), &chat);
        assert!((1600..1620).contains(&found.input_tokens), "{found:?}");
    }

    #[test]
    fn a_picture_without_sizes_is_a_thousand_pixels_wide() {
        const FLUX: &[Price] = &[
            Price { unit: "per_512x512_tile", usd: 0.0, neurons: Some(4.8) },
            Price { unit: "per_step", usd: 0.0, neurons: Some(9.6) },
        ];
        let flux = info("Text-to-Image", FLUX);
        let found = of(&json!({"prompt": "sea"}), &flux);
        assert_eq!((found.width, found.height, found.steps), (1024, 1024, 4));
        assert!((flux.neurons(&found).unwrap() - 172.8).abs() < 1e-9);
        let form = Encoded::multipart().field("prompt", "sea").field("width", &512).field("steps", &10);
        let form = form.file("input_image_0", &Media::from(b"\x89PNG\r\n\x1a\n")).finish().unwrap();
        let found = work(&form, Some(&flux));
        assert_eq!((found.width, found.height, found.steps, found.input_images), (512, 1024, 10, 1));
    }

    #[test]
    fn sound_is_as_long_as_its_bytes_say() {
        let speech = info("Automatic Speech Recognition", &[]);
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0".to_vec();
        wav.resize(32_000 * 30, 0);
        let seconds = |request: &Encoded| work(request, Some(&speech)).audio_seconds;
        assert_eq!(seconds(&Encoded::raw(wav.clone(), None)), 30.0);
        let encoded = Encoded::json(&json!({"audio": crate::Base64::from(wav.clone())})).unwrap();
        assert_eq!(seconds(&encoded).round(), 30.0);
        let numbers = Encoded::json(&json!({"audio": crate::ByteArray::from(wav)})).unwrap();
        assert_eq!(seconds(&numbers), 30.0);
        assert_eq!(seconds(&Encoded::raw([0xFF, 0xFB, 0x90, 0x64].repeat(4000), None)), 1.0);
        let spoken = of(&json!({"prompt": "a".repeat(150)}), &info("Text-to-Speech", &[]));
        assert_eq!((spoken.audio_seconds, spoken.characters), (10.0, 150));
    }

    #[test]
    fn a_batch_is_its_requests_and_asking_is_free() {
        let chat = info("Text Generation", &[]);
        let found = of(&json!({"requests": [{"prompt": "abcd"}, {"prompt": "abcdefgh", "max_tokens": 4}]}), &chat);
        assert_eq!((found.input_tokens, found.output_tokens, found.requests), (3, 260, 2));
        assert_eq!(of(&json!({"request_id": "x"}), &chat), Work::default());
    }

    #[test]
    fn a_picture_has_the_sides_that_are_asked_for() {
        let found = of(&json!({"prompt": "sea", "width": 256, "height": 2048}), &info("Text-to-Image", &[]));
        assert_eq!((found.width, found.height), (256, 2048));
        // Only where something is drawn.
        assert_eq!(of(&json!({"prompt": "sea", "height": 2048}), &info("Text Generation", &[])).height, 0);
    }

    #[test]
    fn a_translation_is_as_long_as_the_text() {
        assert_eq!(of(&json!({"text": "a".repeat(4000)}), &info("Translation", &[])).output_tokens, 1000);
    }

    #[test]
    fn bytes_nobody_knows_may_be_a_picture_or_sound() {
        let found = work(&Encoded::raw(vec![7; 32_000], None), None);
        assert_eq!((found.input_images, found.audio_seconds), (1, 2.0));
        let found = work(&Encoded::raw(vec![7; 32_000], Some("audio/l16")), None);
        assert_eq!((found.input_images, found.audio_seconds), (0, 2.0));
    }

    #[test]
    fn steps_are_few_where_they_cost_more_than_a_tile() {
        const fn prices(step: f64) -> [Price; 2] {
            [
                Price { unit: "per_step", usd: 0.0, neurons: Some(step) },
                Price { unit: "per_512x512_tile", usd: 0.0, neurons: Some(2.0) },
            ]
        }
        const LESS: &[Price] = &prices(1.0);
        const EQUAL: &[Price] = &prices(2.0);
        const MORE: &[Price] = &prices(3.0);
        let steps = |prices| of(&json!({"prompt": "sea"}), &info("Text-to-Image", prices)).steps;
        assert_eq!((steps(LESS), steps(EQUAL), steps(MORE), steps(&[])), (25, 25, 4, 25));
    }

    #[test]
    fn only_a_wav_file_with_a_rate_has_a_rate() {
        let head = |name: &[u8], kind: &[u8], rate: u32| [name, &[0; 4], kind, &[0; 16], &rate.to_le_bytes()].concat();
        assert_eq!(wav_rate(&head(b"RIFF", b"WAVE", 32_000)), Some(32_000.0));
        assert_eq!(wav_rate(&head(b"RIFF", b"AVI ", 32_000)), None);
        assert_eq!(wav_rate(&head(b"RIFX", b"WAVE", 32_000)), None);
        assert_eq!(wav_rate(&head(b"RIFF", b"WAVE", 0)), None);
        assert_eq!(wav_rate(b"RIFF\0\0\0\0WAVE"), None);
    }

    #[test]
    fn what_a_batch_speaks_is_taken_together() {
        let request = json!({"prompt": "a".repeat(150)});
        let found = of(&json!({"requests": [request, request]}), &info("Text-to-Speech", &[]));
        assert_eq!((found.audio_seconds, found.characters), (20.0, 300));
    }

    #[test]
    fn what_a_batch_shows_is_taken_together() {
        let request = json!({"image": "iVBORw0KGgo="});
        let found = of(&json!({"requests": [request, request]}), &info("Image Classification", &[]));
        assert_eq!((found.input_images, found.requests), (2, 2));
    }
}
