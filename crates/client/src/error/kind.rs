//! What an error is: the kind this crate gives it, and what the service's codes and texts mean.

use std::borrow::Cow;

use super::Error;

/// Where the error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The client cannot be set up as asked.
    Configuration,
    /// Refused before it was sent.
    Invalid,
    /// Nobody reachable, or the connection broke.
    Connection,
    /// Our own time limit.
    Timeout,
    /// The service said no.
    Service,
    /// The reply cannot be understood.
    Decode,
    /// The stream ended early; `connection` tells a broken connection from an orderly end.
    Truncated { connection: bool },
}

impl Error {
    fn has_code(&self, codes: &[u32]) -> bool {
        self.0.code.is_some_and(|code| codes.contains(&code))
    }

    /// Codes are missing from some replies, and some codes have several meanings; then the text decides.
    fn says(&self, phrases: &[&str]) -> bool {
        if self.0.kind != Kind::Service {
            return false;
        }
        let message = self.0.message.to_ascii_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }
}

pub(super) fn is_rate_limited(error: &Error) -> bool {
    error.has_code(&[3021, 2003]) || error.0.code.is_none() && error.says(&["per min rate reached"])
}

pub(super) fn is_out_of_capacity(error: &Error) -> bool {
    error.has_code(&[3040]) || error.0.code.is_none() && error.says(&["capacity temporarily exceeded"])
}

pub(super) fn is_quota_exhausted(error: &Error) -> bool {
    error.has_code(&[4006, 3036]) || error.says(&["daily free allocation"])
}

pub(super) fn is_context_exceeded(error: &Error) -> bool {
    // 3030 and 8007 are whatever the model's engine says; these are the words of the engines seen so far.
    const PHRASES: &[&str] =
        &["context window", "max context reached", "maximum context length", "sequence too long", "context length"];
    error.has_code(&[5021]) || (error.has_code(&[3030, 8007]) || error.0.code.is_none()) && error.says(PHRASES)
}

pub(super) fn is_retired(error: &Error) -> bool {
    error.has_code(&[5028])
        || error.0.code.is_none() && (error.0.status == Some(410) || error.says(&["has been deprecated"]))
}

pub(super) fn needs_paid_plan(error: &Error) -> bool {
    error.has_code(&[5035]) || error.0.code.is_none() && error.says(&["workers free plan"])
}

pub(super) fn needs_license_agreement(error: &Error) -> bool {
    error.has_code(&[5016]) || error.0.code.is_none() && error.says(&["has not agreed"])
}

pub(super) fn is_authentication(error: &Error) -> bool {
    error.has_code(&[10000, 9106, 9109, 10001]) || error.0.status == Some(401)
}

pub(super) fn is_not_found(error: &Error) -> bool {
    error.has_code(&[5007, 3042, 7000, 7003]) || error.0.status == Some(404)
}

pub(super) fn is_timeout(error: &Error) -> bool {
    error.0.kind == Kind::Timeout
        || error.has_code(&[3007, 3046, 2014])
        || error.0.code.is_none() && matches!(error.0.status, Some(408 | 504))
}

pub(super) fn is_invalid_request(error: &Error) -> bool {
    error.0.kind == Kind::Invalid
        || error.has_code(&[5006, 5004, 5012, 3003, 3006])
        || error.has_code(&[3030]) && error.says(&["invalid input"])
        || error.has_code(&[8007]) && !is_context_exceeded(error)
        || error.0.code.is_none() && matches!(error.0.status, Some(400 | 413 | 422)) && !is_context_exceeded(error)
}

pub(super) fn is_retryable(error: &Error) -> bool {
    match error.0.kind {
        Kind::Configuration | Kind::Invalid | Kind::Decode => return false,
        Kind::Connection | Kind::Timeout | Kind::Truncated { .. } => return true,
        Kind::Service => {}
    }
    if is_quota_exhausted(error) {
        return false;
    }
    match error.0.code {
        Some(2003 | 2014 | 3007 | 3008 | 3021 | 3040 | 3046 | 5001 | 8008) => true,
        // The check on pictures is not deterministic: the same prompt can pass the next time.
        Some(3030) => error.says(&["flagged"]),
        Some(
            2001
            | 3003
            | 3006
            | 3023
            | 3039
            | 3041
            | 3042
            | 5004..=5007
            | 5012
            | 5016
            | 5018
            | 5019
            | 5021
            | 5024
            | 5028
            | 5035
            | 7000
            | 7001
            | 7003
            | 8007
            | 9106
            | 10000,
        ) => false,
        _ => matches!(error.0.status, Some(408 | 429 | 500..)),
    }
}

/// A message in the style of errors: no capital at the front (acronyms keep theirs), no full stop at the end.
pub(super) fn in_lower_case(message: &str) -> Cow<'_, str> {
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
