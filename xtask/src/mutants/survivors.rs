//! The survivors that somebody has looked at, with the reason why no test catches them: `tests/mutants/survivors.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::ledger::{Ledger, Verdict};

/// All reasons.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Survivors {
    #[serde(default, rename = "survivor")]
    survivors: Vec<Survivor>,
}

/// Mutants of one file that survive for one reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivor {
    file: String,
    /// As in the table: without line and column.
    mutants: Vec<String>,
    reason: String,
}

impl Survivors {
    /// Reads the reasons.
    pub(super) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml_edit::de::from_str(&text).with_context(|| path.display().to_string())
    }

    /// Why no test catches a mutant, as far as somebody has said so.
    pub(super) fn reason(&self, file: &str, mutant: &str) -> Option<&str> {
        let mut named = self.survivors.iter().filter(|survivor| survivor.file == file);
        let found = named.find(|survivor| survivor.mutants.iter().any(|name| name == mutant))?;
        Some(found.reason.trim())
    }

    /// Survivors without a reason, and reasons without a survivor.
    pub(super) fn complaints(&self, ledger: &Ledger) -> Vec<String> {
        let files = || ledger.packages.values().flat_map(|record| &record.files);
        let mut complaints = Vec::new();
        for (file, mutants) in files() {
            for (mutant, entry) in mutants {
                if entry.verdict.survived() && self.reason(file, mutant).is_none() {
                    complaints.push(format!("{file}: {mutant}: {}, and nobody says why", entry.verdict));
                }
            }
        }
        for Survivor { file, mutants, .. } in &self.survivors {
            for mutant in mutants {
                let found = files().find(|(name, _)| *name == file).and_then(|(_, mutants)| mutants.get(mutant));
                match found.map(|entry| entry.verdict) {
                    None => complaints.push(format!("survivors.toml: {file}: {mutant}: there is no such mutant")),
                    Some(verdict @ (Verdict::Caught | Verdict::TimedOut | Verdict::Unviable)) => {
                        complaints.push(format!("survivors.toml: {file}: {mutant}: {verdict} now, remove the reason"));
                    }
                    Some(_) => {}
                }
            }
        }
        complaints
    }
}
