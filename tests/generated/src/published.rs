//! The schemas of all models that are offered, as they are published.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;
use workers_ai_codegen::load;

use crate::checkout::{modalities, root};

/// A model's schemas under its name.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its id, as the name of a module.
    pub module: String,
    /// What it takes.
    pub input: Value,
    /// What it answers.
    pub output: Value,
}

/// The feed named by `WORKERS_AI_FEED`, else the one beside the checkout, else what `schemas/` keeps of it: the same schemas
/// without their prose. Says which.
///
/// # Errors
///
/// Where a feed is there and cannot be read.
pub fn published() -> Result<Vec<Published>> {
    let beside = root()?.join("../shared/upstream/2026-11.json");
    let feed = env::var_os("WORKERS_AI_FEED").map(PathBuf::from).or_else(|| beside.is_file().then_some(beside));
    let Some(feed) = feed else {
        eprintln!("typify is given the schemas in schemas/; WORKERS_AI_FEED names a feed to give it instead");
        return kept();
    };
    eprintln!("typify is given the schemas of {}", feed.display());
    let text = fs::read_to_string(&feed).with_context(|| format!("cannot read {}", feed.display()))?;
    let feed: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", feed.display()))?;
    let models = feed.get("models").and_then(Value::as_array).context("the feed has no list of models")?;
    let model = |model: &Value| {
        let schema = |side: &str| model.get("schema")?.get(side).cloned();
        let id = model.get("name")?.as_str()?;
        Some(Published { module: module(id), input: schema("input")?, output: schema("output")? })
    };
    Ok(models.iter().filter_map(model).collect())
}

fn kept() -> Result<Vec<Published>> {
    let mut found = Vec::new();
    for folder in modalities()? {
        for model in load(&folder)?.models {
            let facts = model.facts;
            if let (None, Some(schema)) = (facts.lifecycle.gone_by, facts.schema) {
                let schema = Arc::unwrap_or_clone(schema);
                found.push(Published { module: module(&facts.id), input: schema.input, output: schema.output });
            }
        }
    }
    Ok(found)
}

fn module(id: &str) -> String {
    let word = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    format!("model{}", id.chars().map(word).collect::<String>())
}
