//! How parameters and types are documented: what they mean, what they take.

use crate::meaning::meaning;
use crate::shape::{Bounds, Kind, Lengths, Shape, Side};

/// Required fields in the order in which a constructor takes them; the rest follow by name.
const FIRST: &[&str] = &[
    "prompt",
    "messages",
    "input",
    "text",
    "input_text",
    "query",
    "queries",
    "audio",
    "image",
    "contexts",
    "documents",
];

/// Where a required field stands among a constructor's arguments.
pub(crate) fn rank(field: &str) -> usize {
    FIRST.iter().position(|first| *first == field).unwrap_or(FIRST.len())
}

/// Documentation of a field: what it means, what it takes.
pub(crate) fn field_doc(wire: &str, shape: &Shape, side: Side) -> String {
    let takes = takes(shape);
    match (meaning(wire), side) {
        (Some(meaning), Side::Reply) => format!("{meaning}."),
        (None, Side::Reply) => format!("`{}` as answered.", code(wire)),
        (Some(meaning), Side::Request) => format!("{meaning}: {takes}."),
        (None, Side::Request) => format!("`{}`: {takes}.", code(wire)),
    }
}

/// Documentation of a type, from the field that it was found in.
pub(crate) fn type_doc(hints: &[String]) -> String {
    let field = hints.first().map(|hint| crate::name::snake_case(hint)).unwrap_or_default();
    match field.as_str() {
        "reply" => "What the model answers.".to_owned(),
        "chunk" => "One piece of a streamed answer.".to_owned(),
        "batch_item" => "One request of a queued batch.".to_owned(),
        field => meaning(field).map_or_else(|| format!("What `{field}` holds."), |meaning| format!("{meaning}.")),
    }
}

/// What a parameter takes, in words: `0 to 5`, `1 to 2048 characters`, `mean or cls`.
pub(crate) fn takes(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Any => "any JSON".to_owned(),
        Kind::Boolean(None) => "true or false".to_owned(),
        Kind::Boolean(Some(only)) => format!("only {only}"),
        Kind::Integer(bounds) => range(*bounds, "a whole number"),
        Kind::Number(bounds) => range(*bounds, "a number"),
        Kind::Text { length, .. } => lengths(*length, "text", "characters"),
        Kind::Binary => "bytes".to_owned(),
        Kind::List { .. } if shape.rust.as_deref().is_some_and(|rust| rust.ends_with("ByteArray")) => {
            "bytes".to_owned()
        }
        Kind::List { length, .. } => lengths(*length, "a list", "items"),
        Kind::Object(_) => "an object".to_owned(),
        Kind::Choice(values) => {
            let shown: Vec<String> = values.iter().take(12).map(|value| format!("`{}`", code(value))).collect();
            let more = values.len().saturating_sub(shown.len());
            match (shown.as_slice(), more) {
                ([only], 0) => only.clone(),
                (shown, 0) => {
                    shown.split_last().map_or_else(String::new, |(last, rest)| format!("{} or {last}", rest.join(", ")))
                }
                (shown, more) => format!("{} or {more} more", shown.join(", ")),
            }
        }
        Kind::Union(arms) => arms.iter().map(takes).collect::<Vec<_>>().join(", or "),
    }
}

fn range(bounds: Bounds, what: &str) -> String {
    match (bounds.min, bounds.max) {
        (None, None) => what.to_owned(),
        (Some(min), None) => format!("{what} of at least {min}"),
        (None, Some(max)) => format!("{what} of at most {max}"),
        (Some(min), Some(max)) => format!("{what} from {min} to {max}"),
    }
}

fn lengths(length: Lengths, what: &str, unit: &str) -> String {
    match (length.min.unwrap_or(0), length.max) {
        (0, None) => what.to_owned(),
        (1, None) => format!("{what}, not empty"),
        (min, None) => format!("{what} of at least {min} {unit}"),
        (0, Some(max)) => format!("{what} of at most {max} {unit}"),
        (min, Some(max)) => format!("{what} of {min} to {max} {unit}"),
    }
}

/// Published text inside a doc comment's code span: nothing that ends the span, the comment or the line.
pub(crate) fn code(text: &str) -> String {
    text.chars()
        .take(80)
        .map(|character| match character {
            '`' => '\'',
            character if character.is_control() || is_invisible(character) => '\u{fffd}',
            character => character,
        })
        .collect()
}

/// Characters that change how the surrounding source reads.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_code_span_ends_it_or_hides() {
        assert_eq!(code("a `b` c"), "a 'b' c");
        for hidden in ['\n', '\u{7}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{61c}'] {
            assert_eq!(code(&format!("a{hidden}b")), "a\u{fffd}b", "{hidden:?}");
        }
        for shown in ['é', ' ', '\u{200a}', '\u{2010}', '\u{2027}', '\u{202f}'] {
            assert_eq!(code(&format!("a{shown}b")), format!("a{shown}b"));
        }
        assert_eq!(code(&"x".repeat(81)), "x".repeat(80));
    }

    #[test]
    fn constructors_take_the_question_first() {
        assert_eq!(["prompt", "messages", "documents"].map(rank), [0, 1, 10]);
        assert_eq!(rank("seed"), rank("zeal"));
        assert!(rank("documents") < rank("audience"));
    }
}
