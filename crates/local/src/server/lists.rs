//! What the catalogue can be asked: models, schemas, authors, tasks, the public feed.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use workers_ai_codegen::Facts;

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run;
use crate::feed as published;
use crate::refusal::Refusal;

type Parameters = Query<Vec<(String, String)>>;

/// `GET /ai/models/search`; `per_page` is ignored, as the service does.
pub(super) async fn models(State(shared): State<Handle>, Query(query): Parameters) -> Response {
    let get = |name: &str| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.to_lowercase())
            .filter(|value| !value.is_empty())
    };
    let is_true = |name: &str| get(name).as_deref() == Some("true");
    // Everything is on the first page; an empty one after it ends a client that goes on asking.
    if get("page").and_then(|page| page.parse::<u32>().ok()).is_some_and(|page| page > 1) {
        return respond::enveloped(&json!([]));
    }
    let (search, task, author, source) = (get("search"), get("task"), get("author"), get("source"));
    let catalog = shared.catalog();
    let found: Vec<&Facts> = catalog
        .models()
        .map(|model| model.facts())
        .filter(|facts| is_true("include_deprecated") || !facts.is_retired())
        .filter(|facts| !is_true("hide_experimental") || !facts.flag("beta"))
        .filter(|facts| search.as_ref().is_none_or(|text| facts.id.to_lowercase().contains(text)))
        .filter(|facts| task.as_ref().is_none_or(|name| facts.task.to_lowercase() == *name))
        .filter(|facts| author.as_ref().is_none_or(|name| author_of(&facts.id).to_lowercase() == *name))
        .filter(|facts| source.as_ref().is_none_or(|source| (source == "2") == facts.id.starts_with("@hf/")))
        .collect();
    if get("format").as_deref() == Some("openrouter") {
        let items: Vec<Value> = found.into_iter().filter_map(published::openrouter_item).collect();
        return respond::bare(&json!({"data": items}));
    }
    let items: Vec<Value> = found.into_iter().map(published::item).collect();
    respond::enveloped(&items)
}

/// `GET /ai/catalog/models`: another list of the same models, which no documentation describes.
pub(super) async fn catalog(State(shared): State<Handle>) -> Response {
    let items: Vec<Value> = shared.catalog().live().map(|model| published::catalog_item(model.facts())).collect();
    respond::enveloped(&items)
}

/// `GET /ai/models/schema?model=`.
pub(super) async fn schema(State(shared): State<Handle>, Query(query): Parameters) -> Response {
    let Some((_, id)) = query.iter().find(|(name, _)| name == "model") else {
        return Refusal::bad_input("required properties at '/' are 'model'").respond();
    };
    match run::find(&shared, id) {
        Ok(model) => respond::enveloped(&published::published_schema(model.facts()).unwrap_or_else(|| json!({}))),
        Err(refusal) => refusal.respond(),
    }
}

/// `GET /ai/authors/search`.
pub(super) async fn authors(State(shared): State<Handle>) -> Response {
    let catalog = shared.catalog();
    let names: BTreeSet<&str> = catalog.live().map(|model| author_of(model.id())).collect();
    let authors: Vec<Value> = names.into_iter().map(|name| json!({"name": name})).collect();
    respond::enveloped(&authors)
}

/// `GET /ai/tasks/search`.
pub(super) async fn tasks(State(shared): State<Handle>) -> Response {
    let catalog = shared.catalog();
    let names: BTreeSet<&str> = catalog.live().map(|model| model.facts().task.as_str()).collect();
    let tasks: Vec<Value> = names.into_iter().map(published::task).collect();
    respond::enveloped(&tasks)
}

/// `GET /api/models`: the public feed, with an entity tag so that an unchanged one need not be sent again.
pub(super) async fn feed(State(shared): State<Handle>, headers: HeaderMap) -> Response {
    let catalog = shared.catalog();
    let feed = catalog.sent();
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == feed.tag.as_bytes());
    let body = if is_known { Body::empty() } else { Body::from(feed.body.clone()) };
    let mut response = respond::with_type("application/json", body);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    respond::insert(response.headers_mut(), header::ETAG, &feed.tag);
    response
}

fn author_of(id: &str) -> &str {
    id.split('/').nth(1).unwrap_or_default()
}
