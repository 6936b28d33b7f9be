//! Opens sessions over WebSocket, or says why not.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run::find;
use crate::input::Input;
use crate::realtime::Session;
use crate::refusal::Refusal;

/// The longest message that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// `GET /ai/run/{model}` as the start of a WebSocket.
pub(super) async fn open(
    State(shared): State<Handle>,
    Path(path): Path<Vec<(String, String)>>,
    Query(query): Query<Vec<(String, String)>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else { return Refusal::method_not_allowed("GET").respond() };
    let id = path.into_iter().find(|(name, _)| name == "model").map(|(_, id)| id).unwrap_or_default();
    let session = find(&shared, &id).and_then(|model| {
        let parameters = Input::for_session(&model, &query)?;
        Ok(Session { shared: Arc::clone(&shared), model, parameters })
    });
    match session {
        Ok(session) => {
            let mut response = upgrade.max_message_size(LONGEST).on_upgrade(|socket| session.hold(socket));
            respond::mark(&mut response);
            response
        }
        Err(refusal) => refusal.respond(),
    }
}
