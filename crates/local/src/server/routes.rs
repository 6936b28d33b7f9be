//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get, post};

use super::respond::Respond as _;
use super::{
    Shared, answering, auth, binding, caps, control, finetunes, gateway, lists, markdown, openai, playground, proxied,
    responses, run, sessions, visit,
};
use crate::refusal::Refusal;

/// What every handler is given.
pub(super) type Handle = Arc<Shared>;

pub(super) fn router(shared: Handle) -> Router {
    let account = |path: &str| format!("/client/v4/accounts/{{account}}/ai{path}");
    let routed = Router::new()
        .route(&account("/run"), post(run::named_in_body))
        .route(&account("/run/{*model}"), post(run::named_in_path).get(sessions::open))
        .route(&account("/v1/chat/completions"), post(openai::chat_completions))
        .route(&account("/v1/embeddings"), post(openai::embeddings))
        .route(&account("/v1/responses"), post(responses::create))
        .route(&account("/v1/messages"), post(openai::messages))
        .route(&account("/v1/{*rest}"), any(no_such_method))
        .route(&account("/models/search"), get(lists::models))
        .route(&account("/models/schema"), get(lists::schema))
        .route(&account("/catalog/models"), get(lists::catalog))
        .route(&account("/authors/search"), get(lists::authors))
        .route(&account("/tasks/search"), get(lists::tasks))
        .route(&account("/finetunes"), get(finetunes::list).post(finetunes::create))
        .route(&account("/finetunes/public"), get(finetunes::list_public))
        .route(
            &account("/finetunes/{finetune}/finetune-assets"),
            post(finetunes::upload).layer(DefaultBodyLimit::max(caps::LARGEST_ADAPTER)),
        )
        .route(&account("/tomarkdown"), post(markdown::convert))
        .route(&account("/tomarkdown/supported"), get(markdown::supported))
        .route("/api/models", get(lists::feed))
        .route("/playground/cloudflare/accounts/{account}/ai/{*rest}", any(answering::for_page))
        .merge(binding::router())
        .merge(control::routes())
        .merge(playground::routes())
        .fallback(no_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(Arc::clone(&shared), visit::receive))
        .layer(DefaultBodyLimit::max(caps::LARGEST_BODY))
        .layer(from_fn(caps::by_length))
        .layer(from_fn_with_state(Arc::clone(&shared), gateway::by_header))
        .layer(from_fn_with_state(Arc::clone(&shared), auth::only_callers))
        .with_state(Arc::clone(&shared));
    // What changes the path must stand before the router that looks at it.
    Router::new()
        .fallback_service(routed)
        .layer(from_fn(proxied::as_meant))
        .layer(from_fn_with_state(shared, auth::only_local_pages))
}

async fn no_such_method(method: Method, _: Request) -> Response {
    Refusal::method_not_allowed(method.as_str()).respond()
}

async fn no_route() -> Response {
    Refusal::no_route().respond()
}
