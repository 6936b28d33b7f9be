//! The feed's shape: from bytes that somebody else wrote to published models.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

use crate::catalogue::canonical;
use crate::catalogue::date::Date;
use crate::catalogue::id::printable;

/// No answer larger than this is read.
pub(crate) const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// No feed with more models is read: a thousand times what there is would be 85,000.
const MOST_MODELS: usize = 100_000;

/// One model as it is published, before anything is trusted.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: String,
    pub(crate) task: Option<String>,
    pub(crate) created_at: Option<Date>,
    pub(crate) properties: Map<String, Value>,
    pub(crate) schema: Option<Value>,
    /// The feed still lists the model, but as one that has left.
    pub(crate) deprecated: bool,
    /// The hash of the whole entry, prose included.
    pub(crate) sha256: String,
}

/// Parses JSON from outside, bounded in size and (by the parser, at 128 levels) in depth.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    ensure!(bytes.len() <= LARGEST_BODY, "the document is larger than {} MB", LARGEST_BODY / (1024 * 1024));
    serde_json::from_slice(bytes).context("the document is not JSON, or is nested too deeply")
}

/// The models of a feed: `{"models": […]}`, an API answer `{"result": […]}`, or a bare list.
pub(crate) fn models(feed: Value) -> Result<Vec<Published>> {
    let list = match feed {
        Value::Array(list) => list,
        Value::Object(mut object) => match object.remove("models").or_else(|| object.remove("result")) {
            Some(Value::Array(list)) => list,
            _ => bail!("expected a feed, `{{\"models\": […]}}`, but found no list of models"),
        },
        _ => bail!("expected a feed, `{{\"models\": […]}}`"),
    };
    ensure!(list.len() <= MOST_MODELS, "{} models, more than {MOST_MODELS}", list.len());
    list.into_iter()
        .enumerate()
        .map(|(place, entry)| model(entry).with_context(|| format!("at /models/{place}")))
        .collect()
}

/// One entry of a feed.
pub(crate) fn model(entry: Value) -> Result<Published> {
    let sha256 = canonical::sha256_of(&entry)?;
    let Value::Object(mut entry) = entry else {
        bail!("a model is not an object");
    };
    let Some(Value::String(id)) = entry.remove("name") else {
        bail!("a model has no `name`, which is its id");
    };
    let properties =
        properties(entry.remove("properties")).with_context(|| format!("in the properties of {}", printable(&id)))?;
    Ok(Published {
        task: task(entry.get("task")),
        created_at: entry.get("created_at").and_then(Value::as_str).and_then(Date::of_timestamp),
        schema: entry.remove("schema").filter(|schema| !schema.is_null()),
        deprecated: entry.get("deprecated") == Some(&Value::Bool(true)),
        id,
        properties,
        sha256,
    })
}

fn task(task: Option<&Value>) -> Option<String> {
    let task = task?;
    let name = task.get("name").unwrap_or(task);
    name.as_str().map(str::to_owned)
}

/// Properties come as a list of `{property_id, value}`; a plain object is understood too.
fn properties(published: Option<Value>) -> Result<Map<String, Value>> {
    match published {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(Value::Array(list)) => list
            .into_iter()
            .enumerate()
            .map(|(place, mut property)| {
                let name = property.get("property_id").and_then(Value::as_str).map(str::to_owned);
                let value = property.get_mut("value").map(Value::take);
                match (name, value) {
                    (Some(name), Some(value)) => Ok((name, value)),
                    _ => bail!("entry {place} lacks `property_id` or `value`"),
                }
            })
            .collect(),
        Some(_) => bail!("neither a list nor an object"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use serde_json::json;

    #[test]
    fn the_name_is_the_id_and_prose_is_left_behind() {
        let feed = json!({"models": [{
            "id": "60920ed4", "name": "@cf/a/b", "task": {"name": "Translation", "description": "…"},
            "created_at": "2025-09-23 18:19:17.382", "properties": [{"property_id": "beta", "value": "true"}],
            "schema": {"input": {}, "output": {}}
        }]});
        let models = models(feed).unwrap();
        let model = models.first().unwrap();
        assert_eq!(model.id, "@cf/a/b");
        assert_eq!(model.task.as_deref(), Some("Translation"));
        assert_eq!(model.created_at, "2025-09-23".parse().ok());
        assert_eq!(model.properties.get("beta"), Some(&json!("true")));
    }

    #[test]
    fn wrong_shapes_are_refused_with_their_place() {
        for (feed, expected) in [
            (json!(7), "expected a feed"),
            (json!({"models": {}}), "no list of models"),
            (json!({"models": [1]}), "/models/0"),
            (json!({"models": [{"id": "x"}]}), "no `name`"),
            (json!({"models": [{"name": "@cf/a/b", "properties": [1]}]}), "@cf/a/b"),
        ] {
            let error = format!("{:#}", models(feed).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_tower_of_brackets_is_an_error_not_a_crash() {
        let tower = "[".repeat(100_000);
        assert!(parse(tower.as_bytes()).is_err());
    }
}
