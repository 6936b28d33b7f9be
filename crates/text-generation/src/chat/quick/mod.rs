//! Reads what makes up nearly all replies and streams in one pass and without serde.
//!
//! Anything else, a tool call or a field of another type, is no error here: there is nothing, and serde reads the JSON as it
//! reads everything. What is read here is read exactly alike, which the tests hold against serde.

mod chunk;
mod reply;

use std::ops::RangeInclusive;

use workers_ai_client::{Usage, wire::Cursor};

pub(super) use self::{chunk::read as chunk, reply::read as reply};

/// Which fields have been there: a second of the same name is serde's to refuse.
#[derive(Default)]
struct Seen(u16);

impl Seen {
    fn first(&mut self, field: u16) -> bool {
        let bit = 1 << field;
        let first = self.0 & bit == 0;
        self.0 |= bit;
        first
    }

    /// Whether any of some fields has been there.
    fn any(&self, fields: RangeInclusive<u16>) -> bool {
        fields.into_iter().any(|field| self.0 & (1 << field) != 0)
    }
}

/// Text or null.
fn text(cursor: &mut Cursor<'_>) -> Option<Option<String>> {
    if cursor.null() { Some(None) } else { cursor.text().map(|text| Some(text.into_owned())) }
}

/// A whole number or null.
fn whole(cursor: &mut Cursor<'_>) -> Option<Option<u64>> {
    if cursor.null() {
        return Some(None);
    }
    // Rust reads a few numbers that JSON does not know.
    let number = cursor.value().filter(|number| !number.starts_with(['+', '0']) || *number == "0")?;
    number.parse().ok().map(Some)
}

/// A list.
fn list<'a, T>(cursor: &mut Cursor<'a>, read: impl Fn(&mut Cursor<'a>) -> Option<T>) -> Option<Vec<T>> {
    let mut items = Vec::new();
    cursor.begin_list()?;
    while cursor.next_item()? {
        // One is usual.
        items.reserve_exact(1);
        items.push(read(cursor)?);
    }
    Some(items)
}

/// Null or an empty list.
fn nothing(cursor: &mut Cursor<'_>) -> Option<()> {
    matches!(cursor.value()?, "null" | "[]").then_some(())
}

/// What was used, or null. In here there is always something: figures of other kinds and names are serde's to understand.
fn usage(cursor: &mut Cursor<'_>) -> Option<Option<Usage>> {
    if cursor.null() {
        return Some(None);
    }
    let mut ahead = cursor.clone();
    if let Some(usage) = figures(&mut ahead) {
        *cursor = ahead;
        return Some(Some(usage));
    }
    serde_json::from_str(cursor.value()?).ok()
}

/// The figures that there are nearly always.
fn figures(cursor: &mut Cursor<'_>) -> Option<Usage> {
    let mut usage = Usage::default();
    let mut seen = Seen::default();
    cursor.begin_object()?;
    while let Some(name) = cursor.next_name()? {
        match name {
            "prompt_tokens" if seen.first(0) => usage.prompt_tokens = whole(cursor)?,
            "completion_tokens" if seen.first(1) => usage.completion_tokens = whole(cursor)?,
            "total_tokens" if seen.first(2) => usage.total_tokens = whole(cursor)?,
            _ => return None,
        }
    }
    Some(usage)
}
