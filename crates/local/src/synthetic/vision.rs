//! What models say about images that were given.

use serde_json::{Map, Value, json};

use super::Asked;
use crate::answer::{Answer, Usage, tokens};
use crate::dice::Dice;

const THINGS: &[&str] =
    &["cat", "dog", "bicycle", "car", "person", "tree", "boat", "chair", "bird", "clock", "cup", "bridge"];
const CLASSES: &[&str] = &[
    "tabby, tabby cat",
    "golden retriever",
    "mountain bike",
    "sports car",
    "lighthouse",
    "sailboat",
    "espresso",
    "wall clock",
    "robin",
];

/// Five labels, the likeliest first.
pub(super) fn classify(asked: &Asked<'_>) -> (Answer, Usage) {
    let mut dice = asked.dice.clone();
    let mut left = 1.0;
    let first = dice.below(CLASSES.len());
    let labels: Vec<Value> = CLASSES
        .iter()
        .cycle()
        .skip(first)
        .take(5)
        .map(|label| {
            let score: f64 = left * (0.6 + 0.3 * dice.fraction());
            left -= score;
            json!({"label": label.to_uppercase(), "score": rounded(score)})
        })
        .collect();
    (Answer::Json(Value::Array(labels)), seen(0))
}

/// Two boxes inside the image.
pub(super) fn detect(asked: &Asked<'_>) -> (Answer, Usage) {
    let mut dice = asked.dice.clone();
    let boxes: Vec<Value> = (0..2)
        .map(|_| {
            let (left, top) = (dice.below(200), dice.below(200));
            let place = json!({"xmin": left, "ymin": top, "xmax": left + 40 + dice.below(200), "ymax": top + 40 + dice.below(200)});
            json!({"score": rounded(0.7 + 0.3 * dice.fraction()), "label": thing(&mut dice), "box": place})
        })
        .collect();
    (Answer::Json(Value::Array(boxes)), seen(0))
}

/// A sentence, or what the task asks for.
pub(super) fn describe(asked: &Asked<'_>) -> (Answer, Usage) {
    let mut dice = asked.dice.clone();
    let thing = thing(&mut dice);
    let size = asked.input.bytes("image").map_or(0, |bytes| bytes.len());
    let sentence = match size {
        0 => format!("A synthetic description: perhaps a {thing}."),
        size => format!("A synthetic description of an image of {size} bytes: perhaps a {thing}."),
    };
    let usage = seen(tokens(&sentence));
    if crate::results::replies_with(asked.model, "description") {
        return (Answer::Json(json!({"description": sentence})), usage);
    }
    let mut result = Map::new();
    match asked.input.text("task").unwrap_or("query") {
        "caption" => result.insert("caption".to_owned(), Value::from(sentence)),
        "point" => {
            result.insert("points".to_owned(), json!([{"x": rounded(dice.fraction()), "y": rounded(dice.fraction())}]))
        }
        "detect" => {
            let (left, top) = (rounded(dice.fraction() * 0.5), rounded(dice.fraction() * 0.5));
            let corners =
                json!([{"x_min": left, "y_min": top, "x_max": rounded(left + 0.4), "y_max": rounded(top + 0.4)}]);
            result.insert("objects".to_owned(), corners)
        }
        _ => result.insert("answer".to_owned(), Value::from(sentence)),
    };
    result.insert("finish_reason".to_owned(), json!("stop"));
    let metrics = json!({
        "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens,
        "prefill_time_ms": 1.0, "decode_time_ms": 1.0, "ttft_ms": 1.0,
    });
    result.insert("metrics".to_owned(), metrics);
    (Answer::Json(Value::Object(result)), usage)
}

fn thing(dice: &mut Dice) -> &'static str {
    dice.pick(THINGS).unwrap_or("cat")
}

fn rounded(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

/// An image is read as so many tokens, whatever its size.
fn seen(output_tokens: u64) -> Usage {
    Usage { input_tokens: 730, output_tokens, input_images: 1, ..Usage::default() }
}
