//! The playground: a page that calls every model from a form, and what the page is told about the models.

#[cfg(feature = "code")]
mod code;
mod described;
mod session;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use super::Shared;
use super::respond::{Respond as _, insert};
use super::routes::Handle;
use crate::catalog::Catalog;
use crate::dice::fnv;
use crate::refusal::Refusal;

/// Made by `npm run build` in `crates/local/playground`, and kept beside its source so that cargo needs no Node.
const PAGE: &str = include_str!("../../../playground/dist/index.html");
const SCRIPT: &str = include_str!("../../../playground/dist/app.js");
const STYLE: &str = include_str!("../../../playground/dist/app.css");

/// The page loads nothing from elsewhere, runs no script but its own and can be shown in no frame. What a model answers
/// may be a picture or a sound that the page holds in memory.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where sessions of the page begin.
pub(super) const SESSIONS: &str = "/playground/sessions/";

/// What changes with the catalogue only.
#[derive(Debug, Default)]
pub(super) struct Playground {
    described: Mutex<Option<(Arc<Catalog>, Bytes)>>,
}

impl Playground {
    /// The description of a catalogue, made once.
    fn models(&self, shared: &Shared) -> Bytes {
        let catalog = shared.catalog();
        let mut described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        match &*described {
            Some((known, body)) if Arc::ptr_eq(known, &catalog) => body.clone(),
            _ => {
                let body = described::everything(shared, &catalog);
                *described = Some((catalog, body.clone()));
                body
            }
        }
    }
}

/// The paths of the page; only a session asks for a token.
pub(super) fn routes() -> Router<Handle> {
    let router = Router::new();
    #[cfg(feature = "code")]
    let router = router.route("/playground/rust", axum::routing::post(code::rust));
    router
        .route("/", get(page))
        .route("/playground/app.js", get(script))
        .route("/playground/app.css", get(style))
        .route("/playground/models", get(models))
        .route("/playground/sessions/{*model}", get(session::open))
}

async fn page(headers: HeaderMap) -> Response {
    answer(&headers, "text/html; charset=utf-8", Bytes::from_static(PAGE.as_bytes()))
}

async fn script(headers: HeaderMap) -> Response {
    answer(&headers, "text/javascript; charset=utf-8", Bytes::from_static(SCRIPT.as_bytes()))
}

async fn style(headers: HeaderMap) -> Response {
    answer(&headers, "text/css; charset=utf-8", Bytes::from_static(STYLE.as_bytes()))
}

/// `GET /playground/models`: the server's manners and every model, with all that a form needs.
async fn models(State(shared): State<Handle>, headers: HeaderMap) -> Response {
    // Every schema is read for this, once, and other calls need not wait for it.
    let described = move || shared.playground.models(&shared);
    match tokio::task::spawn_blocking(described).await {
        Ok(body) => answer(&headers, "application/json", body),
        Err(error) => Refusal::failed(&error.to_string()).respond(),
    }
}

/// A file, or word that the browser already has it.
fn answer(headers: &HeaderMap, content_type: &str, body: Bytes) -> Response {
    let tag = format!("\"{:016x}\"", fnv(0xcbf2_9ce4_8422_2325, &body));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(body) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::ETAG, &tag),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        insert(response.headers_mut(), name, value);
    }
    response
}
