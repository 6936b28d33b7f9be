//! Reads JSON in one pass, for whoever knows what to expect and leaves everything else to serde.

use std::borrow::Cow;

use super::spans;

/// A place in a JSON text. Each step gives `None` where something else is there than was expected.
///
/// ```
/// use workers_ai_client::wire::Cursor;
///
/// fn answer(json: &str) -> Option<String> {
///     let mut cursor = Cursor::new(json);
///     let mut answer = None;
///     cursor.begin_object()?;
///     while let Some(name) = cursor.next_name()? {
///         match name {
///             "response" => answer = Some(cursor.text()?.into_owned()),
///             _ => cursor.skip()?,
///         }
///     }
///     cursor.end()?;
///     answer
/// }
///
/// assert_eq!(answer(r#"{"p": [1, 2], "response": "Blue."}"#).as_deref(), Some("Blue."));
/// assert_eq!(answer(r#"{"response": 7}"#), None);
/// ```
///
/// Lists are read item by item; a value can be had as it is written.
///
/// ```
/// use workers_ai_client::wire::Cursor;
///
/// fn sum(json: &str) -> Option<f64> {
///     let mut cursor = Cursor::new(json);
///     let mut sum = 0.0;
///     cursor.begin_list()?;
///     while cursor.next_item()? {
///         if !cursor.null() {
///             sum += cursor.value()?.parse::<f64>().ok()?;
///         }
///     }
///     Some(sum)
/// }
///
/// assert_eq!(sum("[1, null, 2.5]"), Some(3.5));
/// ```
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    /// Where in the text the next step begins, blanks passed over.
    at: usize,
    /// The last step entered an object or a list.
    entered: bool,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text.
    #[must_use]
    pub fn new(json: &'a str) -> Self {
        let mut cursor = Self { text: json, at: 0, entered: false };
        cursor.to(0);
        cursor
    }

    /// Enters an object.
    #[must_use]
    pub fn begin_object(&mut self) -> Option<()> {
        self.entered = true;
        self.take(b'{')
    }

    /// Enters a list.
    #[must_use]
    pub fn begin_list(&mut self) -> Option<()> {
        self.entered = true;
        self.take(b'[')
    }

    /// The name of the object's next field, and on to its value; `Some(None)` is the object's end.
    #[inline]
    pub fn next_name(&mut self) -> Option<Option<&'a str>> {
        if !self.next(b'}')? {
            return Some(None);
        }
        let name = self.plain()?;
        self.take(b':')?;
        Some(Some(name))
    }

    /// Whether the list has one more item, and on to it.
    #[inline]
    pub fn next_item(&mut self) -> Option<bool> {
        self.next(b']')
    }

    /// Passes over a null, if there is one.
    #[inline]
    pub fn null(&mut self) -> bool {
        let is_null = self.rest().starts_with(b"null");
        if is_null {
            self.to(self.at + 4);
        }
        is_null
    }

    /// Text; copied only where it has escapes.
    #[inline]
    pub fn text(&mut self) -> Option<Cow<'a, str>> {
        match self.plain() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.escaped().map(Cow::Owned),
        }
    }

    /// A value as it is written.
    pub fn value(&mut self) -> Option<&'a str> {
        let end = self.at + spans::length(self.rest())?;
        let value = self.text.get(self.at..end)?;
        self.to(end);
        Some(value)
    }

    /// Passes over a value, which must be JSON.
    #[must_use]
    pub fn skip(&mut self) -> Option<()> {
        if self.null() || self.plain().is_some() {
            return Some(());
        }
        serde_json::from_str::<serde::de::IgnoredAny>(self.value()?).ok().map(drop)
    }

    /// The end of the text.
    #[must_use]
    pub fn end(&self) -> Option<()> {
        self.rest().is_empty().then_some(())
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// On to a place, and over the blanks there, of which there are usually none.
    #[inline]
    fn to(&mut self, at: usize) {
        self.at = at;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, mark: u8) -> Option<()> {
        if self.text.as_bytes().get(self.at) != Some(&mark) {
            return None;
        }
        self.to(self.at + 1);
        Some(())
    }

    /// On to what comes next in an object or list; false at its end.
    #[inline]
    fn next(&mut self, end: u8) -> Option<bool> {
        let first = std::mem::take(&mut self.entered);
        if self.take(end).is_some() {
            return Some(false);
        }
        if !first {
            self.take(b',')?;
        }
        Some(true)
    }

    /// Text without escapes. Stays where it is when there is other.
    #[inline]
    fn plain(&mut self) -> Option<&'a str> {
        let inside = self.rest().strip_prefix(b"\"")?;
        let length = to_special(inside);
        if inside.get(length) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        let text = self.text.get(start..start + length)?;
        self.to(start + length + 1);
        Some(text)
    }

    #[cold]
    fn escaped(&mut self) -> Option<String> {
        serde_json::from_str(self.value()?).ok()
    }
}

/// How far it is to what ends text or must not be in it: a quote, a backslash, a control character. Most texts are short, and
/// names are: eight at a time are enough.
#[inline]
pub(super) fn to_special(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;

    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let mut passed = 0;
    let mut rest = text;
    while let Some((chunk, next)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        // Taking away borrows into the highest bit of the first byte that is too small; what later bytes say is not asked.
        let control = word.wrapping_sub(ONES * 0x20);
        let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        let found = (control | quote | backslash) & !word & (ONES * 0x80);
        if found != 0 {
            return passed + found.trailing_zeros() as usize / 8;
        }
        passed += 8;
        rest = next;
    }
    passed + rest.iter().position(special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_at_the_first_quote_wherever_it_is() {
        for length in 0..40 {
            for special in ['"', '\\', '\n', '\u{1f}', '\0'] {
                for filling in ["a", "é", "\u{7f}", "!", "[", "#"] {
                    let text = filling.repeat(length);
                    let json = format!("{text}{special}\"\\\n rest of the text");
                    assert_eq!(to_special(json.as_bytes()), text.len(), "{json:?}");
                }
            }
        }
    }

    #[test]
    fn text_with_escapes_is_read_and_other_text_is_not() {
        let text = |json| Cursor::new(json).text().map(Cow::into_owned);
        assert_eq!(text(r#" "a\n\u00e9\"" "#).as_deref(), Some("a\n\u{e9}\""));
        assert_eq!(text("\"sea\"").as_deref(), Some("sea"));
        for other in ["\"a\nb\"", "\"a", "7", "", "\"\\x\""] {
            assert_eq!(text(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_passed_over_must_be_json() {
        let passes = |json| Cursor::new(json).skip().is_some();
        for json in ["null", "true", "-1.5e3", "\"a\\n\"", "[1, {\"a\": []}]", "{}"] {
            assert!(passes(json), "{json}");
        }
        for other in ["", "nul", "01", "[1,]", "{\"a\"}", "\"a", "]"] {
            assert!(!passes(other), "{other}");
        }
    }
}
