//! What is wrong with an input: where it stands and why it cannot be used.

use std::borrow::Cow;
use std::fmt;

/// One defect: a file, the JSON pointer inside it, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, or the model id where there is no file.
    pub file: String,
    /// JSON pointer to the offending value; empty for the whole document.
    pub pointer: String,
    /// What is wrong, in words.
    pub reason: String,
}

/// Every defect found in one run, never just the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problem {
    pub(crate) fn new(pointer: &str, reason: impl Into<String>) -> Self {
        Self { file: String::new(), pointer: pointer.to_owned(), reason: reason.into() }
    }

    pub(crate) fn in_file(mut self, file: &str) -> Self {
        if self.file.is_empty() {
            file.clone_into(&mut self.file);
        }
        self
    }
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn in_file(self, file: &str) -> Self {
        Self(self.0.into_iter().map(|problem| problem.in_file(file)).collect())
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// `Ok` when nothing was found.
    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", harmless(&self.file))?;
        }
        if !self.pointer.is_empty() {
            write!(f, "#{}", harmless(&self.pointer))?;
        }
        write!(f, ": {}", harmless(&self.reason))
    }
}

/// A name as a step of a JSON pointer.
pub(crate) fn escaped(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

/// Names in problems are somebody else's words, and problems are read in terminals and logs: what would move the cursor, begin a
/// line or turn the direction of text is escaped.
fn harmless(text: &str) -> String {
    let acts = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut shown, letter| {
        if acts(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
        shown
    })
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
impl std::error::Error for Problems {}

#[test]
fn foreign_words_cannot_write_lines_of_their_own() {
    let problem = Problem::new("/properties/\u{202e}x\n\u{1b}[2J", "odd \r").in_file("@cf/a\nb");
    assert_eq!(problem.to_string(), r"@cf/a\nb#/properties/\u{202e}x\n\u{1b}[2J: odd \r");
}
