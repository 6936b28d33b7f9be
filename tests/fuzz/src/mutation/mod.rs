//! How inputs are changed: JSON as a tree, lines as text, and JSON inside lines as a tree again.

mod text;
mod tree;

use mutatis::Session;
use serde_json::Value;

use crate::Written;
use text::Splices;
use tree::Grafts;

/// A changed copy of an input; `donors` are inputs from which pieces are taken. The same seed makes the same change.
#[must_use]
pub fn mutate(written: Written, bytes: &[u8], donors: &[&[u8]], seed: u64, shrink: bool) -> Vec<u8> {
    let mut session = Session::new().seed(seed).shrink(shrink);
    let as_tree = !seed.is_multiple_of(5);
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    if let (Written::Json, true, Some(mut document)) = (written, as_tree, json(bytes)) {
        let donors: Vec<Value> = donors.iter().filter_map(|donor| json(donor)).collect();
        if session.mutate_with(&mut Grafts { donors: &donors }, &mut document).is_ok() {
            return document.to_string().into_bytes();
        }
    }
    if written == Written::Lines && as_tree {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let count = u64::try_from(lines.len()).unwrap_or(1).max(1);
        let place = usize::try_from((seed / 5) % count).unwrap_or_default();
        if let Some(changed) = lines.get(place).and_then(|line| with_other_json(line, &mut session)) {
            if let Some(line) = lines.get_mut(place) {
                *line = &changed;
            }
            return lines.concat();
        }
    }
    let mut changed = bytes.to_vec();
    // Nothing is left to change in an input that is empty and must not grow.
    let _ = session.mutate_with(&mut Splices { donors }, &mut changed);
    changed
}

/// The line with its JSON changed, where it holds some.
fn with_other_json(line: &[u8], session: &mut Session) -> Option<Vec<u8>> {
    let start = line.iter().position(|byte| *byte == b'{' || *byte == b'[')?;
    let (before, rest) = line.split_at(start);
    let end = rest.trim_ascii_end().len();
    let (json, after) = rest.split_at(end);
    let mut document: Value = serde_json::from_slice(json).ok()?;
    session.mutate_with(&mut Grafts { donors: &[] }, &mut document).ok()?;
    Some([before, document.to_string().as_bytes(), after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &[u8] = b"data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n";

    #[test]
    fn the_same_seed_makes_the_same_change() {
        for seed in 0..200 {
            for written in [Written::Json, Written::Lines] {
                let once = mutate(written, EVENTS, &[b"x"], seed, false);
                assert_eq!(once, mutate(written, EVENTS, &[b"x"], seed, false));
            }
        }
    }

    #[test]
    fn trees_stay_json() {
        let document = br#"{"a": [1, "x"], "b": {"c": null}}"#;
        let changed: Vec<Vec<u8>> = (0..500)
            .filter(|seed: &u64| !seed.is_multiple_of(5))
            .map(|seed| mutate(Written::Json, document, &[document], seed, false))
            .collect();
        assert!(changed.iter().all(|bytes| serde_json::from_slice::<Value>(bytes).is_ok()));
        let different: std::collections::BTreeSet<_> = changed.iter().collect();
        assert!(different.len() > 100, "only {} different changes", different.len());
    }

    #[test]
    fn shrinking_never_lengthens() {
        let mut bytes = EVENTS.to_vec();
        for seed in 0..200 {
            let smaller = mutate(Written::Lines, &bytes, &[], seed, true);
            assert!(smaller.len() <= bytes.len(), "{}", smaller.escape_ascii());
            bytes = smaller;
        }
        assert!(bytes.len() < EVENTS.len());
    }
}
