//! Connections that are not made, or do not last.

use std::time::Duration;

use crate::{Fault, Kind, Place, Reply, Step};

/// Time for what was sent to be read: a reset may overtake it.
const SETTLE: Step = Step::Pause(Duration::from_millis(30));

pub(crate) const REFUSED: Fault =
    Fault::new("connection refused", "Nobody listens on the port.", |_, _| Vec::new()).at(Place::Nobody);

pub(crate) const RESET_BEFORE_HEADERS: Fault =
    Fault::new("reset before headers", "The request is read, then the connection is reset.", |_, _| vec![Step::Reset]);

pub(crate) const RESET_AFTER_HEADERS: Fault = Fault::new(
    "reset after headers",
    "The connection is reset when the head of a success has been sent.",
    |reply, _| vec![Step::Send(reply.head("content-length: 100000")), SETTLE, Step::Reset],
);

pub(crate) const RESET_IN_THE_BODY: Fault =
    Fault::new("reset mid-body", "The connection is reset when half of the reply has been sent.", |reply, _| {
        vec![Step::Send(reply.head("content-length: 100000")), Step::Send(first(reply)), SETTLE, Step::Reset]
    });

pub(crate) const CUT: Fault = Fault::new(
    "mid-stream cut",
    "Half of a reply that does not announce its length is sent, then the connection is closed in good order: nothing but \
     its content tells that it is not whole.",
    |reply, _| vec![Step::Send(reply.head("")), Step::Send(first(reply))],
)
.sparing(&[(Kind::Binary, "unknowable: bytes without a length have no end of their own")]);

pub(crate) const TLS_TO_A_PLAIN_PORT: Fault =
    Fault::new("TLS to a plain port", "The address says https, and the port answers in plain HTTP.", |_, _| Vec::new())
        .at(Place::PlainPort);

pub(crate) const UNTRUSTED_CERTIFICATE: Fault =
    Fault::new("untrusted certificate", "The server has signed its certificate itself.", |reply, _| reply.healthy())
        .at(Place::Untrusted);

pub(crate) const NO_SUCH_NAME: Fault =
    Fault::new("DNS failure", "The host's name, under `.invalid`, does not resolve.", |_, _| Vec::new())
        .at(Place::NoSuchName);

fn first(reply: &Reply) -> Vec<u8> {
    reply.body[0].clone()
}
