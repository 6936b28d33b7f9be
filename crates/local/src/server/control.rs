//! Sandboxes over HTTP, for tests that are not written in Rust.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, extract::rejection::JsonRejection};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::routes::Handle;
use crate::sandbox::{self, Fault, Limits, Recorded, holds, matches, written};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/sandboxes", get(list))
        .route("/sandboxes/{name}", get(show).delete(remove))
        .route("/sandboxes/{name}/requests", get(requests))
        .route("/sandboxes/{name}/verify", axum::routing::post(verify))
        .route("/sandboxes/{name}/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/sandboxes/{name}/clock", get(clock).post(set_clock))
        .route("/sandboxes/{name}/limits", get(limits).put(set_limits))
}

/// What a sandbox looks like from outside.
#[derive(Serialize)]
struct Shown {
    name: String,
    requests: u64,
    neurons: f64,
    neurons_today: f64,
    now: String,
    limits: LimitsShown,
    faults: Vec<Fault>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LimitsShown {
    per_minute: bool,
    neurons_per_day: Option<f64>,
}

impl From<Limits> for LimitsShown {
    fn from(limits: Limits) -> Self {
        Self { per_minute: limits.per_minute, neurons_per_day: limits.neurons_per_day }
    }
}

fn shown(name: String, state: &sandbox::State) -> Shown {
    let (neurons_today, neurons) = state.neurons();
    Shown {
        name,
        requests: state.journal.count(),
        neurons,
        neurons_today,
        now: written(state.clock.now()),
        limits: state.limits().into(),
        faults: state.faults(),
    }
}

async fn list(State(shared): State<Handle>) -> Response {
    Json(shared.sandboxes.names()).into_response()
}

async fn show(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    let state = shared.sandboxes.get(&name);
    Json(shown(name, &state)).into_response()
}

/// Forgets everything about a sandbox; the next call that names it finds a new one.
async fn remove(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    shared.sandboxes.remove(&name);
    StatusCode::NO_CONTENT.into_response()
}

/// The journal, with `model` only of the models that are like it.
async fn requests(
    State(shared): State<Handle>,
    Path(name): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let mut found = shared.sandboxes.get(&name).journal.read();
    if let Some((_, pattern)) = query.iter().find(|(name, _)| name == "model") {
        found.retain(|request| is_of(request, pattern));
    }
    Json(found).into_response()
}

fn is_of(request: &Recorded, pattern: &str) -> bool {
    request.model.as_ref().is_some_and(|model| matches(pattern, model))
}

/// What must have been asked.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Expected {
    model: Option<String>,
    path: Option<String>,
    /// A part of the body.
    body: Option<Value>,
    status: Option<u16>,
    /// How often; at least once unless said.
    times: Option<usize>,
}

/// Says whether a request was made: 200 where it was as often as it must be, 409 with what was asked instead.
async fn verify(
    State(shared): State<Handle>,
    Path(name): Path<String>,
    expected: Result<Json<Expected>, JsonRejection>,
) -> Response {
    let expected = match read(expected) {
        Ok(expected) => expected,
        Err(refused) => return *refused,
    };
    let all = shared.sandboxes.get(&name).journal.read();
    let is_meant = |request: &&Recorded| {
        expected.model.as_ref().is_none_or(|pattern| is_of(request, pattern))
            && expected.path.as_ref().is_none_or(|pattern| matches(pattern, &request.path))
            && expected.status.is_none_or(|status| request.status == status)
            && expected.body.as_ref().is_none_or(|part| holds(&request.body, part))
    };
    let count = all.iter().filter(is_meant).count();
    if expected.times.map_or(count > 0, |times| times == count) {
        return Json(json!({"matched": count})).into_response();
    }
    let wanted = expected.times.map_or_else(|| "at least one".to_owned(), |times| times.to_string());
    let reason = format!("{count} of {} requests are like that, {wanted} should be", all.len());
    (StatusCode::CONFLICT, Json(json!({"error": reason, "matched": count, "requests": all}))).into_response()
}

async fn faults(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    Json(shared.sandboxes.get(&name).faults()).into_response()
}

async fn add_fault(
    State(shared): State<Handle>,
    Path(name): Path<String>,
    fault: Result<Json<Fault>, JsonRejection>,
) -> Response {
    match read(fault) {
        Ok(fault) => {
            let state = shared.sandboxes.get(&name);
            state.add_fault(fault);
            (StatusCode::CREATED, Json(state.faults())).into_response()
        }
        Err(refused) => *refused,
    }
}

async fn clear_faults(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    shared.sandboxes.get(&name).clear_faults();
    StatusCode::NO_CONTENT.into_response()
}

async fn clock(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    shown_clock(&shared.sandboxes.get(&name))
}

fn shown_clock(state: &sandbox::State) -> Response {
    Json(json!({"now": written(state.clock.now())})).into_response()
}

/// Moves the clock: by seconds, or to a moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    /// Seconds that pass at once.
    advance: Option<f64>,
    /// RFC 3339.
    set: Option<String>,
    /// Whether time stands still from then on.
    #[serde(default)]
    frozen: bool,
}

async fn set_clock(
    State(shared): State<Handle>,
    Path(name): Path<String>,
    moved: Result<Json<Moved>, JsonRejection>,
) -> Response {
    let moved = match read(moved) {
        Ok(moved) => moved,
        Err(refused) => return *refused,
    };
    let state: Arc<sandbox::State> = shared.sandboxes.get(&name);
    let to: Result<Option<SystemTime>, _> = moved.set.as_deref().map(humantime::parse_rfc3339_weak).transpose();
    let by = moved.advance.map(Duration::try_from_secs_f64).transpose();
    match (to, by) {
        (Ok(to), Ok(by)) => {
            if let Some(moment) = to.or(moved.frozen.then(|| state.clock.now())) {
                state.clock.set(moment, moved.frozen);
            }
            state.clock.advance(by.unwrap_or_default());
            shown_clock(&state)
        }
        (Err(error), _) => refused(&format!("`set` is no moment such as 2026-11-25T12:00:00Z: {error}")),
        (_, Err(error)) => refused(&format!("`advance` is no number of seconds: {error}")),
    }
}

async fn limits(State(shared): State<Handle>, Path(name): Path<String>) -> Response {
    Json(LimitsShown::from(shared.sandboxes.get(&name).limits())).into_response()
}

async fn set_limits(
    State(shared): State<Handle>,
    Path(name): Path<String>,
    limits: Result<Json<LimitsShown>, JsonRejection>,
) -> Response {
    match read(limits) {
        Ok(LimitsShown { per_minute, neurons_per_day }) => {
            shared.sandboxes.get(&name).set_limits(Limits { per_minute, neurons_per_day });
            StatusCode::NO_CONTENT.into_response()
        }
        Err(refused) => *refused,
    }
}

/// The body, or what is wrong with it.
fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Box<Response>> {
    body.map(|Json(value)| value).map_err(|rejection| Box::new(refused(&rejection.body_text())))
}

fn refused(reason: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": reason}))).into_response()
}
