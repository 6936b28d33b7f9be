//! Audio of any usual kind as samples: one channel, 16 000 a second.

use std::io::Cursor;

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Async, FixedAsync, Resampler as _, SincInterpolationParameters, WindowFunction};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as DecodeError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use crate::error::{Error, Result};

/// Samples a second, as the models want them.
pub(crate) const RATE: usize = 16_000;

/// Rates that audio may come in.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// What was said, ready for the models.
#[derive(Clone, Debug, PartialEq)]
pub struct Audio {
    samples: Vec<f32>,
}

impl Audio {
    /// Decodes a file: WAV, MP3, FLAC, Ogg Vorbis, or AAC in MP4.
    ///
    /// ```
    /// use workers_ai_inference::Audio;
    ///
    /// assert!(Audio::decode(b"no audio at all").unwrap_err().is_bad_input());
    /// ```
    ///
    /// # Errors
    ///
    /// The bytes are none of these, or hold no audio.
    pub fn decode(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        let unreadable = |error| Error::input_from("the audio cannot be decoded", error);
        let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes.into())), Default::default());
        let mut format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(unreadable)?;
        let track = format.default_track(TrackType::Audio).ok_or_else(|| Error::input("the file holds no audio"))?;
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let parameters = parameters.ok_or_else(|| Error::input("the file does not say how its audio is coded"))?;
        let mut decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(unreadable)?;
        let track = track.id;

        let (mut mono, mut rate, mut packet_samples) = (Vec::new(), None, Vec::<f32>::new());
        loop {
            let packet = match format.next_packet() {
                Ok(Some(packet)) => packet,
                // A file that was cut short still holds what came before.
                Ok(None) | Err(DecodeError::IoError(_) | DecodeError::ResetRequired) => break,
                Err(error) => return Err(unreadable(error)),
            };
            if packet.track_id != track {
                continue;
            }
            match decoder.decode(&packet) {
                Ok(decoded) => {
                    let channels = decoded.spec().channels().count().max(1);
                    rate.get_or_insert(decoded.spec().rate());
                    decoded.copy_to_vec_interleaved(&mut packet_samples);
                    mono.extend(packet_samples.chunks_exact(channels).map(mean));
                }
                // A broken packet is skipped, as players do.
                Err(DecodeError::DecodeError(_) | DecodeError::IoError(_)) => {}
                Err(error) => return Err(unreadable(error)),
            }
        }
        let rate = rate.ok_or_else(|| Error::input("the audio is empty"))?;
        Self::from_samples(&mono, rate)
    }

    /// Takes samples as they come out of a microphone: 16-bit integers, the low byte first, with `channels` side by side.
    ///
    /// # Errors
    ///
    /// The rate is not between 1 and 768 kHz, or there is no channel.
    pub fn from_pcm16(bytes: &[u8], rate: u32, channels: usize) -> Result<Self> {
        if channels == 0 {
            return Err(Error::input("audio without channels"));
        }
        let samples: Vec<f32> =
            bytes.as_chunks::<2>().0.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32_768.0).collect();
        let mono: Vec<f32> = samples.chunks_exact(channels).map(mean).collect();
        Self::from_samples(&mono, rate)
    }

    /// Takes samples of one channel, from -1 to 1.
    ///
    /// # Errors
    ///
    /// The rate is not between 1 and 768 kHz.
    pub fn from_samples(samples: &[f32], rate: u32) -> Result<Self> {
        if !RATES.contains(&rate) {
            return Err(Error::input(format!("audio with {rate} samples a second")));
        }
        Ok(Self { samples: resampled(samples, rate)? })
    }

    /// One channel, 16 000 samples a second, from -1 to 1.
    #[must_use]
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// How long it is.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / RATE as f64
    }
}

fn mean(channels: &[f32]) -> f32 {
    channels.iter().sum::<f32>() / channels.len() as f32
}

fn resampled(samples: &[f32], rate: u32) -> Result<Vec<f32>> {
    if rate as usize == RATE || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let unfit =
        |error: &dyn std::fmt::Display| Error::input(format!("audio at {rate} Hz cannot be resampled: {error}"));
    let ratio = RATE as f64 / f64::from(rate);
    let parameters = SincInterpolationParameters::new(128, WindowFunction::BlackmanHarris2);
    let mut resampler =
        Async::<f32>::new_sinc(ratio, 1.0, &parameters, 1024, 1, FixedAsync::Input).map_err(|error| unfit(&error))?;
    let input = InterleavedSlice::new(samples, 1, samples.len()).map_err(|error| unfit(&error))?;
    let output = resampler.process_all(&input, samples.len(), None).map_err(|error| unfit(&error))?;
    Ok(output.take_data())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

    use super::*;

    /// A tone of a tenth of a second and more.
    fn tone(rate: u32, count: usize) -> Vec<f32> {
        (0..count).map(|place| (place as f32 * 440.0 * std::f32::consts::TAU / rate as f32).sin() * 0.5).collect()
    }

    /// A WAV file of 16-bit samples.
    fn wav(samples: &[f32], rate: u32, channels: u16) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
        let size = u32::try_from(data.len()).unwrap();
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + size).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0");
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend((rate * u32::from(channels) * 2).to_le_bytes());
        bytes.extend((channels * 2).to_le_bytes());
        bytes.extend(b"\x10\0data");
        bytes.extend(size.to_le_bytes());
        bytes.extend(data);
        bytes
    }

    #[track_caller]
    fn check_tone(audio: &Audio, seconds: f64) {
        assert!((audio.seconds() - seconds).abs() < 0.001, "{} seconds", audio.seconds());
        // Loudness and delay from the parts that go with the tone and a quarter of it later. The ends ring, as no sound
        // goes on beyond them, so a whole number of periods in the middle counts: 1600 samples are 44 of them.
        let (mut with, mut after) = (0.0, 0.0);
        for place in 1000..2600 {
            let angle = place as f32 * 440.0 * std::f32::consts::TAU / 16_000.0;
            with += audio.samples()[place] * angle.sin() / 800.0;
            after += audio.samples()[place] * angle.cos() / 800.0;
        }
        let (loudness, delay) = (with.hypot(after), after.atan2(with) / std::f32::consts::TAU * 16_000.0 / 440.0);
        assert!((loudness - 0.5).abs() < 0.005, "loudness {loudness}");
        assert!(delay.abs() < 1.1, "{delay} samples late");
    }

    #[test]
    fn a_tone_stays_the_same_at_any_rate() {
        for rate in [8_000, 16_000, 22_050, 44_100, 48_000] {
            let samples = tone(rate, rate as usize / 4);
            check_tone(&Audio::decode(wav(&samples, rate, 1)).unwrap(), 0.25);
        }
    }

    #[test]
    fn channels_are_mixed() {
        let both: Vec<f32> = tone(16_000, 4_000).iter().flat_map(|sample| [sample * 1.5, sample * 0.5]).collect();
        check_tone(&Audio::decode(wav(&both, 16_000, 2)).unwrap(), 0.25);
    }

    #[test]
    fn raw_samples_are_read() {
        let bytes: Vec<u8> =
            tone(24_000, 6_000).iter().flat_map(|sample| ((sample * 32_768.0) as i16).to_le_bytes()).collect();
        check_tone(&Audio::from_pcm16(&bytes, 24_000, 1).unwrap(), 0.25);
    }

    #[test]
    fn what_is_no_audio_is_bad_input() {
        for bytes in [&b""[..], b"RIFF", b"hello world, this is text", &[0xff; 4096]] {
            let error = Audio::decode(bytes).unwrap_err();
            assert!(error.is_bad_input(), "{error}");
        }
        assert!(Audio::from_samples(&[0.0], 0).unwrap_err().is_bad_input());
        assert!(Audio::from_pcm16(&[0, 0], 16_000, 0).unwrap_err().is_bad_input());
    }

    #[test]
    fn a_file_that_was_cut_short_gives_what_it_has() {
        let mut bytes = wav(&tone(16_000, 8_000), 16_000, 1);
        bytes.truncate(44 + 2 * 4_000);
        assert!(Audio::decode(bytes).unwrap().seconds() > 0.2);
    }
}
