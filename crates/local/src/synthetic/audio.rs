//! Speech that only hums: a tone for each letter, as MP3 or WAV that players play.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde_json::json;

use super::Asked;
use crate::answer::{Answer, Usage, tokens};

const SAMPLE_RATE: u32 = 22_050;
/// Samples in one frame of MPEG-2 layer III.
const FRAME_SAMPLES: u32 = 576;
/// Bytes in one frame at 32 kbit/s.
const FRAME_BYTES: usize = 104;
/// Frames that one letter hums for: about 80 milliseconds.
const FRAMES_A_LETTER: usize = 3;
/// Longer texts are cut; a minute is plenty for a test.
const LONGEST_LETTERS: usize = 750;

pub(super) fn speak(asked: &Asked<'_>) -> (Answer, Usage) {
    let text = asked.told();
    let tones = tones(&text);
    let seconds =
        f64::from(FRAME_SAMPLES) / f64::from(SAMPLE_RATE) * f64::from(u32::try_from(tones.len()).unwrap_or_default());
    let usage = Usage {
        input_tokens: tokens(&text),
        characters: u64::try_from(text.chars().count()).unwrap_or_default(),
        audio_seconds: seconds,
        ..Usage::default()
    };
    if crate::results::replies_with(asked.model, "audio") {
        return (Answer::Json(json!({"audio": BASE64_STANDARD.encode(mp3(&tones))})), usage);
    }
    let (content_type, bytes) = match (asked.input.text("encoding"), asked.input.text("container")) {
        (Some("linear16"), None | Some("wav")) => ("audio/wav", wav(&tones)),
        (Some("linear16"), _) => ("audio/l16", pcm(&tones)),
        _ => (asked.content_type().filter(|kind| kind.starts_with("audio/")).unwrap_or("audio/mpeg"), mp3(&tones)),
    };
    (Answer::Bytes { content_type: content_type.to_owned(), bytes: Bytes::from(bytes) }, usage)
}

/// The spectral line that sounds in each frame; lines are 19 Hz apart.
fn tones(text: &str) -> Vec<usize> {
    let letters = text.chars().take(LONGEST_LETTERS);
    let tones = letters.map(|letter| {
        if letter.is_alphanumeric() { 8 + usize::try_from(u32::from(letter) % 24).unwrap_or(0) } else { 0 }
    });
    let mut tones: Vec<usize> = tones.flat_map(|tone| [tone; FRAMES_A_LETTER]).collect();
    if tones.is_empty() {
        tones.push(0);
    }
    tones
}

/// Frames of MPEG-2 layer III, mono, each with a single spectral line (or none) coded by the smallest Huffman table.
fn mp3(tones: &[usize]) -> Vec<u8> {
    tones.iter().flat_map(|tone| frame(*tone)).collect()
}

fn frame(tone: usize) -> Vec<u8> {
    // In table 1 a pair of zeros is `1`, and (1, 0) is `01` before its sign.
    let pairs = if tone == 0 { 0 } else { tone / 2 + 1 };
    let mut spectrum = Bits::default();
    for _ in 1..pairs {
        spectrum.push(1, 1);
    }
    if pairs > 0 {
        spectrum.push(0b010, 3);
    }
    let mut bits = Bits::default();
    bits.push(0x7ff, 11); // sync
    bits.push(0b10, 2); // MPEG-2
    bits.push(0b01, 2); // layer III
    bits.push(1, 1); // no checksum
    bits.push(0b0100, 4); // 32 kbit/s
    bits.push(0b00, 2); // 22,050 Hz
    bits.push(0b00, 2); // no padding, private bit clear
    bits.push(0b11, 2); // mono
    bits.push(0b00_0100, 6); // no stereo extension, no copyright, original, no emphasis
    bits.push(0, 8 + 1); // the data begins in this frame; private bit
    bits.push(u32::try_from(spectrum.0.len()).unwrap_or_default(), 12);
    bits.push(u32::try_from(pairs).unwrap_or_default(), 9);
    bits.push(196, 8); // gain: two fourteen steps below full scale
    bits.push(0, 9 + 1); // scale factors of no length; long blocks
    for _ in 0..3 {
        bits.push(1, 5); // table 1 in all regions
    }
    bits.push(0, 4 + 3 + 1 + 1); // smallest regions, no scale, table A for the rest
    bits.0.extend(spectrum.0);
    let mut bytes = bits.into_bytes();
    bytes.resize(FRAME_BYTES, 0);
    bytes
}

#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|place| value >> place & 1 == 1));
    }

    fn into_bytes(self) -> Vec<u8> {
        let byte = |bits: &[bool]| {
            bits.iter().enumerate().fold(0_u8, |byte, (place, bit)| byte | u8::from(*bit) << (7 - place))
        };
        self.0.chunks(8).map(byte).collect()
    }
}

/// Little-endian samples of 16 bits, mono.
fn pcm(tones: &[usize]) -> Vec<u8> {
    let mut samples = Vec::new();
    let mut phase = 0_u32;
    for tone in tones {
        // A triangle, whose corners are soft enough to listen to.
        let step = u32::try_from(*tone).unwrap_or_default().saturating_mul(u32::from(u16::MAX)) / (2 * FRAME_SAMPLES);
        for _ in 0..FRAME_SAMPLES {
            phase = (phase + step) & 0xffff;
            let height = i32::try_from(phase).unwrap_or_default() - 0x8000;
            let sample = if *tone == 0 { 0 } else { (height.abs() - 0x4000) / 4 };
            samples.extend(i16::try_from(sample).unwrap_or_default().to_le_bytes());
        }
    }
    samples
}

fn wav(tones: &[usize]) -> Vec<u8> {
    let samples = pcm(tones);
    let length = u32::try_from(samples.len()).unwrap_or_default();
    let mut file = Vec::with_capacity(samples.len().saturating_add(44));
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes()); // linear samples
    file.extend(1_u16.to_le_bytes()); // mono
    file.extend(SAMPLE_RATE.to_le_bytes());
    file.extend((SAMPLE_RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn frames_follow_each_other_without_a_gap() {
        let file = mp3(&tones("hum a tune"));
        assert_eq!(file.len(), 10 * FRAMES_A_LETTER * FRAME_BYTES);
        for frame in file.chunks(FRAME_BYTES) {
            assert_eq!(frame.get(..4), Some([0xff, 0xf3, 0x40, 0xc4].as_slice()));
        }
    }

    #[test]
    fn a_wav_says_how_long_it_is() {
        let file = wav(&tones("hi"));
        assert!(file.starts_with(b"RIFF"));
        let data = u32::from_le_bytes(file.get(40..44).unwrap().try_into().unwrap());
        assert_eq!(usize::try_from(data).unwrap() + 44, file.len());
    }
}
