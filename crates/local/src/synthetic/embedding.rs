//! Vectors of texts: equal for equal texts, near for texts that share words or parts of words.

use serde_json::Value;

use super::Asked;
use crate::answer::{Answer, Usage, tokens};
use crate::dice::{Dice, fnv};
use crate::results::{Texts, of_contexts, scores, texts, vectors};

pub(super) fn embed(asked: &Asked<'_>) -> Option<(Answer, Usage)> {
    Some(match texts(asked.input) {
        Texts::Score(query, contexts) => score(asked, &query, &contexts, None),
        Texts::Embed(texts, key) => {
            let (dimensions, seed) = (dimensions(asked), asked_seed(asked));
            let usage = Usage { input_tokens: texts.iter().map(|text| tokens(text)).sum(), ..Usage::default() };
            let made: Vec<Vec<f64>> = texts.iter().map(|text| vector(text, dimensions, seed)).collect();
            (Answer::Json(vectors(asked.model, asked.input, key, &made, &usage)), usage)
        }
    })
}

pub(super) fn rerank(asked: &Asked<'_>) -> (Answer, Usage) {
    let contexts = of_contexts(asked.input.fields.get("contexts").unwrap_or(&Value::Null));
    score(asked, asked.input.text("query").unwrap_or_default(), &contexts, asked.input.integer("top_k"))
}

/// How well each context answers the query.
fn score(asked: &Asked<'_>, query: &str, contexts: &[String], most: Option<u64>) -> (Answer, Usage) {
    const DIMENSIONS: usize = 384;
    let seed = asked_seed(asked);
    let wanted = vector(query, DIMENSIONS, seed);
    let near =
        |text: &String| vector(text, DIMENSIONS, seed).iter().zip(&wanted).map(|(one, other)| one * other).sum::<f64>();
    let scored = contexts.iter().map(near).map(|near| near.clamp(0.0, 1.0)).enumerate().collect();
    let read: u64 = contexts.iter().map(|text| tokens(text).saturating_add(tokens(query))).sum();
    let usage = Usage { input_tokens: read, ..Usage::default() };
    (Answer::Json(scores(asked.model, scored, most, &usage)), usage)
}

/// A model's vectors differ from another's, but do not depend on what else the request holds.
fn asked_seed(asked: &Asked<'_>) -> u64 {
    fnv(0, asked.model.id().as_bytes())
}

fn dimensions(asked: &Asked<'_>) -> usize {
    if let Some(published) = asked.model.facts().number("output_dimensions") {
        return usize::try_from(published).unwrap_or(768).clamp(1, 8192);
    }
    // Known from the models' cards; the feed does not say.
    match asked.model.id().rsplit('/').next() {
        Some("bge-m3" | "qwen3-embedding-0.6b") => 1024,
        Some("plamo-embedding-1b") => 2048,
        _ => 768,
    }
}

/// A vector of length one: each word and each run of three letters pulls it in its own direction.
pub(crate) fn vector(text: &str, dimensions: usize, seed: u64) -> Vec<f64> {
    let mut sum = vec![0.0; dimensions];
    let text = text.to_lowercase();
    let mut pull = |feature: &str, weight: f64| {
        let mut dice = Dice::from_parts(seed, [feature.as_bytes()]);
        // A few places each keep unlike texts nearly at right angles.
        for _ in 0..8 {
            let place = dice.below(dimensions);
            let sign = if dice.below(2) == 0 { -1.0 } else { 1.0 };
            if let Some(number) = sum.get_mut(place) {
                *number += sign * weight;
            }
        }
    };
    let words = || text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    for word in words() {
        pull(word, if COMMON.contains(&word) { 0.2 } else { 1.0 });
        let letters: Vec<char> = format!("^{word}$").chars().collect();
        for run in letters.windows(3) {
            pull(&run.iter().collect::<String>(), 0.3);
        }
    }
    if words().next().is_none() {
        pull(&text, 1.0);
    }
    // A little of everything, as real vectors have, which also tells apart what has the same words.
    let length = sum.iter().map(|number| number * number).sum::<f64>().sqrt();
    let mut dice = Dice::from_parts(seed, [text.as_bytes()]);
    let share = 0.2 * length.max(1.0) / f64::from(u32::try_from(dimensions).unwrap_or(u32::MAX)).sqrt();
    for number in &mut sum {
        *number += share * (dice.fraction() - 0.5);
    }
    let length = sum.iter().map(|number| number * number).sum::<f64>().sqrt();
    sum.iter().map(|number| if length > 0.0 { number / length } else { *number }).collect()
}

/// Words that say little about what a text is about.
const COMMON: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "how", "in", "is", "it", "of", "on",
    "or", "that", "the", "this", "to", "was", "what", "when", "where", "which", "who", "why", "with", "you",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str) -> f64 {
        vector(one, 384, 1).iter().zip(vector(other, 384, 1)).map(|(one, other)| one * other).sum()
    }

    #[test]
    fn equal_texts_are_equal_and_have_length_one() {
        assert!((near("a cat sleeps", "a cat sleeps") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn near_texts_are_nearer_than_far_ones() {
        let near_text = near("The cat sleeps on the mat", "A sleeping cat on a mat");
        let far_text = near("The cat sleeps on the mat", "Quarterly revenue grew by nine percent");
        assert!(near_text > far_text + 0.3, "{near_text} is not well above {far_text}");
    }

    #[test]
    fn text_without_words_has_a_vector_too() {
        assert!((near("???", "???") - 1.0).abs() < 1e-9);
        assert!((near("", "") - 1.0).abs() < 1e-9);
    }
}
