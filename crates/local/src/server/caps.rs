//! How much of a request is read, and that one which says it is longer is not read at all.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use super::respond::Respond as _;
use crate::refusal::Refusal;

/// The service does not say how much it takes; this is more than any of its models reads.
pub(super) const LARGEST_BODY: usize = 100 * 1024 * 1024;

/// The service takes adapters of up to 300 MB.
pub(super) const LARGEST_ADAPTER: usize = 310_000_000;

/// The end of the one path that takes more than the others.
pub(super) const ADAPTERS: &str = "/finetune-assets";

/// Refuses a request by the length that it says it has. Otherwise nobody would answer before so much had come.
pub(super) async fn by_length(request: Request, next: Next) -> Response {
    let most = if request.uri().path().ends_with(ADAPTERS) { LARGEST_ADAPTER } else { LARGEST_BODY };
    if request.body().size_hint().lower() > most as u64 {
        Refusal::too_large().respond()
    } else {
        next.run(request).await
    }
}
