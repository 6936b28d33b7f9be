//! Calls that failed in the end, and which rule of the client forbids another attempt.

use workers_ai_client::Error;

use crate::kind::Kind;

/// How often the callers' policy lets a call be attempted.
pub(crate) const ATTEMPTS: u32 = 4;

/// Where a call was when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// On its way to the head of its answer; for what is not read bit by bit, to the end of it.
    Asking,
    /// In the middle of what arrives bit by bit.
    Arriving,
    /// A batch on its way into the queue.
    HandingIn,
    /// A batch that is asked for.
    Polling,
}

/// A call that failed, and where.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) stage: Stage,
    pub(crate) error: Error,
}

/// Why a call that failed was not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    Begun,
    MayBeQueued,
    Spent,
    /// No rule forbids it: it should have been sent again.
    None,
}

impl Stage {
    pub(crate) fn failed(self) -> impl Fn(Error) -> Failed {
        move |error| Failed { stage: self, error }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Asking => "before the answer",
            Self::Arriving => "in the middle of the answer",
            Self::HandingIn => "handing in",
            Self::Polling => "polling",
        }
    }
}

impl Failed {
    pub(crate) fn reason(&self) -> Reason {
        // The service itself said that it did not take the batch.
        let is_refused = matches!(self.error.status(), Some(400..500));
        match self.stage {
            _ if self.error.attempts() >= ATTEMPTS => Reason::Spent,
            Stage::Arriving => Reason::Begun,
            Stage::HandingIn if !is_refused => Reason::MayBeQueued,
            Stage::Asking | Stage::HandingIn | Stage::Polling => Reason::None,
        }
    }

    /// What went wrong, in a few words that do not differ from call to call.
    pub(crate) fn what(&self) -> String {
        let error = &self.error;
        match error.code() {
            Some(code) => format!("error {code}"),
            None if error.is_truncated() => "broke off".to_owned(),
            None if error.is_connection() => "the connection failed".to_owned(),
            None if error.is_decode() => "unreadable".to_owned(),
            None => error.message().to_owned(),
        }
    }

    /// How many requests of this call reached the server, where the error knows it.
    pub(crate) fn attempts(&self, kind: Kind) -> Option<u32> {
        // What breaks off after its head, and the poll of a batch, tell nothing of the attempts before.
        let is_known = matches!(self.stage, Stage::Asking | Stage::HandingIn) && kind != Kind::Session;
        is_known.then(|| self.error.attempts())
    }
}

impl Reason {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Begun => "the answer had begun, and what had arrived would arrive twice",
            Self::MayBeQueued => "the queue may have taken the batch, and would charge it twice",
            Self::Spent => "all attempts that the policy allows had failed",
            Self::None => "none: a fault of the client",
        }
    }
}

#[cfg(test)]
mod tests {
    use workers_ai_client::transport::{TransportError, TransportErrorKind};

    use super::*;

    fn reset() -> Error {
        TransportError::new(TransportErrorKind::Connection, "connection reset").into()
    }

    #[test]
    fn only_what_may_have_been_done_or_has_begun_may_fail_at_once() {
        for (stage, reason) in [
            (Stage::Asking, Reason::None),
            (Stage::Arriving, Reason::Begun),
            (Stage::HandingIn, Reason::MayBeQueued),
            (Stage::Polling, Reason::None),
        ] {
            assert_eq!(stage.failed()(reset()).reason(), reason, "{stage:?}");
        }
    }
}
