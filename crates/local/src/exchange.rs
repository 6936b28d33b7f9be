//! Whole exchanges: a request as it came, and a response that is passed on as it is.

use std::pin::Pin;

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use bytes::Bytes;

use crate::refusal::Refusal;

/// A request of the account's API as it came.
#[cfg_attr(not(feature = "network"), expect(dead_code, reason = "nobody else forwards"))]
pub(crate) struct Exchange {
    pub(crate) method: Method,
    /// The account of the path.
    pub(crate) account: String,
    /// Path below the account, `/ai/…`, as it was encoded.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the account and the token must be the caller's own, whatever this server has.
    pub(crate) by_caller: bool,
}

/// What a forwarder has of its own and nobody else is to see.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    pub(crate) account: Option<String>,
    pub(crate) token: Option<String>,
}

/// Answers whole exchanges.
pub(crate) trait Forward: Send + Sync + 'static {
    /// What takes the place of the caller's account and token.
    fn secrets(&self) -> Secrets;

    /// Passes a request on, and its answer back.
    fn forward(&self, exchange: Exchange) -> Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send + '_>>;
}
