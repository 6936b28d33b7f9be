//! Where somebody speaks, with the Silero network, and whether a turn is over.

use std::path::Path;

use candle_core::{D, DType, Device, Tensor};
use candle_nn::{Conv1d, Conv1dConfig, Linear, Module as _, VarBuilder, conv1d, conv1d_no_bias, ops};

use super::audio::{Audio, RATE};
use crate::error::Result;
use crate::files;
use crate::task::Match;

/// Samples that one probability speaks of, and those before them that the network sees too.
const WINDOW: usize = 512;
const CONTEXT: usize = 64;
/// Samples that are mirrored at the end of a window.
const MIRRORED: usize = 64;
/// Windows that pass the convolutions together.
const BATCH: usize = 256;

/// From this probability on speech begins, and below the lower one it ends.
const BEGINS: f32 = 0.5;
const ENDS: f32 = 0.35;
/// Shorter speech is noise, and a shorter pause is part of the speech around it; in windows.
const SHORTEST: usize = (RATE / 4).div_ceil(WINDOW);
const PAUSE: usize = (RATE / 10).div_ceil(WINDOW);
/// Silence after which nobody goes on as a rule, in seconds.
const TURN: f64 = 0.6;

/// Audio in which to look for speech.
#[derive(Clone, Debug)]
pub struct VoiceActivityRequest {
    /// What was heard.
    pub audio: Audio,
}

/// Where somebody speaks.
#[derive(Clone, Debug)]
pub struct VoiceActivity {
    /// How likely somebody speaks, from 0 to 1, in each 32 thousandths of a second.
    pub probabilities: Vec<f32>,
    /// Stretches of speech.
    pub speech: Vec<Span>,
    /// How likely the speaker is done, from 0 to 1: 0 while somebody speaks or nobody has, then growing with the silence
    /// up to 1 after 0.6 seconds of it. It hears pauses, not intonation.
    pub turn_end: f64,
    /// Length of the audio.
    pub seconds: f64,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// A stretch of time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
}

/// A loaded model.
pub(crate) struct Recogniser {
    spectrum: Conv1d,
    layers: [Conv1d; 4],
    input: Linear,
    state: Linear,
    last: Conv1d,
}

impl Recogniser {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("silero_vad_16k.safetensors");
        let weights = files::read_safetensors(&path)?;
        Self::from_weights(&weights).map_err(files::unfit(&path))
    }

    fn from_weights(weights: &VarBuilder<'_>) -> candle_core::Result<Self> {
        let strided = |stride| Conv1dConfig { stride, padding: 1, ..Conv1dConfig::default() };
        let half_window = Conv1dConfig { stride: 128, ..Conv1dConfig::default() };
        let gates = |name: &str| -> candle_core::Result<Linear> {
            let (weight, bias) = (format!("weight_{name}"), format!("bias_{name}"));
            let cell = weights.pp("lstm_cell");
            Ok(Linear::new(cell.get((512, 128), &weight)?, Some(cell.get(512, &bias)?)))
        };
        Ok(Self {
            spectrum: conv1d_no_bias(1, 258, 256, half_window, weights.pp("stft_conv"))?,
            layers: [
                conv1d(129, 128, 3, strided(1), weights.pp("conv1"))?,
                conv1d(128, 64, 3, strided(2), weights.pp("conv2"))?,
                conv1d(64, 64, 3, strided(2), weights.pp("conv3"))?,
                conv1d(64, 128, 3, strided(1), weights.pp("conv4"))?,
            ],
            input: gates("ih")?,
            state: gates("hh")?,
            last: conv1d(128, 1, 1, Conv1dConfig::default(), weights.pp("final_conv"))?,
        })
    }

    pub(crate) fn recognise(&self, request: &VoiceActivityRequest, matched: Match) -> Result<VoiceActivity> {
        let probabilities = self.probabilities(request.audio.samples())?;
        let seconds = request.audio.seconds();
        let speech = stretches(&probabilities, seconds);
        let silence = speech.last().map_or(0.0, |last| seconds - last.end);
        Ok(VoiceActivity { probabilities, speech, turn_end: (silence / TURN).clamp(0.0, 1.0), seconds, matched })
    }

    fn probabilities(&self, samples: &[f32]) -> candle_core::Result<Vec<f32>> {
        let windows = windows(samples);
        let (mut hidden, mut cell) = (zeros()?, zeros()?);
        let mut found = Vec::with_capacity(windows.len());
        for batch in windows.chunks(BATCH) {
            // Only what remembers must go window by window.
            let features = self.features(batch)?;
            let inputs = self.input.forward(&features)?;
            for place in 0..batch.len() {
                let gates = (inputs.narrow(0, place, 1)? + self.state.forward(&hidden)?)?;
                let gate = |number: usize| gates.narrow(D::Minus1, number * 128, 128);
                let (input, forget) = (ops::sigmoid(&gate(0)?)?, ops::sigmoid(&gate(1)?)?);
                let (new, output) = (gate(2)?.tanh()?, ops::sigmoid(&gate(3)?)?);
                cell = ((forget * cell)? + (input * new)?)?;
                hidden = (output * cell.tanh()?)?;
                let logit = self.last.forward(&hidden.relu()?.unsqueeze(2)?)?;
                found.push(ops::sigmoid(&logit)?.flatten_all()?.get(0)?.to_scalar()?);
            }
        }
        Ok(found)
    }

    /// A row of 128 numbers a window.
    fn features(&self, windows: &[Vec<f32>]) -> candle_core::Result<Tensor> {
        let length = CONTEXT + WINDOW + MIRRORED;
        let input = Tensor::from_vec(windows.concat(), (windows.len(), 1, length), &Device::Cpu)?;
        let waves = self.spectrum.forward(&input)?;
        let (real, imaginary) = (waves.narrow(1, 0, 129)?, waves.narrow(1, 129, 129)?);
        let mut features = (real.sqr()? + imaginary.sqr()?)?.sqrt()?;
        for layer in &self.layers {
            features = layer.forward(&features)?.relu()?;
        }
        features.squeeze(2)
    }
}

fn zeros() -> candle_core::Result<Tensor> {
    Tensor::zeros((1, 128), DType::F32, &Device::Cpu)
}

/// Windows with what came before each, their ends mirrored.
fn windows(samples: &[f32]) -> Vec<Vec<f32>> {
    let mut before = [0.0; CONTEXT].to_vec();
    let cut = samples.chunks(WINDOW).map(|window| {
        let mut row = before.clone();
        row.extend_from_slice(window);
        row.resize(CONTEXT + WINDOW, 0.0);
        before = row.iter().skip(WINDOW).copied().collect();
        // The last sample itself is not repeated.
        let mirrored: Vec<f32> = row.iter().rev().skip(1).take(MIRRORED).copied().collect();
        row.extend(mirrored);
        row
    });
    cut.collect()
}

/// Probabilities to stretches: short pauses are closed, short noises dropped.
fn stretches(probabilities: &[f32], seconds: f64) -> Vec<Span> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut begun: Option<usize> = None;
    for (window, probability) in probabilities.iter().enumerate() {
        match begun {
            None if *probability >= BEGINS => begun = Some(window),
            Some(start) if *probability < ENDS => {
                found.push((start, window));
                begun = None;
            }
            _ => {}
        }
    }
    found.extend(begun.map(|start| (start, probabilities.len())));
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        match joined.last_mut() {
            Some(last) if start - last.1 < PAUSE => last.1 = end,
            _ => joined.push((start, end)),
        }
    }
    let second = |window: usize| ((window * WINDOW) as f64 / RATE as f64).min(seconds);
    let long = joined.into_iter().filter(|(start, end)| end - start >= SHORTEST);
    long.map(|(start, end)| Span { start: second(start), end: second(end) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_closed_and_noises_dropped() {
        let of = |runs: &[(f32, usize)]| -> Vec<(usize, usize)> {
            let probabilities: Vec<f32> = runs.iter().flat_map(|(p, count)| vec![*p; *count]).collect();
            let window = |seconds: f64| (seconds * RATE as f64 / WINDOW as f64).round() as usize;
            stretches(&probabilities, 1e9).iter().map(|span| (window(span.start), window(span.end))).collect()
        };
        assert_eq!(of(&[(0.1, 10), (0.9, 20), (0.1, 10)]), [(10, 30)]);
        assert_eq!(of(&[(0.1, 10), (0.9, 20), (0.1, 2), (0.9, 10)]), [(10, 42)]);
        assert_eq!(of(&[(0.9, 20), (0.1, 10), (0.9, 3), (0.1, 10)]), [(0, 20)]);
        // Between the thresholds speech goes on and does not begin.
        assert_eq!(of(&[(0.4, 10), (0.9, 10), (0.4, 10), (0.1, 10)]), [(10, 30)]);
        assert_eq!(of(&[]), []);
    }
}
