//! A model file: everything the bindings know about one model, and nothing that is prose.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::canonical;
use super::date::Date;

/// One model, in the order in which its file is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) id: String,
    /// The task as the service spells it, such as `Text Embeddings`.
    pub(crate) task: String,
    pub(crate) rust: RustName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<Date>,
    pub(crate) lifecycle: Lifecycle,
    #[serde(default, skip_serializing_if = "Map::is_empty", serialize_with = "sorted_properties")]
    pub(crate) properties: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) prices: Vec<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limits: Option<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) headline: Option<Headline>,
    /// Why there is no usable schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unbound: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schema: Option<Schema>,
}

/// The names that the generated Rust uses; locked when the model is first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RustName {
    pub(crate) module: String,
    #[serde(rename = "type")]
    pub(crate) type_name: String,
}

/// When a model came, and when it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lifecycle {
    pub(crate) first_seen: Date,
    /// The first snapshot without the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gone_by: Option<Date>,
    /// Retired since the last release, so still compiled, deprecated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) grace: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) planned_deprecation: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replacement: Option<String>,
}

/// What one unit of use costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    pub(crate) unit: String,
    pub(crate) usd: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) neurons: Option<f64>,
}

/// How often the service lets itself be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) requests_per_minute: u32,
}

/// What the project's brief says of the models it names, kept beside what the feed says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Headline {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context_window: Option<u64>,
    pub(crate) requests_per_minute: u32,
}

/// The published schemas without their prose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {
    #[serde(serialize_with = "canonical::schema")]
    pub(crate) input: Value,
    #[serde(serialize_with = "canonical::schema")]
    pub(crate) output: Value,
}

fn sorted_properties<S: serde::Serializer>(properties: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
    canonical::sorted(&Value::Object(properties.clone()), serializer)
}

impl Model {
    /// Whether the last snapshot still had the model.
    pub(crate) fn is_live(&self) -> bool {
        self.lifecycle.gone_by.is_none()
    }
}
