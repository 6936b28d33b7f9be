//! Replies that come too slowly, or do not end.

use std::time::Duration;

use crate::{Fault, Kind, Reply, Step, websocket::frame_head};

/// The pause after each byte of a slow reply: far shorter than anybody's patience.
const EVERY: Duration = Duration::from_millis(5);

/// Sent at a time by replies without an end.
const PIECE: usize = 64 << 10;

pub(crate) const SLOW_HEAD: Fault =
    Fault::new("slow-loris, head", "A byte of a header line comes now and then, for ever.", |_, _| {
        vec![Step::Send(b"HTTP/1.1 200 OK\r\nx-padding: ".to_vec()), Step::Dribble(b"a".to_vec(), EVERY)]
    })
    .testing_patience();

pub(crate) const SLOW_BODY: Fault = Fault::new(
    "slow-loris, body",
    "Half of the reply comes, then a byte now and then, for ever: never silence, and never anything whole.",
    |reply, _| {
        let dribble = match reply.kind {
            Kind::Session => frame_head(0x81, 60_000),
            _ => Vec::new(),
        };
        vec![
            Step::Send(reply.head("")),
            Step::Send(reply.body[0].clone()),
            Step::Send(dribble),
            Step::Dribble(b" ".to_vec(), EVERY),
        ]
    },
)
.testing_patience();

pub(crate) const SILENCE: Fault = Fault::new(
    "silence mid-body",
    "Half of the reply comes, then nothing, and the connection stays open.",
    |reply, _| vec![Step::Send(reply.head("")), Step::Send(reply.body[0].clone()), Step::Hold],
)
.testing_patience();

pub(crate) const ENDLESS_BODY: Fault = Fault::new(
    "never-ending body",
    "The reply goes on and on, as fast as it is read. That of a stream consists of whole chunks.",
    |reply, _| {
        vec![
            Step::Send(reply.head("")),
            Step::Send(beginning(reply)),
            Step::Endless(match reply.kind {
                Kind::Events | Kind::Session => reply.body[0].clone(),
                Kind::Json | Kind::Binary => vec![b'a'; PIECE],
            }),
        ]
    },
)
.bulky();

pub(crate) const ENDLESS_LINE: Fault = Fault::new(
    "never-ending chunk",
    "A single chunk of the stream, or a single message of the session, goes on and on.",
    |reply, _| {
        let opening = match reply.kind {
            Kind::Session => frame_head(0x81, 10_000_000_000),
            _ => b"data: {\"response\": \"".to_vec(),
        };
        vec![
            Step::Send(reply.head("")),
            Step::Send(reply.body[0].clone()),
            Step::Send(opening),
            Step::Endless(vec![b'a'; PIECE]),
        ]
    },
)
.sparing(&[(Kind::Json, "no chunks"), (Kind::Binary, "no chunks")])
.bulky();

pub(crate) const TEN_GIGABYTES: Fault = Fault::new(
    "content-length of 10 GB",
    "The head announces ten gigabytes; half of the reply comes, then nothing.",
    |reply, _| {
        vec![Step::Send(reply.head("content-length: 10000000000")), Step::Send(reply.body[0].clone()), Step::Hold]
    },
)
.sparing(&[(Kind::Session, "no length: it is not a reply")])
.testing_patience()
.bulky();

fn beginning(reply: &Reply) -> Vec<u8> {
    match reply.kind {
        Kind::Json | Kind::Binary => reply.body[0].clone(),
        Kind::Events | Kind::Session => Vec::new(),
    }
}
