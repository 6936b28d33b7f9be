//! Sessions that a page opens: a browser sends no headers with a WebSocket, so the token comes as a subprotocol.

use axum::Extension;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::server::respond::Respond as _;
use crate::server::routes::Handle;
use crate::server::{Visit, auth, sessions};

/// What the page and the server agree on; the other subprotocol is only the token.
const PROTOCOL: &str = "workers-ai";
/// Comes before the token, which is written in hexadecimal digits because a subprotocol may hold few characters.
const BEARER: &str = "bearer.";

/// `GET /playground/sessions/{model}` as the start of a WebSocket.
pub(super) async fn open(
    State(shared): State<Handle>,
    path: Path<Vec<(String, String)>>,
    query: Query<Vec<(String, String)>>,
    visit: Extension<Visit>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Err(refusal) = auth::check_token(&with_authorization(&headers), shared.token.as_deref()) {
        return refusal.respond();
    }
    let upgrade = upgrade.map(|upgrade| upgrade.protocols([PROTOCOL]));
    sessions::open(State(shared), path, query, visit, upgrade).await
}

/// The token of the subprotocols, where it usually stands.
fn with_authorization(headers: &HeaderMap) -> HeaderMap {
    let mut usual = HeaderMap::new();
    let protocols = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let token = protocols
        .and_then(|protocols| protocols.split(',').find_map(|protocol| protocol.trim().strip_prefix(BEARER)))
        .and_then(from_hex);
    if let Some(Ok(mut value)) = token.map(|token| HeaderValue::from_str(&format!("Bearer {token}"))) {
        value.set_sensitive(true);
        usual.insert(header::AUTHORIZATION, value);
    }
    usual
}

fn from_hex(digits: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = (0..digits.len())
        .step_by(2)
        .map(|start| u8::from_str_radix(digits.get(start..start.saturating_add(2))?, 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_text_again() {
        assert_eq!(from_hex("6c6f63616c").as_deref(), Some("local"));
        for wrong in ["6", "6g", "ff", "é1"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }
}
