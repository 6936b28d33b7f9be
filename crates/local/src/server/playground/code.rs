//! A request of the page as a program in Rust.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_codegen::program;

use crate::server::routes::Handle;

/// What the page wants to see as code.
#[derive(Deserialize)]
pub(super) struct Wanted {
    model: String,
    input: Value,
    #[serde(default)]
    stream: bool,
}

/// `POST /playground/rust`: a program with the typed call, or the reason why there is none.
pub(super) async fn rust(State(shared): State<Handle>, wanted: Result<Json<Wanted>, JsonRejection>) -> Response {
    let Json(wanted) = match wanted {
        Ok(wanted) => wanted,
        Err(rejection) => return refused(rejection.status(), &rejection.body_text()),
    };
    let written = move || {
        let modality = shared.catalog().modality_of(&wanted.model)?;
        let input = without_files(wanted.input);
        program(&modality, &wanted.model, &input, wanted.stream).map_err(|problems| problems.to_string())
    };
    // All models of a modality are read for it, since they share their types.
    match tokio::task::spawn_blocking(written).await {
        Ok(Ok(code)) => Json(json!({"code": code})).into_response(),
        Ok(Err(reason)) => refused(StatusCode::UNPROCESSABLE_ENTITY, &reason),
        Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn refused(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({"error": reason}))).into_response()
}

/// A file stands in the page's input as `{"$file": name}`; the program reads one, whatever stands there.
fn without_files(value: Value) -> Value {
    match value {
        Value::Object(mut members) => match members.remove("$file") {
            Some(Value::String(name)) => {
                Value::from(Path::new(&name).file_name().map(|name| name.to_string_lossy()).unwrap_or_default())
            }
            _ => members.into_iter().map(|(name, value)| (name, without_files(value))).collect(),
        },
        Value::Array(items) => items.into_iter().map(without_files).collect(),
        other => other,
    }
}
