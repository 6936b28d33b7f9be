//! What was asked, in a form that is the same for the same request.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{Content, Scrub};
use crate::refusal::Refusal;

/// A request without what differs from call to call: tokens, the account, the boundary between parts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path below `/ai`.
    pub(crate) path: String,
    /// Parameters in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<(String, String)>,
    /// The model, which the path or the body names; conversions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    content_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Sent>,
}

/// A request's body.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Sent {
    Json(Value),
    Text(String),
    Base64(String),
    Parts(Vec<Part>),
}

/// One part of a multipart body.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Part {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(flatten)]
    content: Content,
}

impl Asked {
    /// Reads a request. `path` is what stands below `/ai`.
    pub(crate) async fn read(
        method: &str,
        path: &str,
        query: Option<&str>,
        model: Option<String>,
        headers: &HeaderMap,
        body: &Bytes,
        scrub: &Scrub,
    ) -> Result<Self, Refusal> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = match kind.as_str() {
            _ if body.is_empty() => None,
            "multipart/form-data" => Some(Sent::Parts(parts(content_type, body, scrub).await?)),
            _ => Some(Sent::new(body, scrub)),
        };
        let mut query: Vec<(String, String)> = query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), scrub.text(&decoded(value))))
            .collect();
        query.sort();
        Ok(Self { method: method.to_owned(), path: decoded(path), query, model, content_type: kind, body })
    }

    /// What is compared: the request without the type of a body whose form says what it is.
    fn compared(&self) -> Value {
        let type_matters = matches!(self.body, Some(Sent::Text(_) | Sent::Base64(_)));
        let mut compared = self.clone();
        if !type_matters {
            compared.content_type.clear();
        }
        sorted(serde_json::to_value(&compared).unwrap_or_default())
    }

    /// What is the same for the same request, and differs for any other.
    pub(crate) fn key(&self) -> String {
        let digest = Sha256::digest(self.compared().to_string());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What can differ between requests of the same path and model, with the members of a JSON body at the top.
    pub(crate) fn content(&self) -> Value {
        let body = match &self.body {
            Some(Sent::Json(value)) => return with_query(value, &self.query),
            Some(body) => serde_json::to_value(body).unwrap_or_default(),
            None => Value::Null,
        };
        with_query(&body, &self.query)
    }

    /// The beginning of the file's name: the model for people, and a hash for what is asked of it.
    pub(crate) fn file_stem(&self) -> String {
        let named = self.model.as_deref().unwrap_or(&self.path);
        let named = named.trim_start_matches("@cf/").trim_matches('/').to_ascii_lowercase();
        let slug: String = named
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' })
            .take(80)
            .collect();
        let hash = self.key();
        format!("{}-{}", slug.trim_matches('.'), hash.get(..8).unwrap_or_default())
    }
}

impl Sent {
    fn new(bytes: &Bytes, scrub: &Scrub) -> Self {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(value) if value.is_object() || value.is_array() => Self::Json(scrub.json(sorted(value))),
            _ => match Content::new(bytes) {
                Content::Text(text) => Self::Text(scrub.text(&text)),
                Content::Base64(encoded) => Self::Base64(encoded),
            },
        }
    }
}

/// A body with the query beside it, where there is one.
fn with_query(body: &Value, query: &[(String, String)]) -> Value {
    if query.is_empty() {
        return body.clone();
    }
    let query: Map<String, Value> = query.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    match body {
        Value::Object(members) => {
            let mut both = members.clone();
            both.insert("(query)".to_owned(), Value::Object(query));
            Value::Object(both)
        }
        body => json!({"(query)": query, "(body)": body}),
    }
}

async fn parts(content_type: &str, body: &Bytes, scrub: &Scrub) -> Result<Vec<Part>, Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::bad_input(&format!("the multipart body is broken: {error}"));
    let request = Request::builder().header(header::CONTENT_TYPE, content_type).body(Body::from(body.clone()));
    // The limit on bodies has been kept already.
    let mut request = request.map_err(|error| broken(&error))?;
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| broken(&error.body_text()))?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let (file_name, content_type) = (field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
        let bytes = field.bytes().await.map_err(|error| broken(&error.body_text()))?;
        let content = match Content::new(&bytes) {
            Content::Text(text) => Content::Text(scrub.text(&text)),
            encoded @ Content::Base64(_) => encoded,
        };
        parts.push(Part { name, file_name, content_type, content });
    }
    Ok(parts)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// JSON with the members of each object in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
