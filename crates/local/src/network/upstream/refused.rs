//! What an upstream server refuses, in the service's own codes.

use axum::http::StatusCode;
use reqwest::{Response, Url};
use serde_json::Value;

use super::Upstream;
use crate::network::cloudflare::cause;
use crate::refusal::Refusal;

/// How much of its words is passed on.
const LONGEST: usize = 2000;

/// The refusal that a response is.
pub(super) async fn read(upstream: &Upstream, name: &str, response: Response) -> Refusal {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    let words = words(&text);
    let about = format!("the upstream server {} answered {}", upstream.base, status.as_u16());
    match status.as_u16() {
        429 if is_about_rates(&words) => Refusal::too_many_requests(),
        429 => Refusal::of_code(3040, ""),
        408 | 504 => Refusal::of_code(3046, ""),
        413 => Refusal::too_large(),
        401 | 403 => Refusal::failed(&format!("{about}: {words} (its token is set with --upstream-token)")),
        404 => Refusal::failed(&format!(
            "{about} for its model `{name}`: {words} (names are set with --upstream-model ID=NAME)"
        )),
        400 | 422 => Refusal::new(StatusCode::BAD_REQUEST, 8007, format!("AiError: AiError: {words}")),
        _ => Refusal::failed(&format!("{about}: {words}")),
    }
}

/// The refusal that an error in the middle of a stream is.
pub(super) fn in_stream(error: &Value) -> Refusal {
    let text = error.to_string();
    Refusal::failed(&format!("the upstream server broke off: {}", words(&text)))
}

/// The refusal that no response is.
pub(super) fn unreachable(base: &Url, error: &reqwest::Error) -> Refusal {
    if error.is_timeout() && !error.is_connect() {
        return Refusal::of_code(3046, "");
    }
    if error.is_connect() {
        return Refusal::failed(&format!("the upstream server {base} cannot be reached: {}", cause(error)));
    }
    Refusal::failed(&format!("the upstream server {base} broke off: {}", cause(error)))
}

/// What the server says, wherever in its body.
fn words(text: &str) -> String {
    let read: Value = serde_json::from_str(text).unwrap_or_default();
    let places = ["/error/message", "/errors/0/message", "/message", "/detail", "/error"];
    let found = places.iter().find_map(|place| read.pointer(place)?.as_str());
    let words = found.unwrap_or(text).trim();
    if words.is_empty() { "nothing more".to_owned() } else { words.chars().take(LONGEST).collect() }
}

fn is_about_rates(words: &str) -> bool {
    let words = words.to_lowercase();
    ["rate", "per min", "too many requests", "requests per"].iter().any(|sign| words.contains(sign))
}
