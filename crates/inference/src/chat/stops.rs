//! Texts that end an answer: what may be the start of one is held back until it is clear.

/// Watches a text that comes in pieces.
pub(crate) struct Stops<'texts> {
    texts: &'texts [String],
    held: String,
    reached: bool,
}

impl<'texts> Stops<'texts> {
    pub(crate) fn new(texts: &'texts [String]) -> Self {
        Self { texts, held: String::new(), reached: false }
    }

    /// Whether one of the texts was reached. What comes after it is of no interest.
    pub(crate) fn reached(&self) -> bool {
        self.reached
    }

    /// Takes a piece, and gives what is certainly part of the answer.
    pub(crate) fn pass(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let texts = self.texts.iter().filter(|text| !text.is_empty());
        if let Some(end) = texts.clone().filter_map(|text| self.held.find(text.as_str())).min() {
            self.reached = true;
            self.held.truncate(end);
            return std::mem::take(&mut self.held);
        }
        let doubtful = texts.map(|text| overlap(&self.held, text)).max().unwrap_or_default();
        let rest = self.held.split_off(self.held.len() - doubtful);
        std::mem::replace(&mut self.held, rest)
    }

    /// What was still held back when the answer ended.
    pub(crate) fn rest(self) -> String {
        self.held
    }
}

/// Bytes at the end of `held` with which `text` begins.
fn overlap(held: &str, text: &str) -> usize {
    let starts = text.char_indices().map(|(place, _)| place).filter(|length| *length > 0);
    starts.filter(|length| text.get(..*length).is_some_and(|start| held.ends_with(start))).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stops: &[&str], pieces: &[&str], passed: &[&str], reached: bool) {
        let texts: Vec<String> = stops.iter().map(|text| (*text).to_owned()).collect();
        let mut stops = Stops::new(&texts);
        let mut found: Vec<String> = pieces.iter().map(|piece| stops.pass(piece)).collect();
        assert_eq!(stops.reached(), reached);
        found.push(stops.rest());
        assert_eq!(found, passed);
    }

    #[test]
    fn a_stop_text_across_pieces_ends_the_answer() {
        check(&["\n\n"], &["one\n", "\ntwo"], &["one", "", ""], true);
        check(&["END"], &["the E", "N", "D of"], &["the ", "", "", ""], true);
    }

    #[test]
    fn what_only_looked_like_one_is_passed_on() {
        check(&["END"], &["the E", "agle"], &["the ", "Eagle", ""], false);
        check(&["END"], &["the EN"], &["the ", "EN"], false);
        check(&["été"], &["é", "t", "a"], &["", "", "éta", ""], false);
    }

    #[test]
    fn without_stop_texts_all_passes() {
        check(&[], &["a", "b"], &["a", "b", ""], false);
        check(&[""], &["a"], &["a", ""], false);
    }
}
