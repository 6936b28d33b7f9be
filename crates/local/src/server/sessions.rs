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
use crate::answer::Fidelity;
use crate::answering::Source;
use crate::catalog::Model;
use crate::input::Input;
use crate::realtime::Session;
use crate::refusal::Refusal;

/// The longest message that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// So many sessions can be open at a time.
pub(super) const MOST: usize = 256;

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
    let fidelity = fidelity(shared, &visit, &model)?;
    let parameters = Input::for_session(&model, parameters)?;
    // Given back when the session is over.
    let place = Arc::clone(&shared.sessions).try_acquire_owned().map_err(|_| Refusal::of_code(3040, model.id()))?;
    let marked = visit.clone();
    let session = Session { shared: Arc::clone(shared), visit, model, parameters };
    let mut response = upgrade.max_message_size(LONGEST).on_upgrade(|socket| async move {
        session.hold(socket).await;
        drop(place);
    });
    respond::mark(&mut response);
    if let Some(fidelity) = fidelity {
        marked.answered(fidelity);
        respond::insert(response.headers_mut(), respond::FIDELITY, &fidelity.to_string());
    }
    Ok(response)
}

/// How near a session is to the real thing. What is heard is always made up; only what is spoken may be of a model that
/// runs here, which is known when it speaks.
fn fidelity(shared: &Handle, visit: &Visit, model: &Model) -> Result<Option<Fidelity>, Refusal> {
    match visit.source {
        Source::Synthetic => {
            shared.sources.check(model.id(), Fidelity::Synthetic)?;
            Ok(Some(Fidelity::Synthetic))
        }
        Source::Real if model.modality() == "text-to-speech" => Ok(None),
        source => Err(Refusal::source_cannot(source, "sessions over WebSocket", model.id())),
    }
}
