//! Vectors of texts: equal for equal texts, near for texts that share words or parts of words.

use serde_json::{Map, Value, json};

use super::Asked;
use crate::answer::{Answer, Usage, tokens};
use crate::dialect::usage_json;
use crate::dice::{Dice, fnv};

pub(super) fn embed(asked: &Asked<'_>) -> Option<(Answer, Usage)> {
    let fields = &asked.input.fields;
    if let (Some(query), Some(contexts)) = (asked.input.text("query"), fields.get("contexts")) {
        return Some(scores(asked, query, contexts, None));
    }
    if let Some(contexts) = fields.get("contexts") {
        let texts = context_texts(contexts);
        return Some(vectors(asked, &texts, "response"));
    }
    // qwen3-embedding takes queries and documents apart from plain text, and answers them in this order.
    let texts: Vec<String> =
        ["text", "queries", "documents"].iter().filter_map(|name| fields.get(*name)).flat_map(texts).collect();
    Some(vectors(asked, &texts, "data"))
}

pub(super) fn rerank(asked: &Asked<'_>) -> (Answer, Usage) {
    let contexts = asked.input.fields.get("contexts").unwrap_or(&Value::Null);
    let most = asked.input.integer("top_k").and_then(|count| usize::try_from(count).ok());
    scores(asked, asked.input.text("query").unwrap_or_default(), contexts, most)
}

fn vectors(asked: &Asked<'_>, texts: &[String], key: &str) -> (Answer, Usage) {
    let dimensions = dimensions(asked);
    let seed = asked_seed(asked);
    let usage = Usage { input_tokens: texts.iter().map(|text| tokens(text)).sum(), ..Usage::default() };
    let data: Vec<Value> = texts
        .iter()
        // Six digits are what single precision holds, and print shortly.
        .map(|text| vector(text, dimensions, seed).iter().map(|number| (number * 1e6).round() / 1e6).collect())
        .collect();
    let mut result = Map::new();
    result.insert("shape".to_owned(), json!([texts.len(), dimensions]));
    result.insert(key.to_owned(), Value::Array(data));
    if asked.replies_with("pooling") {
        let pooling =
            asked.input.text("pooling").unwrap_or(if asked.model.id().ends_with("bge-m3") { "cls" } else { "mean" });
        result.insert("pooling".to_owned(), json!(pooling));
    }
    result.insert("usage".to_owned(), usage_json(asked.model, &usage));
    (Answer::Json(Value::Object(result)), usage)
}

/// How well each context answers the query, the best first; `id` is its place in the request.
fn scores(asked: &Asked<'_>, query: &str, contexts: &Value, most: Option<usize>) -> (Answer, Usage) {
    const DIMENSIONS: usize = 384;
    let texts = context_texts(contexts);
    let seed = asked_seed(asked);
    let wanted = vector(query, DIMENSIONS, seed);
    let mut scored: Vec<(usize, f64)> = texts
        .iter()
        .map(|text| vector(text, DIMENSIONS, seed).iter().zip(&wanted).map(|(one, other)| one * other).sum::<f64>())
        .map(|near| near.clamp(0.0, 1.0))
        .map(|near| (near * 1e6).round() / 1e6)
        .enumerate()
        .collect();
    scored.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    scored.truncate(most.unwrap_or(usize::MAX));
    let rows: Vec<Value> = scored.into_iter().map(|(id, score)| json!({"id": id, "score": score})).collect();
    let read: u64 = texts.iter().map(|text| tokens(text).saturating_add(tokens(query))).sum();
    let usage = Usage { input_tokens: read, ..Usage::default() };
    (Answer::Json(json!({"response": rows, "usage": usage_json(asked.model, &usage)})), usage)
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

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn context_texts(contexts: &Value) -> Vec<String> {
    let texts = contexts.as_array().into_iter().flatten();
    texts.map(|context| context.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
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
