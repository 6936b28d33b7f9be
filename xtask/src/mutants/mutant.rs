//! A mutant as cargo-mutants lists it, and the name it keeps when lines move.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One change to one place.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Mutant {
    /// What cargo-mutants calls it: file, line, column and what is changed.
    pub(super) name: String,
    pub(super) file: String,
    pub(super) function: Option<Function>,
    pub(super) genre: Genre,
    pub(super) span: Span,
    /// The code that takes the place; empty where something is taken away.
    pub(super) replacement: String,
    /// What is changed, without line and column; the second of the same name in a file ends in ` (2)`.
    #[serde(skip)]
    pub(super) title: String,
    /// Of the function's text, so that a verdict on another text is not taken for this one's.
    #[serde(skip)]
    pub(super) digest: String,
}

/// The function that a mutant is in.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Function {
    pub(super) return_type: String,
    pub(super) span: Span,
}

/// The kinds of changes that cargo-mutants makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Genre {
    BinaryOperator,
    FnValue,
    MatchArm,
    MatchArmGuard,
    StructField,
    UnaryOperator,
    #[serde(other)]
    Other,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Span {
    pub(super) start: Place,
    pub(super) end: Place,
}

/// Line and column, both from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Mutant {
    /// Its place in an order that has nothing to do with what it is.
    pub(super) fn lot(&self) -> Vec<u8> {
        Sha256::digest(format!("{}: {}", self.file, self.title)).to_vec()
    }
}

/// Gives every mutant its lasting name and the digest of its function; `texts` are the files they are in.
pub(super) fn identify(mutants: &mut [Mutant], texts: &BTreeMap<String, String>) {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mutant in mutants {
        let place = format!("{}:{}:{}: ", mutant.file, mutant.span.start.line, mutant.span.start.column);
        let title = mutant.name.strip_prefix(&place).unwrap_or(&mutant.name).to_owned();
        let count = seen.entry((mutant.file.clone(), title.clone())).or_default();
        *count += 1;
        mutant.title = if *count == 1 { title } else { format!("{title} ({count})") };
        let around = mutant.function.as_ref().map_or(mutant.span, |function| function.span);
        let text = texts.get(&mutant.file).map(String::as_str).unwrap_or_default();
        let lines = around.end.line.saturating_sub(around.start.line) + 1;
        let mut digest = Sha256::new();
        for line in text.lines().skip(around.start.line.saturating_sub(1)).take(lines) {
            digest.update(line.trim());
            digest.update("\n");
        }
        mutant.digest = digest.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    }
}
