//! What is fuzzed: functions of bytes that panic when something is wrong.
//!
//! The same targets run in an ordinary test on stable, which feeds them `corpus/` and so many changed copies of it
//! ([`check`]), and under libFuzzer, whose glue is in `libfuzzer/`.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a target says by panicking what it found")]

mod corpus;
mod mutation;
mod stable;
mod targets;

pub use corpus::{Input, corpus};
pub use mutation::mutate;
pub use stable::check;
pub use targets::*;

/// One thing that takes bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its folder in `corpus/`.
    pub name: &'static str,
    /// What its inputs look like, which decides how they are changed.
    pub written: Written,
    /// Takes one input. A panic is a finding.
    pub run: fn(&[u8]),
}

/// What inputs look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// A JSON document, changed as a tree.
    Json,
    /// Lines of text that may hold JSON, changed as text and in its JSON.
    Lines,
}
