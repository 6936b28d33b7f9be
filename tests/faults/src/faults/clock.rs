//! Clocks that are set while a call waits for its next attempt.

use std::time::Duration;

use crate::{Fault, Jump, reply::failure};

const HOUR: Duration = Duration::from_secs(60 * 60);

const fn set(name: &'static str, what: &'static str, jump: Jump) -> Fault {
    Fault::new(name, what, |_, _| failure("503 Service Unavailable", "application/json", &[], ""))
        .setting_the_clock(jump)
}

pub(crate) const AHEAD: Fault = set(
    "clock jumps ahead",
    "The service is unavailable, and before the next attempt the client's clock is set an hour ahead.",
    Jump::Ahead(HOUR),
);

pub(crate) const BACK: Fault = set(
    "clock jumps back",
    "The service is unavailable, and before the next attempt the client's clock is set back by an hour.",
    Jump::Back(HOUR),
);
