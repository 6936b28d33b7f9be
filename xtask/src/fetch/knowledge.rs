//! What no feed carries: limits, neuron prices, headline figures and replacements, kept in `schemas/facts`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::catalogue::model::{Headline, Limits, Price};

/// The facts of `schemas/facts`.
#[derive(Debug, Default)]
pub(crate) struct Knowledge {
    limits: KnownLimits,
    prices: BTreeMap<String, Vec<Price>>,
    headlines: BTreeMap<String, Headline>,
    replacements: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownLimits {
    by_model: BTreeMap<String, u32>,
    /// Rows that the service has taken off its page, for models that are retired since.
    #[serde(default)]
    withdrawn: BTreeMap<String, u32>,
    paid_models: Option<u32>,
    by_task: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct LimitsFile {
    requests_per_minute: KnownLimits,
}

#[derive(Deserialize)]
struct ByModel<T> {
    models: BTreeMap<String, T>,
}

impl Knowledge {
    /// Reads `schemas/facts`; a file that is not there adds nothing.
    pub(crate) fn read(schemas: &Path) -> Result<Self> {
        let facts = schemas.join("facts");
        let limits: Option<LimitsFile> = read(&facts.join("limits.json"))?;
        Ok(Self {
            limits: limits.map(|file| file.requests_per_minute).unwrap_or_default(),
            prices: by_model(&facts.join("prices.json"))?,
            headlines: by_model(&facts.join("headline.json"))?,
            replacements: by_model(&facts.join("replacements.json"))?,
        })
    }

    /// By model, else by plan, else by task, else unknown.
    pub(crate) fn limits(&self, id: &str, task: &str, is_paid: bool) -> Option<Limits> {
        let KnownLimits { by_model, withdrawn, paid_models, by_task } = &self.limits;
        by_model
            .get(id)
            .or_else(|| withdrawn.get(id))
            .or_else(|| paid_models.as_ref().filter(|_| is_paid))
            .or_else(|| by_task.get(task))
            .map(|limit| Limits { requests_per_minute: *limit })
    }

    pub(crate) fn prices(&self, id: &str) -> &[Price] {
        self.prices.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn headline(&self, id: &str) -> Option<Headline> {
        self.headlines.get(id).cloned()
    }

    pub(crate) fn replacement(&self, id: &str) -> Option<&str> {
        self.replacements.get(id).map(String::as_str)
    }
}

fn by_model<T: DeserializeOwned>(path: &Path) -> Result<BTreeMap<String, T>> {
    let file: Option<ByModel<T>> = read(path)?;
    Ok(file.map(|file| file.models).unwrap_or_default())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = serde_json::from_str(&text)
        .with_context(|| format!("{} is not in the form that fetch reads", path.display()))?;
    Ok(Some(file))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn the_most_exact_limit_wins() {
        let limits = serde_json::from_str(
            r#"{"by_model": {"@cf/a/own": 1500}, "withdrawn": {"@cf/a/old": 720}, "paid_models": 20, "by_task": {"Text Generation": 300}}"#,
        );
        let knowledge = Knowledge { limits: limits.unwrap(), ..Knowledge::default() };
        let limit = |id, task, paid| knowledge.limits(id, task, paid).map(|limits| limits.requests_per_minute);
        assert_eq!(limit("@cf/a/own", "Text Generation", true), Some(1500));
        assert_eq!(limit("@cf/a/old", "Text Generation", false), Some(720));
        assert_eq!(limit("@cf/a/b", "Text Generation", true), Some(20));
        assert_eq!(limit("@cf/a/b", "Text Generation", false), Some(300));
        assert_eq!(limit("@cf/a/b", "Text-to-Speech", false), None);
    }
}
