//! Replies that arrive whole and are not what they should be.

use std::{io::Write, sync::LazyLock};

use flate2::{Compression, write::GzEncoder};

use crate::{
    Fault, Kind, Reply, Step,
    reply::failure,
    websocket::{close_frame, text_frame},
};

const PAGE: &str =
    "<!DOCTYPE html>\n<html><head><title>Attention Required!</title></head><body>Please wait.</body></html>\n";

pub(crate) const GZIP_BOMB: Fault = Fault::new(
    "gzip bomb",
    "The reply says `content-encoding: gzip`, which nobody asked for; it would be a thousand times as long.",
    |reply, _| {
        let body = &*BOMB;
        let head = format!("content-encoding: gzip\r\ncontent-length: {}", body.len());
        vec![Step::Send(reply.head(&head)), Step::Send(body.clone())]
    },
)
.sparing(&[(Kind::Session, "no body: it is not a reply")])
.bulky();

/// Thirty-two million spaces in thirty-two thousand bytes.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let spaces = vec![b' '; 1 << 20];
    // Writing into memory does not fail; half a bomb would be one too.
    (0..32).for_each(|_| drop(encoder.write_all(&spaces)));
    encoder.finish().unwrap_or_default()
});

pub(crate) const INVALID_UTF_8: Fault =
    Fault::new("invalid UTF-8", "The second half of the text has a byte that no text has.", |reply, _| {
        let spoil = |part: &[u8]| {
            let place = part.iter().rposition(u8::is_ascii_lowercase).unwrap_or_default();
            let (before, after) = part.split_at(place);
            [before, &[0xff], after.get(1..).unwrap_or_default()].concat()
        };
        let [first, rest] = &reply.body;
        // The end mark is not text of the model's.
        let rest = match reply.kind {
            Kind::Events => [spoil(first), rest.clone()].concat(),
            Kind::Session => text_frame(b"{\"type\": \"\xff\"}"),
            _ => spoil(rest),
        };
        let body = [first.clone(), rest].concat();
        vec![Step::Send(reply.head(&format!("content-length: {}", body.len()))), Step::Send(body)]
    })
    .sparing(&[(Kind::Binary, "not text")]);

pub(crate) const TRUNCATED: Fault = Fault::new(
    "truncated JSON",
    "The JSON breaks off in the middle, with a length that says this is all: of a stream's second chunk, or of a session's \
     second event.",
    |reply, _| {
        let [first, _] = &reply.body;
        let cut = |json: &[u8]| json.get(..json.len() * 2 / 3).unwrap_or_default().to_vec();
        let body = match reply.kind {
            Kind::Events => [first.as_slice(), &cut(first.trim_ascii()), b"\n\n", &reply.body[1]].concat(),
            Kind::Session => [first.as_slice(), &text_frame(b"{\"type\": \"Res"), &close_frame()].concat(),
            _ => first.clone(),
        };
        vec![Step::Send(reply.head(&format!("content-length: {}", body.len()))), Step::Send(body)]
    },
)
.sparing(&[(Kind::Binary, "not JSON")]);

pub(crate) const HTML: Fault =
    Fault::new("HTML page, 200", "A page of HTML with status 200, as portals send.", |_, _| {
        failure("200 OK", "text/html; charset=utf-8", &[], PAGE)
    });

pub(crate) const HTML_REFUSAL: Fault =
    Fault::new("HTML page, 403", "A page of HTML with status 403, as firewalls send.", |_, _| {
        failure("403 Forbidden", "text/html; charset=utf-8", &[], PAGE)
    });

pub(crate) const WRONG_TYPE: Fault = Fault::new(
    "wrong content type",
    "The right reply under a wrong name: JSON and chunks as `application/octet-stream`, sound as `application/json`.",
    |reply, _| {
        let wrong = if reply.kind == Kind::Binary { "application/json" } else { "application/octet-stream" };
        let body = reply.whole();
        vec![Step::Send(reply.head_as(wrong, &format!("content-length: {}", body.len()))), Step::Send(body)]
    },
)
.sparing(&[(Kind::Session, "frames have no type")]);

pub(crate) const DONE_TWICE: Fault =
    Fault::new("duplicate `[DONE]`", "The end mark comes twice, and a chunk in between.", |reply: &Reply, _| {
        let done = b"data: [DONE]\n\n".as_slice();
        let body = [reply.whole().as_slice(), &reply.body[0], done].concat();
        vec![Step::Send(reply.head("")), Step::Send(body)]
    })
    .sparing(&[(Kind::Json, "no end mark"), (Kind::Binary, "no end mark"), (Kind::Session, "no end mark")]);
