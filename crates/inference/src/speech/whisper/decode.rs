//! One window of sound to tokens: the rules that Whisper was made for, and second tries where the first looks wrong.

use std::io::Write as _;

use candle_core::Tensor;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::network::Network;
use super::special::Special;
use crate::error::Result;

/// Surprise of the tries, one after another.
const TEMPERATURES: &[f32] = &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// A text that packs better than this repeats itself.
const REPETITIVE: f64 = 2.4;
/// A mean logarithm of likelihood below this is a guess.
const GUESS: f64 = -1.0;
/// From this likelihood on, a guess is taken for silence.
const SILENT: f64 = 0.6;
/// The first words of a window begin within its first second.
const LATEST_START: u32 = 50;

/// What was written about a window.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// Tokens of text and of times.
    pub(crate) tokens: Vec<u32>,
    /// All tokens that were written, tries that were thrown away as well.
    pub(crate) written: usize,
    /// Whether there is nothing but silence.
    pub(crate) silent: bool,
}

/// Writes about one window.
pub(crate) struct Decoder<'model> {
    pub(crate) network: &'model Network,
    pub(crate) special: &'model Special,
}

/// One try.
struct Try {
    tokens: Vec<u32>,
    likelihood: f64,
    silence: f64,
}

impl Decoder<'_> {
    /// The likeliest language of what was heard.
    pub(crate) fn language(&self, heard: &Tensor) -> Result<Option<u32>> {
        if self.special.languages.is_empty() {
            return Ok(None);
        }
        let mut decoding = self.network.start(heard)?;
        let rows = self.network.read(&[self.special.start], &mut decoding, None)?;
        let logits = self.network.logits(&rows)?;
        let logit = |id: u32| logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let languages = self.special.languages.iter().map(|(id, _)| *id);
        Ok(languages.max_by(|one, other| logit(*one).total_cmp(&logit(*other))))
    }

    /// Writes after `prompt`, whose last `opening` tokens ask for a transcript.
    pub(crate) fn decode(&self, heard: &Tensor, prompt: &[u32], opening: usize) -> Result<Decoded> {
        let mut written = 0;
        let mut last = None;
        for temperature in TEMPERATURES {
            let tried = self.attempt(heard, prompt, opening, *temperature)?;
            written += tried.tokens.len();
            let guess = tried.likelihood < GUESS;
            let silent = tried.silence > SILENT && guess;
            let text = self.special.decode(&tried.tokens)?;
            let done = silent || (!guess && repetition(&text) <= REPETITIVE);
            last = Some((tried.tokens, silent));
            if done {
                break;
            }
        }
        let (tokens, silent) = last.unwrap_or_default();
        Ok(Decoded { tokens, written, silent })
    }

    fn attempt(&self, heard: &Tensor, prompt: &[u32], opening: usize, temperature: f32) -> Result<Try> {
        let mut decoding = self.network.start(heard)?;
        let rows = self.network.read(prompt, &mut decoding, None)?;
        let first = self.network.logits(&rows.get(prompt.len() - opening)?)?;
        let silence = likelihoods(&first).get(self.special.silence as usize).copied().unwrap_or_default().exp();
        let mut logits = self.network.logits(&rows.get(prompt.len() - 1)?)?;

        let limit = (self.network.context / 2).min(self.network.context.saturating_sub(prompt.len()));
        // The same chance for the same try, so that the same sound gives the same text.
        let mut chance = u64::from(temperature.to_bits());
        let (mut tokens, mut sum) = (Vec::new(), 0.0);
        while tokens.len() < limit {
            self.forbid(&mut logits, &tokens);
            let likelihoods = likelihoods(&logits);
            let token = if temperature > 0.0 { draw(&logits, temperature, &mut chance) } else { likeliest(&logits) };
            sum += likelihoods.get(token as usize).copied().unwrap_or_default();
            if token == self.special.end {
                break;
            }
            tokens.push(token);
            let row = self.network.read(&[token], &mut decoding, None)?;
            logits = self.network.logits(&row)?;
        }
        let likelihood = sum / (tokens.len() + 1) as f64;
        Ok(Try { tokens, likelihood, silence })
    }

    /// Makes impossible what must not come next.
    fn forbid(&self, logits: &mut [f32], tokens: &[u32]) {
        let special = self.special;
        let never =
            special.suppressed.iter().chain(if tokens.is_empty() { &special.suppressed_first[..] } else { &[] });
        // Every token that steers but the end, and the times.
        for token in never.copied().chain(special.end + 1..special.times) {
            ban(logits, token..token + 1);
        }
        let (end, times) = (special.end, special.times);
        let last = logits.len() as u32;
        let is_time = |token: Option<&u32>| token.is_some_and(|token| *token >= times);
        let latest = tokens.iter().rev().find(|token| **token >= times);
        match (is_time(tokens.last()), is_time(tokens.iter().rev().nth(1)) || tokens.len() < 2) {
            // A segment ended and the next began: text follows.
            (true, true) => ban(logits, times..last),
            // A segment ended: the next begins, or all is said.
            (true, false) => ban(logits, 0..end),
            _ => {}
        }
        if let Some(latest) = latest {
            // Time goes on, and a segment is not empty.
            let begun = is_time(tokens.last()) && !is_time(tokens.iter().rev().nth(1));
            ban(logits, times..if begun { *latest } else { latest + 1 });
        }
        if tokens.is_empty() {
            ban(logits, 0..times);
            ban(logits, times + LATEST_START + 1..last);
        }
        // Where a time is likelier than any one word, a time it is.
        let (words, stamps) = logits.split_at_mut((times as usize).min(logits.len()));
        let best = words.iter().chain(stamps.iter()).copied().fold(f32::NEG_INFINITY, f32::max);
        let all: f32 = stamps.iter().map(|logit| (logit - best).exp()).sum();
        let best_word = words.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if all.ln() + best > best_word {
            words.fill(f32::NEG_INFINITY);
        }
    }
}

fn ban(logits: &mut [f32], tokens: std::ops::Range<u32>) {
    let range = tokens.start as usize..(tokens.end as usize).min(logits.len());
    logits.get_mut(range).unwrap_or_default().fill(f32::NEG_INFINITY);
}

/// Logarithms of how likely each token is.
fn likelihoods(logits: &[f32]) -> Vec<f64> {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let all: f64 = logits.iter().map(|logit| f64::from(logit - best).exp()).sum();
    logits.iter().map(|logit| f64::from(logit - best) - all.ln()).collect()
}

fn likeliest(logits: &[f32]) -> u32 {
    let best = (0_u32..).zip(logits).reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map_or(0, |(token, _)| token)
}

fn draw(logits: &[f32], temperature: f32, chance: &mut u64) -> u32 {
    *chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let fraction = (*chance >> 40) as f32 / (1_u64 << 24) as f32;
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = logits.iter().map(|logit| ((logit - best) / temperature).exp()).collect();
    let mut mark = fraction * weights.iter().sum::<f32>();
    let drawn = (0_u32..).zip(weights).find(|(_, weight)| {
        mark -= weight;
        mark < 0.0
    });
    drawn.map_or_else(|| likeliest(logits), |(token, _)| token)
}

/// How many times shorter a text becomes when it is packed.
fn repetition(text: &str) -> f64 {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let packed = packer.write_all(text.as_bytes()).and_then(|()| packer.finish());
    text.len() as f64 / packed.map_or(1, |packed| packed.len().max(1)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_is_told_from_speech() {
        assert!(repetition("The quick brown fox jumps over the lazy dog near the bank of the river.") < REPETITIVE);
        assert!(repetition(&"and then ".repeat(30)) > REPETITIVE);
        assert!(repetition("") < REPETITIVE);
    }
}
