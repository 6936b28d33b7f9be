//! Texts about texts: sentiment, translation, summary.

use serde_json::{Value, json};

use super::{Asked, excerpt};
use crate::answer::{Answer, Usage, tokens};

const GOOD: &[&str] = &[
    "amazing",
    "awesome",
    "beautiful",
    "best",
    "brilliant",
    "delicious",
    "delightful",
    "enjoy",
    "enjoyed",
    "excellent",
    "fantastic",
    "fun",
    "glad",
    "good",
    "great",
    "happy",
    "like",
    "love",
    "loved",
    "nice",
    "perfect",
    "pleasant",
    "recommend",
    "superb",
    "thanks",
    "tolerable",
    "wonderful",
];
const BAD: &[&str] = &[
    "angry",
    "annoying",
    "awful",
    "bad",
    "boring",
    "broken",
    "cold",
    "disappointed",
    "disappointing",
    "dirty",
    "dull",
    "hate",
    "hated",
    "horrible",
    "late",
    "mediocre",
    "not",
    "never",
    "poor",
    "rude",
    "sad",
    "slow",
    "terrible",
    "ugly",
    "unhappy",
    "waste",
    "worst",
    "wrong",
];

/// Both labels with their scores, which add up to one.
pub(super) fn classify(asked: &Asked<'_>) -> (Answer, Usage) {
    let told = asked.told().to_lowercase();
    let words = || told.split(|letter: char| !letter.is_alphanumeric());
    let (good, bad) =
        (words().filter(|word| GOOD.contains(word)).count(), words().filter(|word| BAD.contains(word)).count());
    let doubt = asked.dice.clone().fraction() * 0.1;
    let positive = match good.cmp(&bad) {
        std::cmp::Ordering::Greater => 0.99 - doubt,
        std::cmp::Ordering::Less => 0.01 + doubt,
        std::cmp::Ordering::Equal => 0.45 + doubt,
    };
    let positive = (positive * 1e4).round() / 1e4;
    let negative = ((1.0 - positive) * 1e4).round() / 1e4;
    let labels = json!([{"label": "NEGATIVE", "score": negative}, {"label": "POSITIVE", "score": positive}]);
    (Answer::Json(labels), asked.text_usage(""))
}

/// The text itself, marked with the language it should be in.
pub(super) fn translate(asked: &Asked<'_>) -> (Answer, Usage) {
    let fields = &asked.input.fields;
    let language = asked.input.text("target_lang").or_else(|| asked.input.text("target_language")).unwrap_or("en");
    let marked = |text: &str| format!("[synthetic {language}] {text}");
    let texts: Vec<String> = match fields.get("text") {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).map(marked).collect(),
        _ => vec![marked(&asked.told())],
    };
    let written = texts.iter().map(|text| tokens(text)).sum();
    let usage = Usage { input_tokens: written, output_tokens: written, ..Usage::default() };
    if crate::results::replies_with(asked.model, "translations") {
        return (Answer::Json(json!({"translations": texts})), usage);
    }
    (Answer::Json(json!({"translated_text": texts.join("\n")})), usage)
}

/// The first sentences, as many as fit.
pub(super) fn summarise(asked: &Asked<'_>) -> (Answer, Usage) {
    let told = asked.told();
    let most = asked
        .input
        .integer("max_length")
        .and_then(|tokens| usize::try_from(tokens).ok())
        .unwrap_or(1024)
        .saturating_mul(4);
    let first = told.split_inclusive(['.', '!', '?']).next().unwrap_or_default().trim();
    let summary = excerpt(first, most.clamp(8, 200));
    let usage = asked.text_usage(&summary);
    (Answer::Json(json!({"summary": summary})), usage)
}
