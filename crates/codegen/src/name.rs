//! Names: from published words to Rust identifiers that are always valid.

/// Words of an identifier: runs of ASCII letters and digits, split where the case turns.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for character in text.chars() {
        let boundary = character.is_ascii_uppercase() && previous_lower;
        if (!character.is_ascii_alphanumeric() || boundary) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_ascii_alphanumeric() {
            word.push(character.to_ascii_lowercase());
        }
        previous_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `Input Query and Contexts` → `input_query_and_contexts`; empty when nothing is left.
pub(crate) fn snake_case(text: &str) -> String {
    words(text).join("_")
}

/// `top_logprobs` → `TopLogprobs`; empty when nothing is left.
#[cfg(feature = "emit")]
pub(crate) fn pascal_case(text: &str) -> String {
    let mut name: String = words(text)
        .into_iter()
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect();
    // A published word must not pass for one of this crate's own placeholders, nor for the one word that names no type.
    let digits = name.strip_prefix("Def").filter(|digits| !digits.is_empty());
    if name == "Self" || digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
        name.push_str("Value");
    }
    name
}

/// The singular of a field that holds a list.
#[cfg(feature = "emit")]
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 1 => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_the_case_turns_or_something_else_stands() {
        for (published, snake, pascal) in [
            ("Input Query and Contexts", "input_query_and_contexts", "InputQueryAndContexts"),
            ("top_logprobs", "top_logprobs", "TopLogprobs"),
            ("topLogProbs", "top_log_probs", "TopLogProbs"),
            ("HTTPServer", "httpserver", "Httpserver"),
            ("v2Beta", "v2_beta", "V2Beta"),
            ("a-b", "a_b", "AB"),
            ("A-B", "a_b", "AB"),
            ("-a", "a", "A"),
            ("über alles", "ber_alles", "BerAlles"),
            ("x", "x", "X"),
            ("", "", ""),
            ("…", "", ""),
            ("self", "self", "SelfValue"),
            ("def", "def", "Def"),
            ("def12", "def12", "Def12Value"),
            ("def1a", "def1a", "Def1a"),
            ("define", "define", "Define"),
        ] {
            assert_eq!(
                (snake_case(published).as_str(), pascal_case(published).as_str()),
                (snake, pascal),
                "{published}"
            );
        }
    }

    #[test]
    fn lists_are_named_by_one_of_their_items() {
        for (many, one) in [
            ("queries", "query"),
            ("tools", "tool"),
            ("class", "class"),
            ("s", "s"),
            ("is", "is"),
            ("ids", "id"),
            ("ss", "ss"),
            ("data", "data"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
