//! What an error is: the kind this crate gives it, and what the service's codes and texts mean.

use super::Error;
use crate::RetryClass;

/// Where the error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The client cannot be set up as asked.
    Configuration,
    /// Refused before it was sent.
    Invalid,
    /// Refused before it was sent: this program's own budget is spent.
    Budget,
    /// Nobody there: nothing was sent.
    Unreachable,
    /// The connection broke.
    Connection,
    /// Somebody answered who cannot show that it is the right one.
    Untrusted,
    /// Our own time limit.
    Timeout,
    /// The service said no.
    Service,
    /// The reply cannot be understood.
    Decode,
    /// The reply is longer than allowed.
    TooLarge,
    /// The stream ended early; `connection` tells a broken connection from an orderly end.
    Truncated { connection: bool },
}

impl Kind {
    /// A short name.
    #[cfg(feature = "tracing")]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Configuration => "configuration",
            Self::Invalid => "invalid_request",
            Self::Unreachable | Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Untrusted => "untrusted",
            Self::Service => "service",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Truncated { .. } => "truncated",
        }
    }
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
        || error.has_code(&[3003, 3006, 5004, 5005, 5006, 5012])
        || error.has_code(&[3030]) && error.says(&["invalid input"])
        || error.has_code(&[8007]) && !is_context_exceeded(error)
        || error.0.code.is_none() && matches!(error.0.status, Some(400 | 413 | 422)) && !is_context_exceeded(error)
}

pub(super) fn is_forbidden(error: &Error) -> bool {
    error.has_code(&[3023, 3041, 5018])
}

pub(super) fn is_json_mode_failed(error: &Error) -> bool {
    // One client reports the second spelling.
    error.has_code(&[5024])
        || error.0.code.is_none() && error.says(&["json mode couldn't be met", "json model couldn't be met"])
}

pub(super) fn is_content_refused(error: &Error) -> bool {
    error.has_code(&[3030, 8007]) && error.says(&["flagged", "nsfw"])
}

pub(super) fn is_gateway(error: &Error) -> bool {
    error.has_code(&[2001, 2003, 2014])
}

pub(super) fn retry_class(error: &Error) -> RetryClass {
    match error.0.kind {
        Kind::Budget | Kind::Configuration | Kind::Invalid | Kind::Decode | Kind::TooLarge | Kind::Untrusted => {
            return RetryClass::Never;
        }
        // What ran into the caller's own limit once will probably do so again.
        Kind::Timeout => return RetryClass::Once,
        Kind::Unreachable | Kind::Connection | Kind::Truncated { .. } => return RetryClass::Soon,
        Kind::Service => {}
    }
    if is_quota_exhausted(error) {
        return RetryClass::NextDay;
    }
    if is_rate_limited(error) {
        return RetryClass::NextMinute;
    }
    match error.0.code {
        Some(2014 | 3007 | 3008 | 3040 | 5001 | 8008) => RetryClass::Soon,
        // Two minutes were not enough, and will not be the next time unless the model was just slow.
        Some(3046) => RetryClass::Once,
        // The check on pictures is not deterministic: the same prompt can pass the next time.
        Some(3030) if error.says(&["flagged"]) => RetryClass::Once,
        Some(
            2001
            | 3003
            | 3006
            | 3023
            | 3030
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
        ) => RetryClass::Never,
        _ if matches!(error.0.status, Some(408 | 429 | 500..)) => RetryClass::Soon,
        _ => RetryClass::Never,
    }
}
