//! Reads server-sent events from bytes cut anywhere.
//!
//! A parser of our own, where crates for it exist: how fast chunks get through is what streaming users feel, and the crates
//! looked at check UTF-8 over the whole stream and copy each event into a fresh `String` before JSON sees it. This one
//! finds line ends with `memchr` and hands out slices of the buffer: an event of one `data:` line, as all models send, is not
//! copied again, and UTF-8 is left to the JSON parser, which checks it anyway. Being a push parser without I/O it is also
//! tested at every possible cut.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr2;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One event: what its `data:` lines say, and its name if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: Option<Bytes>,
    pub(super) data: Bytes,
}

/// Events in the making.
#[derive(Debug, Default)]
pub(super) struct Events {
    buffer: BytesMut,
    /// How much of the buffer is known to hold no line end.
    searched: usize,
    /// The first bytes have been looked at for a byte order mark.
    begun: bool,
    /// The last line ended in CR: an LF right after it belongs to the same end.
    after_return: bool,
    name: Option<Bytes>,
    /// The first line of data, and the others with the line ends between.
    data: Option<Bytes>,
    more: BytesMut,
    /// The most that one event may hold.
    most: usize,
}

/// An event is longer than this.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong(pub(super) usize);

impl Events {
    /// None of which may hold more than this.
    pub(super) fn up_to(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Takes more bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event that is complete, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Event>, TooLong> {
        if !self.begun && !self.begin() {
            return Ok(None);
        }
        while let Some(line) = self.line() {
            if let Some(event) = self.read(line) {
                return Ok(Some(event));
            }
            // Lines without an empty one between them would fill the memory,
            self.measure(0)?;
        }
        // and so would a line without an end.
        self.measure(self.buffer.len())?;
        Ok(None)
    }

    fn measure(&self, unread: usize) -> Result<(), TooLong> {
        let held = self.data.as_ref().map_or(0, Bytes::len) + self.more.len() + unread;
        if held > self.most { Err(TooLong(self.most)) } else { Ok(()) }
    }

    /// The event that was under way when the bytes ended: servers leave out the last empty line, and the last line end.
    pub(super) fn finish(&mut self) -> Option<Event> {
        self.begun = true;
        let line = self.buffer.split().freeze();
        self.searched = 0;
        if let Some(event) = (!line.is_empty()).then(|| self.read(line)).flatten() {
            return Some(event);
        }
        self.dispatch()
    }

    /// Drops a byte order mark; false while too few bytes are there to tell.
    fn begin(&mut self) -> bool {
        if self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.buffer.advance(BYTE_ORDER_MARK.len());
        } else if BYTE_ORDER_MARK.starts_with(&self.buffer) {
            return false;
        }
        self.begun = true;
        true
    }

    /// The next whole line, without its end (LF, CRLF or CR).
    fn line(&mut self) -> Option<Bytes> {
        if self.after_return && !self.buffer.is_empty() {
            self.after_return = false;
            if self.buffer.first() == Some(&b'\n') {
                self.buffer.advance(1);
            }
        }
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(found) = memchr2(b'\n', b'\r', unsearched) else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.searched + found).freeze();
        self.searched = 0;
        self.after_return = self.buffer.first() == Some(&b'\r');
        self.buffer.advance(1);
        Some(line)
    }

    /// Takes one line in; an empty one completes the event.
    fn read(&mut self, mut line: Bytes) -> Option<Event> {
        if line.is_empty() {
            return self.dispatch();
        }
        let colon = memchr::memchr(b':', &line).unwrap_or(line.len());
        let field = line.split_to(colon);
        if !line.is_empty() {
            line.advance(1);
        }
        if line.first() == Some(&b' ') {
            line.advance(1);
        }
        match field.as_ref() {
            b"data" => {
                if self.data.is_none() {
                    self.data = Some(line);
                } else {
                    self.more.extend_from_slice(b"\n");
                    self.more.extend_from_slice(&line);
                }
            }
            b"event" => self.name = Some(line),
            // Comments have an empty field name; `id` and `retry` are for reconnecting, which an answer cannot.
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let name = self.name.take();
        let first = self.data.take()?;
        let more = self.more.split();
        let data = if more.is_empty() { first } else { [first.as_ref(), more.as_ref()].concat().into() };
        Some(Event { name: name.filter(|name| !name.is_empty()), data })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    /// What the pieces read as: `name|data` per event.
    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut events = Events::up_to(1 << 20);
        let mut found = Vec::new();
        for piece in pieces {
            events.push(piece);
            while let Some(event) = events.next().unwrap() {
                found.push(event);
            }
        }
        found.extend(events.finish());
        found
            .iter()
            .map(|event| format!("{}|{}", text(event.name.as_deref().unwrap_or_default()), text(&event.data)))
            .collect()
    }

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    /// Whole, cut in two at every byte, and byte by byte: always the same events.
    #[track_caller]
    fn check(stream: &str, expected: &[&str]) {
        let bytes = stream.as_bytes();
        assert_eq!(read(&[bytes]), expected, "whole");
        for cut in 0..=bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(read(&[left, right]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read(&single), expected, "byte by byte");
    }

    #[test]
    fn events_of_the_service() {
        check(
            "data: {\"response\":\"a\"}\n\ndata: {\"response\":\"\"}\n\ndata: [DONE]\n\n",
            &["|{\"response\":\"a\"}", "|{\"response\":\"\"}", "|[DONE]"],
        );
    }

    #[test]
    fn all_three_line_ends() {
        check("data: a\r\n\r\ndata: b\n\ndata: c\r\rdata: d\r\n\n", &["|a", "|b", "|c", "|d"]);
    }

    #[test]
    fn comments_names_and_other_fields() {
        check(": hello\n\nevent: error\nid: 7\nretry: 10\ndata:x\n\n:\nunknown\ndata\n\n", &["error|x", "|"]);
    }

    #[test]
    fn no_event_is_longer_than_allowed() {
        let mut events = Events::up_to(10);
        events.push(b"data: 123\n\ndata: 456\n\n");
        assert!(events.next().unwrap().is_some() && events.next().unwrap().is_some());
        events.push(b"data: 12345");
        assert_eq!(events.next(), Err(TooLong(10)));
        let mut events = Events::up_to(10);
        events.push(b"data: 12345\ndata: 67890\n");
        assert_eq!(events.next(), Err(TooLong(10)));
    }

    #[test]
    fn lines_of_data_are_joined() {
        check("data: a\ndata:  b\ndata:\n\n", &["|a\n b\n"]);
    }

    #[test]
    fn text_is_cut_inside_characters() {
        check("\u{feff}data: \u{e9}\u{1f98a}\u{6d77}\n\n", &["|\u{e9}\u{1f98a}\u{6d77}"]);
    }

    #[test]
    fn the_last_line_ends_may_be_missing() {
        check("data: a\n\ndata: [DONE]", &["|a", "|[DONE]"]);
        check("data: a\n\ndata: [DONE]\n", &["|a", "|[DONE]"]);
        check("", &[]);
        check("\n\n\n", &[]);
        check("event: lonely\n\n", &[]);
    }
}
