//! Thoughts that a model writes into its text, between `<think>` and `</think>`, told apart from what it says.

use std::borrow::Cow;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A whole text as thoughts and words. Some models leave out the first mark: their template has written it already.
pub(crate) fn split(text: &str) -> (Option<&str>, &str) {
    // Most texts have no mark of any kind.
    if !text.contains('<') {
        return (None, text);
    }
    let begun = text.trim_start();
    let (thoughts, words) = match (begun.strip_prefix(OPEN), begun.split_once(CLOSE)) {
        (Some(inside), _) => inside.split_once(CLOSE).unwrap_or((inside, "")),
        (None, Some((before, after))) if !before.contains(OPEN) => (before, after),
        _ => return (None, text),
    };
    let thoughts = thoughts.trim();
    ((!thoughts.is_empty()).then_some(thoughts), words.trim_start())
}

/// The words of a text without the thoughts in it.
pub(crate) fn words(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(split(text).1),
        Cow::Owned(text) => match split(&text).1 {
            words if words.len() == text.len() => Cow::Owned(text),
            words => Cow::Owned(words.to_owned()),
        },
    }
}

/// Tells thoughts from words while a text arrives in pieces. What it gives adds up to what [`split`] gives for the whole,
/// but for a text that closes thoughts it never opened: nobody can know before the end of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Splitter {
    state: State,
    /// What cannot be told apart yet: the beginning of a mark, or white space that may turn out to be at an end.
    held: String,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Nothing but white space and perhaps the beginning of a mark.
    #[default]
    Beginning,
    /// Right after the opening mark, before the first thought.
    BeforeThoughts,
    /// In the middle of thoughts.
    Thinking,
    /// Right after the closing mark, before the first word.
    BeforeWords,
    /// In the middle of words, to the end.
    Speaking,
}

/// What one piece of text brings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pieces {
    pub(crate) thoughts: String,
    pub(crate) words: String,
}

impl Splitter {
    /// Takes the next piece.
    pub(crate) fn push(&mut self, piece: &str) -> Pieces {
        let mut found = Pieces::default();
        if let State::Speaking = self.state {
            piece.clone_into(&mut found.words);
            return found;
        }
        self.held.push_str(piece);
        while self.step(&mut found) {}
        found
    }

    /// What was held back when the text ended.
    pub(crate) fn finish(&mut self) -> Pieces {
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Beginning | State::Speaking => Pieces { words: held, ..Pieces::default() },
            State::Thinking => Pieces { thoughts: held.trim_end().to_owned(), ..Pieces::default() },
            State::BeforeThoughts | State::BeforeWords => Pieces::default(),
        }
    }

    /// Moves as far as one state goes; false when more text is needed.
    fn step(&mut self, found: &mut Pieces) -> bool {
        let begun = self.held.trim_start();
        match self.state {
            State::Beginning => {
                if let Some(rest) = begun.strip_prefix(OPEN) {
                    self.held = rest.to_owned();
                    self.state = State::BeforeThoughts;
                } else if OPEN.starts_with(begun) {
                    return false;
                } else {
                    self.state = State::Speaking;
                }
                true
            }
            State::BeforeThoughts => {
                self.held = begun.to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.state = State::Thinking;
                true
            }
            State::Thinking => {
                if let Some((thoughts, rest)) = self.held.split_once(CLOSE) {
                    found.thoughts.push_str(thoughts.trim_end());
                    self.held = rest.to_owned();
                    self.state = State::BeforeWords;
                    return true;
                }
                let mark = (1..CLOSE.len())
                    .rev()
                    .find(|length| CLOSE.get(..*length).is_some_and(|beginning| self.held.ends_with(beginning)));
                let told = self.held.len() - mark.unwrap_or_default();
                let told = self.held.get(..told).map_or(0, |text| text.trim_end().len());
                let held = self.held.split_off(told);
                found.thoughts.push_str(&std::mem::replace(&mut self.held, held));
                false
            }
            State::BeforeWords => {
                self.held = begun.to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.state = State::Speaking;
                true
            }
            State::Speaking => {
                found.words.push_str(&std::mem::take(&mut self.held));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text in pieces of every length adds up to the same thoughts and words.
    #[track_caller]
    fn check(text: &str, thoughts: Option<&str>, words: &str) {
        assert_eq!(split(text), (thoughts, words));
        let letters: Vec<char> = text.chars().collect();
        for length in 1..=letters.len().max(1) {
            let mut splitter = Splitter::default();
            let mut sum = Pieces::default();
            let pieces = letters.chunks(length).map(|piece| splitter.push(&piece.iter().collect::<String>()));
            let mut pieces: Vec<Pieces> = pieces.collect();
            pieces.push(splitter.finish());
            for piece in pieces {
                sum.thoughts.push_str(&piece.thoughts);
                sum.words.push_str(&piece.words);
            }
            assert_eq!((sum.thoughts.as_str(), sum.words.as_str()), (thoughts.unwrap_or_default(), words), "{length}");
        }
    }

    #[test]
    fn thoughts_are_told_from_words_at_every_cut() {
        check("Blue.", None, "Blue.");
        check("", None, "");
        check("  Blue.", None, "  Blue.");
        check("<think>\nWhy is it?\n\nAh.\n</think>\n\nBlue.", Some("Why is it?\n\nAh."), "Blue.");
        check("\n<think></think>Blue.", None, "Blue.");
        check("<think>a < b </thin c</think>é <think> stays", Some("a < b </thin c"), "é <think> stays");
        check("<thinker> said so", None, "<thinker> said so");
        check("<think>cut of", Some("cut of"), "");
        check("A tag: <think>.", None, "A tag: <think>.");
    }

    #[test]
    fn thoughts_that_were_never_opened_are_known_at_the_end() {
        assert_eq!(split("Hm.\n</think>\nBlue."), (Some("Hm."), "Blue."));
        assert_eq!(split("Say <think>a</think>."), (None, "Say <think>a</think>."));
    }
}
