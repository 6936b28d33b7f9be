//! Finds where the values of a JSON text begin and end, without reading them.
//!
//! Serde looks at every character of what it passes over. Here a list of numbers is passed over many at a time, and text with
//! `memchr`, so that megabytes of vectors or of base64 are read once, by whoever decodes them. Whether a value is well-formed
//! inside is likewise found by whoever reads it; what does not even close its brackets and quotes has no fields here, and is
//! left for serde to complain about.

use memchr::memchr2;

use super::cursor::to_special;

/// How many characters are looked at together.
const BLOCK: usize = 32;

/// How long a value is that is looked at character by character.
const SMALL: usize = 512;

/// The fields of a JSON object in their order: names without their quotes, values as they are written.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
    begun: bool,
}

/// One field: its name as it is written, and its value.
pub(crate) type Field<'a> = (&'a [u8], &'a [u8]);

/// What was thought to be an object is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl<'a> Fields<'a> {
    /// The fields of a text, if it begins as an object.
    pub(crate) fn of(text: &'a [u8]) -> Option<Self> {
        let rest = text.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
        Some(Self { rest, begun: false })
    }

    /// The next field; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Field<'a>>, Broken> {
        if let Some(after) = self.rest.strip_prefix(b"}") {
            return if after.trim_ascii_start().is_empty() { Ok(None) } else { Err(Broken) };
        }
        if self.begun {
            self.rest = self.rest.strip_prefix(b",").ok_or(Broken)?.trim_ascii_start();
        }
        self.begun = true;
        let (name, rest) = split(self.rest, text_length).ok_or(Broken)?;
        let rest = rest.trim_ascii_start().strip_prefix(b":").ok_or(Broken)?.trim_ascii_start();
        let (value, rest) = split(rest, length).ok_or(Broken)?;
        self.rest = rest.trim_ascii_start();
        Ok(Some((unquoted(name).ok_or(Broken)?, value)))
    }
}

fn unquoted(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

fn split(text: &[u8], length: impl FnOnce(&[u8]) -> Option<usize>) -> Option<(&[u8], &[u8])> {
    text.split_at_checked(length(text)?)
}

/// How long the value is with which a text begins.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => text_length(text),
        b'{' | b'[' => nested_length(text),
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            Some(text.iter().position(ends).unwrap_or(text.len())).filter(|length| *length > 0)
        }
    }
}

/// The same for text, quotes included.
fn text_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    text.first().filter(|byte| **byte == b'"')?;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        // Whatever is escaped, it is no end.
        at += 2;
    }
}

/// The same for lists and objects.
fn nested_length(text: &[u8]) -> Option<usize> {
    small_length(text).or_else(|| large_length(text))
}

/// Character by character: most values are over before it would pay to look at many together.
fn small_length(text: &[u8]) -> Option<usize> {
    let text = text.get(..SMALL).unwrap_or(text);
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(character) = text.get(at) {
        at += 1;
        match character {
            b'"' => loop {
                at += to_special(text.get(at..)?);
                let special = text.get(at)?;
                at += if *special == b'\\' { 2 } else { 1 };
                if *special == b'"' {
                    break;
                }
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn large_length(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        at += to_structure(text.get(at..)?)?;
        match text.get(at)? {
            b'"' => at += text_length(text.get(at..)?)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            _ => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
    }
}

/// How far it is to the next bracket, brace or quote.
fn to_structure(text: &[u8]) -> Option<usize> {
    let (blocks, _) = text.as_chunks::<BLOCK>();
    // Without a way out in the middle of a block, the compiler looks at all of it in a few instructions.
    let without = |block: &&[u8; BLOCK]| !block.iter().fold(false, |found, byte| found | may_be_structure(*byte));
    let clear = blocks.iter().take_while(without).count() * BLOCK;
    text.get(clear..)?.iter().position(|byte| is_structure(*byte)).map(|found| clear + found)
}

fn is_structure(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

/// The same and a few letters more, in fewer steps: what brackets and braces have in common.
fn may_be_structure(byte: u8) -> bool {
    byte == b'"' || byte & 0xd9 == 0x59
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Option<Result<Vec<(&str, &str)>, Broken>> {
        let shown = |bytes| std::str::from_utf8(bytes).unwrap_or("?");
        let mut fields = Fields::of(text.as_bytes())?;
        let mut found = Vec::new();
        loop {
            match fields.next() {
                Ok(Some((name, value))) => found.push((shown(name), shown(value))),
                Ok(None) => return Some(Ok(found)),
                Err(broken) => return Some(Err(broken)),
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        assert_eq!(fields(text), Some(Ok(expected.to_vec())));
    }

    #[test]
    fn values_of_every_kind_are_found_whole() {
        check("{}", &[]);
        check(" { } ", &[]);
        check(r#"{"a":1,"b":-1.5e3,"c":true,"d":null}"#, &[("a", "1"), ("b", "-1.5e3"), ("c", "true"), ("d", "null")]);
        check(
            "{\n \"a\" : [ 1 , 2 ] ,\r\n \"b\" :\t{ \"c\" : { } } }\n",
            &[("a", "[ 1 , 2 ]"), ("b", r#"{ "c" : { } }"#)],
        );
        check(r#"{"a":"","b":"}\"]\\","c\"":"é"}"#, &[("a", r#""""#), ("b", r#""}\"]\\""#), (r#"c\""#, r#""é""#)]);
        check(r#"{"a":[["]",{"b":"["}],[]],"c":7}"#, &[("a", r#"[["]",{"b":"["}],[]]"#), ("c", "7")]);
    }

    #[test]
    fn long_lists_are_passed_over_wherever_their_brackets_lie() {
        for count in (0..100).chain(250..350) {
            let list = format!("[{}]", vec!["7"; count].join(","));
            check(
                &format!(r#"{{"a":{list},"b":[{list},{list}]}}"#),
                &[("a", list.as_str()), ("b", format!("[{list},{list}]").as_str())],
            );
        }
    }

    #[test]
    fn both_ways_of_passing_over_find_the_same_end() {
        let long = format!("[{}]", vec!["7"; 200].join(","));
        for value in
            ["[]", "{}", "[1, [2], {}]", r#"["]","\"]","\\",{"}\"":"{["}]"#, r#"{"a":{"b":[]},"c":"\\\""}"#, &long]
        {
            for rest in ["", ",1]", "]", "}", "\"]"] {
                let text = format!("{value}{rest}");
                assert_eq!(small_length(text.as_bytes()), Some(value.len()), "{text}");
                assert_eq!(large_length(text.as_bytes()), Some(value.len()), "{text}");
            }
            let open = value.as_bytes().split_last().map(|(_, open)| open).unwrap_or_default();
            assert_eq!((small_length(open), large_length(open)), (None, None), "{value}");
        }
        // Where it would not pay, the one leaves it to the other.
        let large = format!("[{}]", "7".repeat(SMALL));
        assert_eq!((small_length(large.as_bytes()), large_length(large.as_bytes())), (None, Some(large.len())));
    }

    #[test]
    fn what_does_not_close_has_no_fields() {
        for text in ["[1]", "\"{}\"", "", "7"] {
            assert_eq!(fields(text), None, "{text}");
        }
        let broken = [
            "{",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":[1}",
            "{\"a\":\"",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":1}x",
            "{\"a\":}",
            "{,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":\"\\\"}",
        ];
        for text in broken {
            assert_eq!(fields(text), Some(Err(Broken)), "{text}");
        }
    }
}
