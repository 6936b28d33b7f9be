//! How an error reads, with whatever the service said made harmless to a terminal and a log.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

use super::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(model) = &self.0.model {
            write!(f, "{}: ", Escaped(model))?;
        }
        write!(f, "{}", Escaped(&in_lower_case(&self.0.message)))?;
        let mut facts = Vec::new();
        facts.extend(self.0.status.map(|status| status.to_string()));
        facts.extend(self.0.code.map(|code| format!("code {code}")));
        facts.extend(self.0.request_id.as_ref().map(|id| format!("request {}", Escaped(id))));
        facts.extend((self.0.attempts > 1).then(|| format!("{} attempts", self.0.attempts)));
        if facts.is_empty() { Ok(()) } else { write!(f, " ({})", facts.join(", ")) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind).field("message", &inner.message);
        if let Some(model) = &inner.model {
            out.field("model", model);
        }
        if let Some(status) = inner.status {
            out.field("status", &status);
        }
        if let Some(code) = inner.code {
            out.field("code", &code);
        }
        if let Some(request_id) = &inner.request_id {
            out.field("request_id", request_id);
        }
        if inner.attempts > 1 {
            out.field("attempts", &inner.attempts);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

/// Text from elsewhere: control characters, and those that turn the direction of the text around them, are spelled out.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            let acts = character.is_control()
                || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if acts { write!(f, "{}", character.escape_default())? } else { f.write_char(character)? }
        }
        Ok(())
    }
}

/// A message in the style of errors: no capital at the front (acronyms keep theirs), no full stop at the end.
fn in_lower_case(message: &str) -> Cow<'_, str> {
    let message = message.strip_suffix('.').unwrap_or(message);
    let mut characters = message.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            let rest = message.get(first.len_utf8()..).unwrap_or_default();
            Cow::Owned(first.to_lowercase().chain(rest.chars()).collect())
        }
        _ => Cow::Borrowed(message),
    }
}
