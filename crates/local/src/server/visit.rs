//! What happens around every call: its sandbox, its entry in the journal, and what goes wrong with it on purpose.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;

use super::disturb::disturb;
use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::{answering, binding, caps, playground};
use crate::answer::{Fidelity, Usage};
use crate::answering::Source;
use crate::catalog::Model;
use crate::neurons::neurons;
use crate::refusal::Refusal;
use crate::sandbox::{self, DEFAULT, Entry, Fault};

/// Names the sandbox of a call.
pub(super) const SANDBOX: HeaderName = HeaderName::from_static("x-workers-ai-sandbox");
/// Says what goes wrong with a call.
const FAULT: HeaderName = HeaderName::from_static("x-workers-ai-fault");

/// Tokens that begin so name a sandbox too.
const PREFIX: &str = "sandbox-";

/// One call in its sandbox; handlers find it among the request's extensions.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) sandbox: Arc<sandbox::State>,
    /// Who is to answer.
    pub(crate) source: Source,
    entry: Entry,
}

impl Visit {
    /// The visit that the middleware made.
    pub(crate) fn of(request: &Request) -> Result<Self, Refusal> {
        let visit = request.extensions().get::<Self>().cloned();
        visit.ok_or_else(|| Refusal::failed("the call came past the sandbox"))
    }

    /// Lets the call through to a model, or says which limit it meets.
    pub(crate) fn admit(&self, model: &Model) -> Result<(), Refusal> {
        self.entry.change(|entry| entry.model = Some(model.id().to_owned()));
        self.sandbox.admit(model)
    }

    /// Counts what the call used.
    pub(crate) fn charge(&self, model: &Model, usage: &Usage) {
        if let Some(neurons) = neurons(model.facts(), usage) {
            self.charge_neurons(neurons);
        }
    }

    /// Counts neurons that somebody else has counted.
    pub(super) fn charge_neurons(&self, neurons: f64) {
        self.sandbox.charge(neurons);
        self.entry.change(|entry| entry.neurons = Some(entry.neurons.unwrap_or_default() + neurons));
    }

    /// The model that the call names.
    pub(super) fn model(&self) -> Option<String> {
        let mut model = None;
        self.entry.change(|entry| model.clone_from(&entry.model));
        model
    }

    /// Notes how near the answer is to the real model's.
    pub(crate) fn answered(&self, fidelity: Fidelity) {
        self.entry.change(|entry| entry.fidelity = Some(fidelity.to_string()));
    }
}

/// Opens an entry, lets happen what is to go wrong, and closes the entry.
pub(super) async fn receive(State(shared): State<Handle>, request: Request, next: Next) -> Response {
    if !is_call(request.uri().path()) {
        return next.run(request).await;
    }
    let began = Instant::now();
    let sandbox = shared.sandboxes.get(&name(request.headers()));
    let of_call = match request.headers().get(FAULT).map(|value| value.to_str().map(str::parse::<Fault>)) {
        None => None,
        Some(Ok(Ok(fault))) => Some(fault),
        Some(Ok(Err(reason))) => return Refusal::bad_input(&format!("the header {FAULT}: {reason}")).respond(),
        Some(Err(_)) => return Refusal::bad_input(&format!("the header {FAULT} is not text")).respond(),
    };
    let (request, body) = match keep_body(request).await {
        Ok(kept) => kept,
        Err(refusal) => return refusal.respond(),
    };
    let at = sandbox::written(sandbox.clock.now());
    let model = model_of(request.uri().path(), request.headers(), &body);
    let entry = sandbox.journal.open(at, request.method().as_str(), request.uri(), request.headers(), &body);
    if let Some(model) = &model {
        entry.change(|recorded| recorded.model = Some(model.clone()));
    }
    let fault = sandbox.strike(model.as_deref().unwrap_or_default(), of_call);
    wait(&sandbox, fault.latency_ms, &fault).await;
    let named = model.as_deref().unwrap_or_default();
    let response = match (fault.error, shared.sources.choose(request.headers(), named)) {
        (Some(code), _) => refused(code, &fault, named),
        (None, Err(refusal)) => answering::refused_at(request.uri(), &refusal),
        (None, Ok(source)) => {
            let visit = Visit { sandbox: Arc::clone(&sandbox), source, entry: entry.clone() };
            answering::answer(&shared, visit, request, next).await
        }
    };
    entry.change(|recorded| {
        recorded.status = response.status().as_u16();
        recorded.code = response.extensions().get::<respond::Refused>().map(|refused| refused.0);
        recorded.stream = is_stream(response.headers());
        recorded.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    });
    disturb(response, fault, sandbox)
}

/// Only what Workers AI answers is a call; the server's own paths are not.
fn is_call(path: &str) -> bool {
    ["/client/v4/accounts/", playground::SESSIONS].iter().any(|prefix| path.starts_with(prefix))
        || binding::serves(path)
}

pub(super) fn is_stream(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// The sandbox that a call names, by its header or by its token.
fn name(headers: &HeaderMap) -> String {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let token = text(header::AUTHORIZATION).and_then(|value| value.split_once(' ')).map(|(_, token)| token.trim());
    let named = text(SANDBOX).or(token.filter(|token| token.starts_with(PREFIX)));
    named.filter(|name| !name.is_empty()).unwrap_or(DEFAULT).to_owned()
}

/// Reads the body for the journal and puts it back. Adapters are too long for that.
async fn keep_body(mut request: Request) -> Result<(Request, Bytes), Refusal> {
    if request.uri().path().ends_with(caps::ADAPTERS) {
        return Ok((request, Bytes::new()));
    }
    let mut reading = Request::new(std::mem::replace(request.body_mut(), Body::empty()));
    // The limit on bodies travels with the request.
    *reading.extensions_mut() = request.extensions().clone();
    let bytes = Bytes::from_request(reading, &()).await.map_err(|_| Refusal::too_large())?;
    *request.body_mut() = Body::from(bytes.clone());
    Ok((request, bytes))
}

/// What a body says of the model, where nothing else does.
#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow)]
    model: Cow<'a, str>,
}

/// The model that a path, a header or a body names, whether there is one or not.
fn model_of(path: &str, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if let Ok(id) = binding::model_named(headers) {
        return Some(id.to_owned());
    }
    let in_path = ["/ai/run/", playground::SESSIONS].iter().find_map(|before| path.split_once(before));
    let in_path = in_path.map(|(_, id)| id.trim_end_matches('/'));
    let in_path = in_path.and_then(|id| percent_encoding::percent_decode_str(id).decode_utf8().ok());
    in_path.map(Cow::into_owned).or_else(|| Some(serde_json::from_slice::<Names<'_>>(body).ok()?.model.into_owned()))
}

async fn wait(sandbox: &sandbox::State, milliseconds: u64, fault: &Fault) {
    if milliseconds > 0 {
        let wait = milliseconds.saturating_add(sandbox.jitter(fault.jitter_ms));
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

fn refused(code: u32, fault: &Fault, model: &str) -> Response {
    let mut response = Refusal::of_code(code, model).respond();
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
