//! What came of every mutant, kept in `tests/mutants/outcomes.json`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::mutant::Mutant;
use crate::bench::machine::Measured;

/// What the tests said of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A test failed.
    Caught,
    /// The tests did not end.
    TimedOut,
    /// All tests passed.
    Missed,
    /// No test came by.
    Unreached,
    /// It does not compile, so there is nothing to test.
    Unviable,
    /// Needs a build of its own and has had none.
    Untried,
}

/// Everything that is known, by package.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    pub(super) packages: BTreeMap<String, Record>,
}

/// The last run over one package.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    /// Such as `cargo-mutants 27.1.0`.
    pub(super) tool: String,
    /// The commit whose code and tests these were.
    pub(super) commit: String,
    pub(super) measured: Measured,
    pub(super) seconds: u64,
    pub(super) tests: usize,
    /// How many of the verdicts are those of earlier runs, because there was no time to try again.
    #[serde(default)]
    pub(super) kept: usize,
    /// By file, then by what is changed: the verdict, and the digest of the function it was for.
    pub(super) files: BTreeMap<String, BTreeMap<String, Entry>>,
}

/// Written as `caught 1a2b3c4d`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Entry {
    pub(super) verdict: Verdict,
    pub(super) digest: String,
}

impl Ledger {
    /// Reads it; nothing is known where there is no file.
    pub(super) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }

    /// Writes it.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// What was found of this very mutant, in this very function.
    pub(super) fn known(&self, package: &str, mutant: &Mutant) -> Option<Verdict> {
        let entry = self.packages.get(package)?.files.get(&mutant.file)?.get(&mutant.title)?;
        (entry.digest == mutant.digest && entry.verdict != Verdict::Untried).then_some(entry.verdict)
    }
}

impl Verdict {
    /// Whether the tests let it pass.
    pub(super) fn survived(self) -> bool {
        matches!(self, Self::Missed | Self::Unreached)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Caught => "caught",
            Self::TimedOut => "timed-out",
            Self::Missed => "missed",
            Self::Unreached => "unreached",
            Self::Unviable => "unviable",
            Self::Untried => "untried",
        })
    }
}

impl From<Entry> for String {
    fn from(entry: Entry) -> Self {
        format!("{} {}", entry.verdict, entry.digest)
    }
}

impl TryFrom<String> for Entry {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (verdict, digest) = text.split_once(' ').ok_or_else(|| format!("`{text}` has no digest"))?;
        let verdict = match verdict {
            "caught" => Verdict::Caught,
            "timed-out" => Verdict::TimedOut,
            "missed" => Verdict::Missed,
            "unreached" => Verdict::Unreached,
            "unviable" => Verdict::Unviable,
            "untried" => Verdict::Untried,
            other => return Err(format!("`{other}` is no verdict")),
        };
        Ok(Self { verdict, digest: digest.to_owned() })
    }
}
