//! The rows, one by one, by what they spoil.

pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod content;
pub(crate) mod pace;
pub(crate) mod refusal;

use crate::Fault;

pub(crate) const NOTHING: Fault = Fault::new(
    "no fault",
    "Everything is as it should be: what the other rows are to be compared with.",
    |reply, _| reply.healthy(),
);
