//! Opens sessions over WebSocket, or says why not.

use std::sync::Arc;

use axum::Extension;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run::find;
use super::visit::Visit;
use crate::catalog::Model;
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
    Extension(visit): Extension<Visit>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else { return Refusal::method_not_allowed("GET").respond() };
    let id = path.into_iter().find(|(name, _)| name == "model").map(|(_, id)| id).unwrap_or_default();
    let started = find(&shared, &id).and_then(|model| start(&shared, visit, model, &query, upgrade));
    started.unwrap_or_else(|refusal| refusal.respond())
}

/// Starts a session with these parameters.
pub(super) fn start(
    shared: &Handle,
    visit: Visit,
    model: Arc<Model>,
    parameters: &[(String, String)],
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    visit.admit(&model)?;
    let parameters = Input::for_session(&model, parameters)?;
    let session = Session { shared: Arc::clone(shared), visit, model, parameters };
    let mut response = upgrade.max_message_size(LONGEST).on_upgrade(|socket| session.hold(socket));
    respond::mark(&mut response);
    Ok(response)
}
