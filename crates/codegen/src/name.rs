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

/// Plurals that the endings would get wrong. Words that only look like plurals are among them.
#[cfg(feature = "emit")]
const IRREGULAR: [(&str, &str); 15] = [
    ("alias", "alias"),
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("bias", "bias"),
    ("biases", "bias"),
    ("canvas", "canvas"),
    ("children", "child"),
    ("cpus", "cpu"),
    ("gpus", "gpu"),
    ("indices", "index"),
    ("lens", "lens"),
    ("matrices", "matrix"),
    ("people", "person"),
    ("series", "series"),
    ("vertices", "vertex"),
];

/// The singular of a field that holds a list, by its last word.
#[cfg(feature = "emit")]
pub(crate) fn singular(name: &str) -> String {
    let (before, word) = name.rfind('_').map_or(("", name), |last| name.split_at(last + 1));
    let one = IRREGULAR.iter().find(|(many, _)| *many == word).map(|(_, one)| (*one).to_owned());
    format!("{before}{}", one.unwrap_or_else(|| by_ending(word)))
}

#[cfg(feature = "emit")]
fn by_ending(word: &str) -> String {
    let cut = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 1);
    // `class`, `status`, `axis` and `basis` are one already; `apis` are many.
    if ["ss", "us", "sis", "xis"].iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    if let Some(stem) = cut("ies") {
        return format!("{stem}y");
    }
    // `classes`, `statuses`, `boxes`, `branches`, `batches`, `searches`, `hashes`.
    let longer = ["sses", "tuses", "xes", "nches", "tches", "rches", "shes"];
    let ending = if longer.iter().any(|ending| word.ends_with(ending)) { "es" } else { "s" };
    cut(ending).unwrap_or(word).to_owned()
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
            ("voices", "voice"),
            ("sizes", "size"),
            ("images", "image"),
            ("classes", "class"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("batches", "batch"),
            ("searches", "search"),
            ("hashes", "hash"),
            ("caches", "cache"),
            ("indices", "index"),
            ("vertices", "vertex"),
            ("apis", "api"),
            ("gpus", "gpu"),
            ("ids", "id"),
            ("schemas", "schema"),
            ("top_logprobs", "top_logprob"),
            ("finish_statuses", "finish_status"),
            // One already.
            ("class", "class"),
            ("status", "status"),
            ("corpus", "corpus"),
            ("axis", "axis"),
            ("basis", "basis"),
            ("bias", "bias"),
            ("series", "series"),
            ("time_series", "time_series"),
            ("data", "data"),
            ("is", "is"),
            ("as", "as"),
            ("ss", "ss"),
            ("s", "s"),
            ("", ""),
            ("_", "_"),
        ] {
            assert_eq!(singular(many), one, "{many}");
        }
    }
}
