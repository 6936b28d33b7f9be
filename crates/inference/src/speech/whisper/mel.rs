//! Sound as the network sees it: how loud each band of pitch is, a hundred times a second, in logarithms.

use std::f64::consts::TAU;

use candle_core::{Device, Result, Tensor};

use crate::speech::audio::RATE;

/// Samples that a frame looks at, and from one frame to the next.
const FRAME: usize = 400;
pub(crate) const HOP: usize = 160;
/// Frames that the network sees together: 30 seconds.
pub(crate) const WINDOW: usize = 3000;
/// The least loudness, as a power of ten.
const SILENCE: f32 = -10.0;

/// Tables to turn samples into bands.
pub(crate) struct Mel {
    bands: usize,
    /// Cosines and sines under a Hann window, one column a frequency: a Fourier transform as a product of tables.
    waves: Tensor,
    filters: Tensor,
}

/// The bands of a whole recording.
pub(crate) struct Spectrogram {
    /// A row a frame.
    frames: Vec<f32>,
    bands: usize,
    count: usize,
    silence: f32,
}

impl Mel {
    pub(crate) fn new(bands: usize) -> Result<Self> {
        let frequencies = FRAME / 2 + 1;
        let mut waves = Vec::with_capacity(FRAME * 2 * frequencies);
        for sample in 0..FRAME {
            let hann = 0.5 - 0.5 * (TAU * sample as f64 / FRAME as f64).cos();
            let angle = |frequency: usize| TAU * ((sample * frequency) % FRAME) as f64 / FRAME as f64;
            waves.extend((0..frequencies).map(|frequency| (hann * angle(frequency).cos()) as f32));
            waves.extend((0..frequencies).map(|frequency| (hann * angle(frequency).sin()) as f32));
        }
        Ok(Self {
            bands,
            waves: Tensor::from_vec(waves, (FRAME, 2 * frequencies), &Device::Cpu)?,
            filters: Tensor::from_vec(filters(bands, frequencies), (bands, frequencies), &Device::Cpu)?
                .t()?
                .contiguous()?,
        })
    }

    /// The bands of a recording. What follows its end is silence.
    pub(crate) fn spectrogram(&self, samples: &[f32]) -> Result<Spectrogram> {
        // Frames are centred: before the first sample the sound is mirrored, after the last it is silent.
        let mut padded: Vec<f32> = samples.iter().skip(1).take(FRAME / 2).rev().copied().collect();
        padded.splice(0..0, std::iter::repeat_n(0.0, FRAME / 2 - padded.len()));
        padded.extend_from_slice(samples);
        let count = samples.len().div_ceil(HOP) + 2;
        padded.resize(count * HOP + FRAME, 0.0);

        let mut frames = Vec::with_capacity(count * self.bands);
        let starts: Vec<usize> = (0..count).map(|frame| frame * HOP).collect();
        for starts in starts.chunks(WINDOW) {
            let mut rows = Vec::with_capacity(starts.len() * FRAME);
            for start in starts {
                rows.extend_from_slice(padded.get(*start..start + FRAME).unwrap_or_default());
            }
            let waves = Tensor::from_vec(rows, (starts.len(), FRAME), &Device::Cpu)?.matmul(&self.waves)?.sqr()?;
            let half = FRAME / 2 + 1;
            let power = (waves.narrow(1, 0, half)? + waves.narrow(1, half, half)?)?;
            frames.extend(power.matmul(&self.filters)?.flatten_all()?.to_vec1::<f32>()?);
        }
        // Logarithms, with nothing more than eight powers of ten below the loudest, around zero.
        for number in &mut frames {
            *number = number.max(1e-10).log10();
        }
        let floor = frames.iter().copied().fold(SILENCE, f32::max) - 8.0;
        let scaled = |number: f32| (number.max(floor) + 4.0) / 4.0;
        frames.iter_mut().for_each(|number| *number = scaled(*number));
        Ok(Spectrogram { frames, bands: self.bands, count: samples.len() / HOP, silence: scaled(SILENCE) })
    }
}

impl Spectrogram {
    /// Frames of the recording itself.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// 30 seconds from a frame on: a row a band.
    pub(crate) fn window(&self, from: usize) -> Result<Tensor> {
        let begin = (from * self.bands).min(self.frames.len());
        let end = (begin + WINDOW * self.bands).min(self.frames.len());
        let mut rows = self.frames.get(begin..end).unwrap_or_default().to_vec();
        rows.resize(WINDOW * self.bands, self.silence);
        Tensor::from_vec(rows, (1, WINDOW, self.bands), &Device::Cpu)?.transpose(1, 2)?.contiguous()
    }
}

/// Triangles on the mel scale in Slaney's form: straight up to 1000 Hz, then logarithmic, each with the same area.
fn filters(bands: usize, frequencies: usize) -> Vec<f32> {
    let step = 6.4_f64.ln() / 27.0;
    let to_mel = |hertz: f64| if hertz < 1000.0 { hertz * 3.0 / 200.0 } else { 15.0 + (hertz / 1000.0).ln() / step };
    let to_hertz = |mel: f64| if mel < 15.0 { mel * 200.0 / 3.0 } else { 1000.0 * ((mel - 15.0) * step).exp() };
    let highest = RATE as f64 / 2.0;
    let corner = |number: usize| to_hertz(to_mel(highest) * number as f64 / (bands + 1) as f64);
    let mut filters = Vec::with_capacity(bands * frequencies);
    for band in 0..bands {
        let (low, middle, high) = (corner(band), corner(band + 1), corner(band + 2));
        filters.extend((0..frequencies).map(|frequency| {
            let hertz = highest * frequency as f64 / (frequencies - 1) as f64;
            let slope = ((hertz - low) / (middle - low)).min((high - hertz) / (high - middle));
            (slope.max(0.0) * 2.0 / (high - low)) as f32
        }));
    }
    filters
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn filters_are_those_of_librosa() {
        // librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)
        let filters = filters(80, 201);
        for (place, expected) in [((0, 1), 0.024_862_59), ((1, 1), 0.001_990_82), ((79, 195), 0.002_243_795)] {
            let found = filters[place.0 * 201 + place.1];
            assert!((found - expected).abs() < 1e-7, "{place:?}: {found} is not {expected}");
        }
    }

    #[test]
    fn a_tone_is_loud_in_its_band_and_silence_is_even() {
        let mel = Mel::new(80).unwrap();
        let tone: Vec<f32> =
            (0..16_000).map(|n| (n as f32 * 1000.0 * std::f32::consts::TAU / 16_000.0).sin()).collect();
        let spectrogram = mel.spectrogram(&tone).unwrap();
        assert_eq!(spectrogram.len(), 100);
        let window = spectrogram.window(0).unwrap().squeeze(0).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!((window.len(), window[0].len()), (80, 3000));
        let loudest = (0..80).max_by(|a, b| window[*a][50].total_cmp(&window[*b][50])).unwrap();
        // 1000 Hz are 15 mel of 45.2, in 81 steps.
        assert!((25..=27).contains(&loudest), "{loudest}");
        let last = window[0][2999];
        assert!(window.iter().all(|band| (band[2999] - last).abs() < 1e-6));
    }
}
