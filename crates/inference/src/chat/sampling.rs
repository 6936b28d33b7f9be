//! Which token comes next: penalties, then the likeliest or a seeded draw.

use std::collections::HashMap;

use super::request::GenerateRequest;

/// Tokens less likely than the best by more than this exponent of e are not drawn: sorting them would cost more than
/// they could ever matter.
const NEGLIGIBLE: f32 = 20.0;

/// Draws tokens for one answer.
pub(crate) struct Sampler {
    temperature: f32,
    top_p: f32,
    top_k: usize,
    repetition: f32,
    frequency: f32,
    presence: f32,
    /// What was read, and how often each token was written.
    read: Vec<u32>,
    written: HashMap<u32, u32>,
    chance: u64,
}

impl Sampler {
    pub(crate) fn new(request: &GenerateRequest, prompt: &[u32]) -> Self {
        let mut read = prompt.to_vec();
        read.sort_unstable();
        read.dedup();
        Self {
            temperature: request.temperature,
            top_p: request.top_p.unwrap_or(1.0),
            top_k: request.top_k.filter(|count| *count > 0).unwrap_or(usize::MAX),
            repetition: request.repetition_penalty.filter(|penalty| *penalty > 0.0).unwrap_or(1.0),
            frequency: request.frequency_penalty.unwrap_or_default(),
            presence: request.presence_penalty.unwrap_or_default(),
            read,
            written: HashMap::new(),
            chance: request.seed.unwrap_or_default(),
        }
    }

    /// The next token.
    pub(crate) fn next(&mut self, mut logits: Vec<f32>) -> Option<u32> {
        self.punish(&mut logits);
        let token = if self.temperature <= 0.0 { likeliest(&logits) } else { self.draw(&logits) }?;
        *self.written.entry(token).or_default() += 1;
        Some(token)
    }

    fn punish(&self, logits: &mut [f32]) {
        if self.repetition != 1.0 {
            let new = self.written.keys().filter(|token| self.read.binary_search(token).is_err());
            for token in self.read.iter().chain(new) {
                if let Some(logit) = logits.get_mut(*token as usize) {
                    *logit = if *logit > 0.0 { *logit / self.repetition } else { *logit * self.repetition };
                }
            }
        }
        for (token, count) in &self.written {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit -= self.frequency * *count as f32 + self.presence;
            }
        }
    }

    fn draw(&mut self, logits: &[f32]) -> Option<u32> {
        let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weight = |logit: f32| (logit - best) / self.temperature;
        let mut candidates: Vec<(u32, f32)> = (0_u32..)
            .zip(logits)
            .map(|(token, logit)| (token, weight(*logit)))
            .filter(|(_, weight)| *weight > -NEGLIGIBLE)
            .map(|(token, weight)| (token, weight.exp()))
            .collect();
        // Of equally likely tokens the first comes first, so that an answer does not depend on how sorting is done.
        candidates.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        candidates.truncate(self.top_k);
        let all: f32 = candidates.iter().map(|(_, weight)| weight).sum();
        let mut kept = 0.0;
        let mut count = 0;
        for (_, weight) in &candidates {
            if count > 0 && kept >= self.top_p * all {
                break;
            }
            kept += weight;
            count += 1;
        }
        candidates.truncate(count);
        let mut mark = self.fraction() * kept;
        let drawn = candidates.iter().find(|(_, weight)| {
            mark -= weight;
            mark < 0.0
        });
        drawn.or(candidates.last()).map(|(token, _)| *token)
    }

    /// A number from 0 to 1, by SplitMix64: the same on every machine.
    fn fraction(&mut self) -> f32 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// The token with the largest logit, the first of them if there are several.
fn likeliest(logits: &[f32]) -> Option<u32> {
    let numbered = (0_u32..).zip(logits);
    numbered.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(token, _)| token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(change: impl FnOnce(&mut GenerateRequest)) -> GenerateRequest {
        let mut request = GenerateRequest::raw("");
        request.temperature = 1.0;
        change(&mut request);
        request
    }

    #[track_caller]
    fn draws(request: &GenerateRequest, logits: &[f32], count: usize) -> Vec<u32> {
        let mut sampler = Sampler::new(request, &[]);
        (0..count).filter_map(|_| sampler.next(logits.to_vec())).collect()
    }

    #[test]
    fn without_temperature_the_likeliest_is_taken() {
        assert_eq!(draws(&request(|request| request.temperature = 0.0), &[0.1, 3.0, 3.0, -1.0], 3), [1, 1, 1]);
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let logits = [1.0, 1.1, 0.9, 1.0];
        let draw = |seed| draws(&request(|request| request.seed = Some(seed)), &logits, 30);
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn draws_follow_the_likelihoods() {
        let drawn = draws(&request(|_| {}), &[0.0, 3_f32.ln(), f32::NEG_INFINITY], 4000);
        let ones = drawn.iter().filter(|token| **token == 1).count();
        assert!((2850..3150).contains(&ones), "{ones} of 4000 instead of three quarters");
        assert!(!drawn.contains(&2));
    }

    #[test]
    fn top_k_and_top_p_cut_the_tail() {
        let logits = [2.0, 1.0, 0.0, -1.0];
        let drawn = draws(&request(|request| request.top_k = Some(2)), &logits, 500);
        assert!(drawn.iter().all(|token| *token < 2) && drawn.contains(&1));
        // The first two hold 0.64 + 0.24 of all.
        let drawn = draws(&request(|request| request.top_p = Some(0.8)), &logits, 500);
        assert!(drawn.iter().all(|token| *token < 2) && drawn.contains(&1));
        let drawn = draws(&request(|request| request.top_p = Some(0.6)), &logits, 500);
        assert!(drawn.iter().all(|token| *token == 0));
    }

    #[test]
    fn penalties_turn_away_from_what_was_said() {
        let greedy = |change: fn(&mut GenerateRequest)| {
            let request = request(|request| {
                request.temperature = 0.0;
                change(request);
            });
            draws(&request, &[1.0, 0.9], 4)
        };
        assert_eq!(greedy(|_| {}), [0, 0, 0, 0]);
        assert_eq!(greedy(|request| request.presence_penalty = Some(0.5)), [0, 1, 0, 0]);
        assert_eq!(greedy(|request| request.frequency_penalty = Some(0.5)), [0, 1, 0, 1]);
        assert_eq!(greedy(|request| request.repetition_penalty = Some(1.5)), [0, 1, 0, 0]);
    }
}
