//! Calls that pass through an AI Gateway: which gateways there are, and the headers that tell of the passage.

use axum::extract::{Request, State};
use axum::http::HeaderName;
use axum::middleware::Next;
use axum::response::Response;

use super::Shared;
use super::respond::{self, Respond as _};
use super::routes::Handle;
use crate::dice::unlike_before;
use crate::refusal::Refusal;

pub(super) const GATEWAY: HeaderName = HeaderName::from_static("cf-aig-gateway-id");
const LOG: HeaderName = HeaderName::from_static("cf-aig-log-id");
const CACHE: HeaderName = HeaderName::from_static("cf-aig-cache-status");

/// Every account has this one without making it.
const DEFAULT: &str = "default";

/// Passes calls on that name a gateway in a header, and refuses those that name one which is not there.
pub(super) async fn by_header(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    let named = request.headers().get(GATEWAY).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let Some(id) = named else { return next.run(request).await };
    if let Err(refusal) = check(&shared, &id) {
        return refusal.respond();
    }
    let mut response = next.run(request).await;
    mark(&mut response);
    response
}

/// Refuses a gateway that is not there. Where none was set every name is taken, as every token is.
pub(super) fn check(shared: &Shared, id: &str) -> Result<(), Refusal> {
    let is_there = shared.gateways.is_empty() || id == DEFAULT || shared.gateways.iter().any(|known| known == id);
    if is_there { Ok(()) } else { Err(Refusal::no_such_gateway(id)) }
}

/// Adds what a gateway says of a call. Nothing is ever cached here, so each one is a miss. An answer
/// that comes from elsewhere may say it already.
pub(super) fn mark(response: &mut Response) {
    let headers = response.headers_mut();
    if !headers.contains_key(LOG) {
        respond::insert(headers, LOG, &unlike_before().hex(26).to_uppercase());
        respond::insert(headers, CACHE, "MISS");
    }
}
