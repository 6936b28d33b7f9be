//! Keeps secrets out of recordings.

use serde_json::Value;

/// What takes an account id's place.
const ACCOUNT: &str = "{account_id}";

/// What takes a token's place.
const TOKEN: &str = "{token}";

/// Shorter words than this are no secrets of Cloudflare's, and stand in ordinary text.
const SHORTEST: usize = 16;

/// Replaces the account's id and tokens wherever they stand.
#[derive(Clone, Default)]
pub(crate) struct Scrub {
    words: Vec<(String, &'static str)>,
}

impl Scrub {
    pub(crate) fn new<'a>(
        accounts: impl IntoIterator<Item = &'a str>,
        tokens: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let accounts = accounts.into_iter().map(|id| (id.to_owned(), ACCOUNT));
        let tokens = tokens.into_iter().map(|token| (token.to_owned(), TOKEN));
        let mut words: Vec<_> = accounts.chain(tokens).filter(|(word, _)| word.len() >= SHORTEST).collect();
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        words.dedup();
        Self { words }
    }

    pub(crate) fn text(&self, text: &str) -> String {
        let found = self.words.iter().filter(|(word, _)| text.contains(word.as_str()));
        found.fold(text.to_owned(), |text, (word, placeholder)| text.replace(word, placeholder))
    }

    pub(crate) fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (self.text(&name), self.json(value))).collect()
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_and_tokens_are_replaced_and_short_words_are_not() {
        let scrub = Scrub::new(["0123456789abcdef0123456789abcdef", "acme"], ["cfut_0123456789abcdefghij", "local"]);
        let given = json!({"at": "/accounts/0123456789abcdef0123456789abcdef/x", "said": "a local acme", "list": ["cfut_0123456789abcdefghij"]});
        let expected = json!({"at": "/accounts/{account_id}/x", "said": "a local acme", "list": ["{token}"]});
        assert_eq!(scrub.json(given), expected);
    }
}
