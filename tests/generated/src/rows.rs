//! Rows as `cargo xtask bench` reads them.

use std::env;

use serde_json::json;

/// How many rounds were asked for: `--rounds N`.
#[must_use]
pub fn rounds(otherwise: usize) -> usize {
    let arguments: Vec<String> = env::args().collect();
    let at = arguments.iter().position(|argument| argument == "--rounds");
    at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(otherwise)
}

/// Prints a row of which less is better.
pub fn print(row: &str, what: &str, unit: &str, subjects: &[(&str, &[f64])]) {
    let subjects: Vec<_> = subjects.iter().map(|(name, samples)| json!({"name": name, "samples": samples})).collect();
    println!("{}", json!({"row": row, "what": what, "unit": unit, "better": "lower", "subjects": subjects}));
}
