//! The one form in which every model's request and reply are described.

use std::collections::BTreeMap;
use std::mem;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::problem::escaped;

/// A model's calls: what can be asked and what is answered.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Canonical {
    /// What can be asked.
    pub request: Request,
    /// What is answered.
    pub reply: Reply,
    /// What is said in a session, where there can be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realtime: Option<Realtime>,
}

/// What can be asked of a model.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Alternative forms by name; a model with one form calls it `default`.
    pub forms: BTreeMap<String, Form>,
    /// One item of a queued batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
}

/// One way to ask.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// How the fields travel.
    #[serde(default)]
    pub transport: Transport,
    /// Schema of the fields.
    pub schema: Value,
}

/// How a request travels.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Transport {
    /// One JSON object.
    #[default]
    Json,
    /// A part for each field.
    Multipart,
    /// The named field as the raw body when nothing else is set, else JSON.
    Raw(String),
    /// The named field as the raw body, the others as query parameters.
    RawWithQuery(String),
}

/// One item of a queued batch.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The forms of the plain request that may be queued.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
    /// Schema of the item, where it is none of the forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
}

/// What a model answers; more than one kind may be possible.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// A JSON reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// A stream of server-sent events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<Stream>,
    /// Raw bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Bytes>,
    /// The request may be queued, and then a ticket is answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub queued: bool,
}

/// A streamed reply.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Schema of one event's data.
    pub chunk: Value,
    /// The model streams unless told not to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// A reply of raw bytes.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// Published content type; sniff the bytes all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// A session over WebSocket. The request's fields are parameters of its address.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Realtime {
    /// The field of a JSON request that is no parameter but the first thing said. A raw body always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Schema of what a program sends; a hand-written type must carry it.
    pub sent: Value,
    /// Schema of what the model sends; a hand-written type must carry it.
    pub received: Value,
}

impl Canonical {
    /// The schema that a JSON body must satisfy, a batch included, for any validator.
    #[must_use]
    pub fn request_schema(&self) -> Value {
        let mut arms: Vec<Value> = self.request.forms.values().map(|form| plain(&form.schema)).collect();
        if self.reply.stream.is_some() {
            for arm in &mut arms {
                if let Some(Value::Object(properties)) = arm.get_mut("properties") {
                    properties.insert("stream".to_owned(), json!({"type": "boolean"}));
                }
            }
        }
        if let Some(batch) = &self.request.batch {
            let forms = batch.forms.iter().filter_map(|name| self.request.forms.get(name)).map(|form| &form.schema);
            let items: Vec<Value> = forms.chain(&batch.schema).map(plain).collect();
            arms.push(json!({
                "type": "object",
                "properties": {"requests": {"type": "array", "minItems": 1, "items": {"anyOf": items}}},
                "required": ["requests"],
            }));
        }
        match arms.len() {
            1 => arms.swap_remove(0),
            _ => json!({"anyOf": arms}),
        }
    }

    /// The schema of a JSON reply, where there is one.
    #[must_use]
    pub fn reply_schema(&self) -> Option<Value> {
        self.reply.json.as_ref().map(plain)
    }

    /// The document as JSON. Schemas are nearly all of it, and are moved.
    pub(crate) fn into_json(mut self) -> serde_json::Result<Value> {
        let schemas = self.schemas_mut();
        let schemas: Vec<(String, Value)> =
            schemas.into_iter().map(|(pointer, schema)| (pointer, mem::replace(schema, MOVED))).collect();
        let mut document = serde_json::to_value(self)?;
        for (pointer, schema) in schemas {
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = schema;
            }
        }
        Ok(document)
    }

    /// Reads what [`into_json`](Self::into_json) made, whatever has become of it since.
    pub(crate) fn from_json(mut document: Value) -> serde_json::Result<Self> {
        let mut pointers = OUTSIDE_FORMS.map(str::to_owned).to_vec();
        if let Some(Value::Object(forms)) = document.pointer("/request/forms") {
            pointers.extend(forms.keys().map(|name| form_schema(name)));
        }
        let mut schemas = BTreeMap::new();
        for pointer in pointers {
            // Null is no schema, but the absence of one.
            if let Some(place) = document.pointer_mut(&pointer).filter(|place| place.is_object()) {
                schemas.insert(pointer, mem::replace(place, MOVED));
            }
        }
        let mut canonical: Self = serde_json::from_value(document)?;
        for (pointer, place) in canonical.schemas_mut() {
            if let Some(schema) = schemas.remove(&pointer) {
                *place = schema;
            }
        }
        Ok(canonical)
    }

    /// Every schema, with its JSON pointer.
    fn schemas_mut(&mut self) -> Vec<(String, &mut Value)> {
        let forms = self.request.forms.iter_mut().map(|(name, form)| (form_schema(name), &mut form.schema));
        let mut schemas: Vec<(String, &mut Value)> = forms.collect();
        let (sent, received) =
            self.realtime.as_mut().map(|realtime| (&mut realtime.sent, &mut realtime.received)).unzip();
        let others = [
            self.request.batch.as_mut().and_then(|batch| batch.schema.as_mut()),
            self.reply.json.as_mut(),
            self.reply.stream.as_mut().map(|stream| &mut stream.chunk),
            sent,
            received,
        ];
        let others = OUTSIDE_FORMS.iter().zip(others);
        schemas.extend(others.filter_map(|(pointer, schema)| Some(((*pointer).to_owned(), schema?))));
        schemas
    }
}

/// Stands where a schema was moved from.
const MOVED: Value = Value::Bool(true);

/// Where schemas are that belong to no form.
const OUTSIDE_FORMS: [&str; 5] =
    ["/request/batch/schema", "/reply/json", "/reply/stream/chunk", "/realtime/sent", "/realtime/received"];

fn form_schema(name: &str) -> String {
    format!("/request/forms/{}/schema", escaped(name))
}

/// A schema without this project's own keywords.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| !(["x-rust", "x-into"].contains(&name.as_str()) && value.is_string()))
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect(),
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
