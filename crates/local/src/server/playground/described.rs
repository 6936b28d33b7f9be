//! The models as the page wants them: what draws a form, what stands beside it, and nothing else.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use workers_ai_codegen::{Form, Headline, Lifecycle, Price, Transport, meaning};

use crate::catalog::{Catalog, Model};
use crate::server::Shared;

/// Everything the page asks for when it opens.
#[derive(Serialize)]
struct Everything<'a> {
    version: &'static str,
    /// An account id that the server accepts.
    account: &'a str,
    /// Whether one token alone is accepted.
    wants_token: bool,
    /// What parameters mean, by name, for all models together.
    meanings: BTreeMap<String, &'static str>,
    models: Vec<Described<'a>>,
}

/// One model.
#[derive(Serialize)]
struct Described<'a> {
    id: &'a str,
    task: &'a str,
    modality: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<&'a str>,
    lifecycle: &'a Lifecycle,
    /// Context window, flags, links: what is published and not said elsewhere.
    #[serde(skip_serializing_if = "Map::is_empty")]
    properties: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "<[Price]>::is_empty")]
    prices: &'a [Price],
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headline: Option<&'a Headline>,
    forms: Vec<Drawn<'a>>,
    reply: Kinds<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    realtime: Option<Session<'a>>,
    /// Why there is no form.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
}

/// One way to ask, as a form can be drawn.
#[derive(Serialize)]
struct Drawn<'a> {
    name: &'a str,
    transport: &'static str,
    /// The field that travels as the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    /// The forms of which each item of a batch is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<&'a str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    schema: Value,
}

/// What may be answered.
#[derive(Serialize)]
struct Kinds<'a> {
    json: bool,
    stream: bool,
    /// Whether a stream comes unless it is declined.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    streams_by_default: bool,
    bytes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    queued: bool,
}

/// What a session over WebSocket takes.
#[derive(Serialize)]
struct Session<'a> {
    /// The field that is no parameter of the address but the first thing said.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
}

/// The answer to `GET /playground/models`.
pub(super) fn everything(shared: &Shared, catalog: &Catalog) -> Bytes {
    let models: Vec<Described<'_>> = catalog.models().map(|model| Described::of(model)).collect();
    let mut meanings = BTreeMap::new();
    for form in models.iter().flat_map(|model| &model.forms) {
        collect_meanings(&form.schema, &mut meanings);
    }
    let everything = Everything {
        version: env!("CARGO_PKG_VERSION"),
        account: &shared.account,
        wants_token: shared.token.is_some(),
        meanings,
        models,
    };
    // Names are text and numbers are finite, so there is always something to write.
    serde_json::to_vec(&everything).unwrap_or_default().into()
}

impl<'a> Described<'a> {
    fn of(model: &'a Model) -> Self {
        let facts = model.facts();
        let canonical = model.canonical();
        let reply = canonical.map(|canonical| &canonical.reply);
        let bytes = reply.and_then(|reply| reply.bytes.as_ref());
        let stream = reply.and_then(|reply| reply.stream.as_ref());
        let realtime = canonical.and_then(|canonical| canonical.realtime.as_ref());
        Self {
            id: &facts.id,
            task: &facts.task,
            modality: model.modality(),
            created_at: facts.created_at.as_deref(),
            lifecycle: &facts.lifecycle,
            properties: &facts.properties,
            prices: &facts.prices,
            requests_per_minute: facts.limits.as_ref().map(|limits| limits.requests_per_minute),
            headline: facts.headline.as_ref(),
            forms: forms(model),
            reply: Kinds {
                json: reply.is_some_and(|reply| reply.json.is_some()),
                stream: stream.is_some(),
                streams_by_default: stream.is_some_and(|stream| stream.default),
                bytes: bytes.is_some(),
                content_type: bytes.and_then(|bytes| bytes.content_type.as_deref()),
                queued: reply.is_some_and(|reply| reply.queued) && facts.flag("async_queue"),
            },
            realtime: realtime.map(|realtime| Session { content: realtime.content.as_deref() }),
            problem: model.problem().or(facts.unbound.as_deref()),
        }
    }
}

/// The plain forms, and the batch as one more.
fn forms(model: &Model) -> Vec<Drawn<'_>> {
    let mut drawn: Vec<Drawn<'_>> = model.forms().map(|(name, form)| drawn(name, form)).collect();
    if !model.facts().flag("async_queue") {
        return drawn;
    }
    let batch = model.canonical().and_then(|canonical| canonical.request.batch.as_ref());
    let mut items: Vec<&str> = batch.into_iter().flat_map(|batch| &batch.forms).map(String::as_str).collect();
    let schema = batch.and_then(|batch| batch.schema.as_ref());
    if items.is_empty() && schema.is_none() {
        // Nothing is published about the batch of a model that has a queue: its items are what it takes as JSON.
        items = model.forms().filter(|(_, form)| form.transport == Transport::Json).map(|(name, _)| name).collect();
    }
    if !items.is_empty() || schema.is_some() {
        let schema = schema.map_or(Value::Null, drawable);
        drawn.push(Drawn { name: "batch", transport: "queue", body: None, items, schema });
    }
    drawn
}

fn drawn<'a>(name: &'a str, form: &'a Form) -> Drawn<'a> {
    let (transport, body) = match &form.transport {
        Transport::Json => ("json", None),
        Transport::Multipart => ("multipart", None),
        Transport::Raw(field) => ("raw", Some(field.as_str())),
        Transport::RawWithQuery(field) => ("raw_with_query", Some(field.as_str())),
    };
    Drawn { name, transport, body, items: Vec::new(), schema: drawable(&form.schema) }
}

/// A schema as the page draws it. What a hand-written Rust type carries has its own editor there, named by `x-kind`; a
/// conversation and its tools need no schema beside that, and theirs would be most of what is sent.
fn drawable(schema: &Value) -> Value {
    let members = match schema {
        Value::Object(members) => members,
        Value::Array(items) => return items.iter().map(drawable).collect(),
        other => return other.clone(),
    };
    let rust = members.get("x-rust").and_then(Value::as_str).unwrap_or_default();
    let (kind, keeps_items) = match rust.rsplit("::").next().unwrap_or_default() {
        _ if rust.starts_with("crate::Messages<crate::Vision") => ("messages_with_images", false),
        _ if rust.starts_with("crate::Messages<") => ("messages", false),
        _ if rust.starts_with("crate::Tools<") => ("tools", false),
        "ByteArray" => ("bytes", false),
        "Base64" => ("base64", true),
        "Media" => ("media", true),
        _ => ("", true),
    };
    let mut drawn: Map<String, Value> = members
        .iter()
        .filter(|(keyword, value)| {
            let ours = ["x-rust", "x-into"].contains(&keyword.as_str()) && value.is_string();
            !ours && (keeps_items || keyword.as_str() != "items")
        })
        .map(|(keyword, value)| (keyword.clone(), drawable(value)))
        .collect();
    if !kind.is_empty() {
        drawn.insert("x-kind".to_owned(), Value::from(kind));
    }
    Value::Object(drawn)
}

fn collect_meanings(schema: &Value, meanings: &mut BTreeMap<String, &'static str>) {
    match schema {
        Value::Object(members) => {
            for (keyword, inner) in members {
                if let ("properties", Value::Object(fields)) = (keyword.as_str(), inner) {
                    meanings.extend(fields.keys().filter_map(|name| Some((name.clone(), meaning(name)?))));
                }
                collect_meanings(inner, meanings);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_meanings(item, meanings)),
        _ => {}
    }
}
