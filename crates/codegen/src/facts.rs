//! One file of `schemas/`: everything known about one model.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::problem::Problem;

/// The facts about a model, as `cargo xtask fetch` writes them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Model id, for example `@cf/baai/bge-m3`.
    pub id: String,
    /// Task as Cloudflare names it.
    pub task: String,
    /// Names in Rust, locked when the model was first seen.
    pub rust: RustNames,
    /// Day on which the model was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When the model came and went.
    pub lifecycle: Lifecycle,
    /// Published properties: flags, context window, links.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
    /// What use costs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<Price>,
    /// Published rate limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// Figures announced for the project's headline models, which may differ from the feed's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<Headline>,
    /// Why the model has no usable schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbound: Option<String>,
    /// The published schemas, facts only. Models of one [`Modality`](crate::Modality) with the same schemas share them.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_shared",
        deserialize_with = "read_shared"
    )]
    pub schema: Option<Arc<Schemas>>,
}

/// Names in Rust.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RustNames {
    /// Module and method, for example `bge_m3`.
    pub module: String,
    /// Marker type, for example `BgeM3`.
    #[serde(rename = "type")]
    pub marker: String,
}

/// When a model came and went; dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// First snapshot that had the model.
    pub first_seen: String,
    /// First snapshot without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_by: Option<String>,
    /// Gone, but a release still had it: deprecated for one release before it moves behind `retired`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grace: bool,
    /// Announced day of retirement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_deprecation: Option<String>,
    /// Model to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

/// One line of a price list.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What is counted, for example `per_M_input_tokens`.
    pub unit: String,
    /// Dollars a unit.
    pub usd: f64,
    /// Neurons a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neurons: Option<f64>,
}

/// Published rate limits.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests a minute.
    pub requests_per_minute: u32,
}

/// Figures announced for a headline model.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Headline {
    /// Announced context window in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// Announced requests a minute.
    pub requests_per_minute: u32,
}

/// The published schemas of a model.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Hash, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Schemas {
    /// What the model takes.
    #[serde(default)]
    pub input: Value,
    /// What it answers.
    #[serde(default)]
    pub output: Value,
}

impl Facts {
    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// Where the text is not JSON, or not the facts of a model.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|error| Problem::new("", error.to_string()))
    }

    /// Whether a published flag such as `vision` or `async_queue` is set.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.properties.get(name) == Some(&Value::Bool(true))
    }

    /// A published property that is a whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.properties.get(name).and_then(Value::as_u64)
    }

    /// A published property that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.properties.get(name).and_then(Value::as_str)
    }

    /// Whether the model has left the catalogue.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.lifecycle.gone_by.is_some()
    }
}

fn read_shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<Schemas>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(Arc::new))
}

fn write_shared<S: Serializer>(schema: &Option<Arc<Schemas>>, serializer: S) -> Result<S::Ok, S::Error> {
    schema.as_deref().serialize(serializer)
}
