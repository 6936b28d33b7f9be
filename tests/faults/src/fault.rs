//! What a fault is, and the list of all of them.

use std::time::Duration;

use crate::{Kind, Reply, Step, faults};

/// One way in which a call goes wrong: a row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name in the table.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub what: &'static str,
    /// Where the client is sent.
    pub place: Place,
    /// What the server does instead of replying.
    pub act: fn(&Reply, &Around) -> Vec<Step>,
    /// Why it cannot happen to replies of some kinds.
    pub spares: &'static [(Kind, &'static str)],
    /// It only ends when the client's patience does, which is then short.
    pub tests_patience: bool,
    /// More is sent than the client should hold.
    pub is_bulky: bool,
    /// What happens to the client's clock between two attempts.
    pub jump: Option<Jump>,
}

/// Where a client is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To the server.
    Server,
    /// To a port where nobody listens.
    Nobody,
    /// To the server, by TLS, which it does not speak.
    PlainPort,
    /// To the server, by TLS, with a certificate that it has signed itself.
    Untrusted,
    /// To a name that no resolver knows, and that none is asked about: it is longer than names may be.
    NoSuchName,
}

/// How a clock is set between two attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// By so much ahead.
    Ahead(Duration),
    /// By so much back.
    Back(Duration),
}

/// What else there is beside the server.
#[derive(Clone, Debug)]
pub struct Around {
    /// Another server, under another name.
    pub elsewhere: String,
}

impl Fault {
    pub(crate) const fn new(name: &'static str, what: &'static str, act: fn(&Reply, &Around) -> Vec<Step>) -> Self {
        Self { name, what, place: Place::Server, act, spares: &[], tests_patience: false, is_bulky: false, jump: None }
    }

    pub(crate) const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    pub(crate) const fn sparing(self, spares: &'static [(Kind, &'static str)]) -> Self {
        Self { spares, ..self }
    }

    pub(crate) const fn testing_patience(self) -> Self {
        Self { tests_patience: true, ..self }
    }

    pub(crate) const fn bulky(self) -> Self {
        Self { is_bulky: true, ..self }
    }

    pub(crate) const fn setting_the_clock(self, jump: Jump) -> Self {
        Self { jump: Some(jump), ..self }
    }

    /// Why it cannot happen to a reply of this kind.
    pub fn spares(&self, kind: Kind) -> Option<&'static str> {
        self.spares.iter().find(|(spared, _)| *spared == kind).map(|(_, reason)| *reason)
    }
}

/// Every fault, in the order of the table. The first is none, for comparison.
pub const ALL: &[Fault] = &[
    faults::NOTHING,
    faults::connection::REFUSED,
    faults::connection::RESET_BEFORE_HEADERS,
    faults::connection::RESET_AFTER_HEADERS,
    faults::connection::RESET_IN_THE_BODY,
    faults::connection::CUT,
    faults::connection::TLS_TO_A_PLAIN_PORT,
    faults::connection::UNTRUSTED_CERTIFICATE,
    faults::connection::NO_SUCH_NAME,
    faults::pace::SLOW_HEAD,
    faults::pace::SLOW_BODY,
    faults::pace::SILENCE,
    faults::pace::ENDLESS_BODY,
    faults::pace::ENDLESS_LINE,
    faults::pace::TEN_GIGABYTES,
    faults::content::GZIP_BOMB,
    faults::content::INVALID_UTF_8,
    faults::content::TRUNCATED,
    faults::content::HTML,
    faults::content::HTML_REFUSAL,
    faults::content::WRONG_TYPE,
    faults::content::DONE_TWICE,
    faults::refusal::RATE_LIMIT,
    faults::refusal::DAILY_QUOTA,
    faults::refusal::CAPACITY,
    faults::refusal::TIME_OUT,
    faults::refusal::INTERNAL,
    faults::refusal::BAD_GATEWAY,
    faults::refusal::RETRY_AFTER_A_DATE,
    faults::refusal::REDIRECT,
    faults::clock::AHEAD,
    faults::clock::BACK,
];
