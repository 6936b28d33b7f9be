//! Reads server-sent events from bytes cut anywhere.
//!
//! A parser of our own, where crates for it exist: how fast chunks get through is what streaming users feel, and the crates
//! looked at check UTF-8 over the whole stream and copy each event into a fresh `String` before JSON sees it. This one
//! finds line ends with `memchr` and lends out slices of one buffer: an event of one `data:` line, as all models send, is not
//! copied again, nothing is allocated for it, and UTF-8 is left to the JSON parser, which checks it anyway. Being a push
//! parser without I/O it is also tested at every possible cut.

use std::ops::Range;

use memchr::{memchr, memchr2};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One event: what its `data:` lines say, and its name if it has one. Lent until the next is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event<'a> {
    pub(super) name: Option<&'a [u8]>,
    pub(super) data: &'a [u8],
}

/// Events in the making.
#[derive(Debug, Default)]
pub(super) struct Events {
    buffer: Vec<u8>,
    /// Where in the buffer the first line begins that has not been read.
    start: usize,
    /// Up to where the buffer is known to hold no line end from there on.
    searched: usize,
    /// The first bytes have been looked at for a byte order mark.
    begun: bool,
    /// The last line ended in CR: an LF right after it belongs to the same end.
    after_return: bool,
    /// Where in the buffer the name is.
    name: Option<Range<usize>>,
    data: Data,
    /// The data of an event of several lines.
    joined: Vec<u8>,
    /// The most that one event may hold.
    most: usize,
}

/// Where an event's data is.
#[derive(Debug, Default)]
enum Data {
    /// There is none so far.
    #[default]
    Missing,
    /// In the buffer, where it arrived.
    Line(Range<usize>),
    /// Of several lines, put together.
    Joined,
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
        self.forget();
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event that is complete, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, TooLong> {
        if !self.begun && !self.begin() {
            return Ok(None);
        }
        while let Some(line) = self.line() {
            if self.read(line) {
                return Ok(self.dispatch());
            }
            // Lines without an empty one between them would fill the memory,
            self.measure(0)?;
        }
        // and so would a line without an end.
        self.measure(self.buffer.len().saturating_sub(self.start))?;
        Ok(None)
    }

    fn measure(&self, unread: usize) -> Result<(), TooLong> {
        let data = match &self.data {
            Data::Missing => 0,
            Data::Line(data) => data.len(),
            Data::Joined => self.joined.len(),
        };
        if data.saturating_add(unread) > self.most { Err(TooLong(self.most)) } else { Ok(()) }
    }

    /// The event that was under way when the bytes ended: servers leave out the last empty line, and the last line end.
    pub(super) fn finish(&mut self) -> Option<Event<'_>> {
        self.begun = true;
        let line = self.start..self.buffer.len();
        self.start = line.end;
        self.searched = line.end;
        if !line.is_empty() {
            self.read(line);
        }
        self.dispatch()
    }

    /// Drops what has been read and is not part of the event under way.
    fn forget(&mut self) {
        let data = match &self.data {
            Data::Line(data) => data.start,
            Data::Missing | Data::Joined => self.start,
        };
        let read = self.name.as_ref().map_or(data, |name| name.start.min(data)).min(self.start);
        if read == 0 {
            return;
        }
        self.buffer.drain(..read);
        let moved = |range: &mut Range<usize>| *range = range.start - read..range.end - read;
        self.name.iter_mut().for_each(moved);
        if let Data::Line(data) = &mut self.data {
            moved(data);
        }
        self.start -= read;
        self.searched -= read;
    }

    /// Passes over a byte order mark; false while too few bytes are there to tell.
    fn begin(&mut self) -> bool {
        if self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.start = BYTE_ORDER_MARK.len();
            self.searched = self.start;
        } else if BYTE_ORDER_MARK.starts_with(&self.buffer) {
            return false;
        }
        self.begun = true;
        true
    }

    /// The next whole line, without its end (LF, CRLF or CR).
    fn line(&mut self) -> Option<Range<usize>> {
        if self.after_return && self.start < self.buffer.len() {
            self.after_return = false;
            if self.buffer.get(self.start) == Some(&b'\n') {
                self.start += 1;
                self.searched = self.start;
            }
        }
        let Some(found) = memchr2(b'\n', b'\r', self.buffer.get(self.searched..)?) else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + found;
        let line = self.start..end;
        self.after_return = self.buffer.get(end) == Some(&b'\r');
        self.start = end + 1;
        self.searched = self.start;
        Some(line)
    }

    /// Takes one line in; true when it completes an event.
    fn read(&mut self, line: Range<usize>) -> bool {
        let Some(text) = self.buffer.get(line.clone()).filter(|text| !text.is_empty()) else {
            let complete = !matches!(self.data, Data::Missing);
            if !complete {
                self.name = None;
            }
            return complete;
        };
        // Nearly all lines are of data; a colon far inside them is not looked for.
        let colon = if text.starts_with(b"data:") { 4 } else { memchr(b':', text).unwrap_or(text.len()) };
        let (field, rest) = text.split_at(colon);
        let value = rest.strip_prefix(b":").unwrap_or(rest);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let place = line.end - value.len()..line.end;
        match field {
            b"data" => match &self.data {
                Data::Missing => self.data = Data::Line(place),
                Data::Line(before) => {
                    let before = self.buffer.get(before.clone()).unwrap_or_default();
                    self.joined.clear();
                    self.joined.extend_from_slice(before);
                    self.joined.push(b'\n');
                    self.joined.extend_from_slice(value);
                    self.data = Data::Joined;
                }
                Data::Joined => {
                    self.joined.push(b'\n');
                    self.joined.extend_from_slice(value);
                }
            },
            b"event" => self.name = Some(place),
            // Comments have an empty field name; `id` and `retry` are for reconnecting, which an answer cannot.
            _ => {}
        }
        false
    }

    fn dispatch(&mut self) -> Option<Event<'_>> {
        let name = self.name.take().and_then(|name| self.buffer.get(name)).filter(|name| !name.is_empty());
        let data = match std::mem::take(&mut self.data) {
            Data::Missing => return None,
            Data::Line(data) => self.buffer.get(data)?,
            Data::Joined => &self.joined,
        };
        Some(Event { name, data })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    /// What the pieces read as: `name|data` per event.
    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let shown = |event: Event<'_>| format!("{}|{}", text(event.name.unwrap_or_default()), text(event.data));
        let mut events = Events::up_to(1 << 20);
        let mut found = Vec::new();
        for piece in pieces {
            events.push(piece);
            while let Some(event) = events.next().unwrap() {
                found.push(shown(event));
            }
        }
        found.extend(events.finish().map(shown));
        found
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
    fn as_much_as_allowed_is_allowed_and_what_was_read_is_dropped() {
        let mut events = Events::up_to(10);
        events.push(b"data: 1234");
        assert_eq!(events.next(), Ok(None));
        events.push(b"567890\n");
        assert_eq!(events.next(), Ok(None));
        for _ in 0..100 {
            events.push(b"\ndata: 1234567890\n");
            assert!(events.next().unwrap().is_some());
            assert!(events.next().unwrap().is_none());
        }
        assert!(events.buffer.len() < 100, "{} bytes are kept", events.buffer.len());
    }

    #[test]
    fn lines_of_data_are_joined() {
        check("data: a\ndata:  b\ndata:\n\n", &["|a\n b\n"]);
        check("data: a\r\ndata: b\r\n\r\ndata: c\rdata: d\r\r", &["|a\nb", "|c\nd"]);
        check("data: a\ndata: b\n\ndata: c\ndata: d\n\ndata: e\n\n", &["|a\nb", "|c\nd", "|e"]);
        check("event: n\ndata: a\n: between\ndata: b", &["n|a\nb"]);
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
