//! The AI binding's private protocol: what `env.AI` of a Worker says to the service. Results travel without an envelope.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use serde_json::{Map, Value};

use super::options::Options;
use super::respond::{self, Respond as _, Shape};
use super::routes::Handle;
use super::visit::Visit;
use super::{Shared, gateway, lists, markdown, run, sessions};
use crate::batch::LARGEST_BATCH;
use crate::catalog::Model;
use crate::input::Input;
use crate::refusal::Refusal;

/// The host that the binding believes to call. It is made up: nothing but the runtime's own wiring leads there.
pub(super) const HOST: &str = "workers-binding.ai";

type Parameters = Query<Vec<(String, String)>>;

/// The binding's paths.
pub(super) fn router() -> Router<Handle> {
    Router::new()
        .route("/run", post(call).get(open))
        .route("/ai-gateway/run", post(call).get(open))
        .route("/ai-gateway/{*rest}", any(no_gateway))
        .route("/ai-api/models/search", get(lists::models))
        .route("/ai-api/{*rest}", any(no_such_call))
        .route("/to-everything/markdown/transformer", post(markdown::convert_encoded))
        .route("/to-everything/markdown/supported", get(markdown::supported))
        .route("/to-everything/{*rest}", any(no_such_call))
}

/// Whether a path is one of the binding's.
pub(super) fn serves(path: &str) -> bool {
    path == "/run" || ["/ai-gateway/", "/ai-api/", "/to-everything/"].iter().any(|prefix| path.starts_with(prefix))
}

/// `POST /run`: one call, a batch or its ticket.
async fn call(State(shared): State<Handle>, Query(query): Parameters, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let model = run::find(&shared, model_named(request.headers())?)?;
        visit.admit(&model)?;
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        let Some(beside) = parameter(&query, "userInputs") else {
            let body = run::whole_body(request).await?;
            return answer_json(&shared, &visit, &model, &body).await;
        };
        // An input that is a stream is the body itself; its name is lost on the way, the others are in the query.
        let options = Options::from_query(&query)?;
        if options.queue_request {
            return Err(Refusal::cannot_queue());
        }
        let fields = match serde_json::from_str::<Value>(beside) {
            Ok(Value::Object(fields)) => fields,
            _ => return Err(Refusal::bad_input("userInputs is no JSON object")),
        };
        let input = if content_type.starts_with("multipart/form-data") {
            Input::from_parts(&model, fields, run::parts(request).await?)?
        } else {
            Input::from_raw_beside(&model, fields, run::whole_body(request).await?)?
        };
        run::run(&shared, &visit, &model, input, Shape::Bare).await
    };
    answered.await.unwrap_or_else(|refusal| respond::refused_call(&refusal))
}

async fn answer_json(shared: &Shared, visit: &Visit, model: &Arc<Model>, body: &Bytes) -> Result<Response, Refusal> {
    let Called { inputs, options } = Called::read(body)?;
    options.check(shared)?;
    let mut response = if options.queue_request {
        if body.len() > LARGEST_BATCH {
            return Err(Refusal::too_large());
        }
        run::queue(shared, visit, model, inputs, Shape::Bare).await?
    } else {
        run::run(shared, visit, model, Input::from_json(model, inputs)?, Shape::Bare).await?
    };
    if options.gateway_id().is_some() {
        gateway::mark(&mut response);
    }
    Ok(response)
}

/// `GET /run` with an upgrade: a session. What would be the body of a call is in the query.
async fn open(
    State(shared): State<Handle>,
    Query(query): Parameters,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else { return Refusal::method_not_allowed("GET").respond() };
    let opened = || {
        let model = run::find(&shared, model_named(&headers)?)?;
        let Called { inputs, options } = Called::read(parameter(&query, "body").unwrap_or("{}").as_bytes())?;
        options.check(&shared)?;
        let Value::Object(inputs) = inputs else { return Err(Refusal::bad_input("the inputs are no JSON object")) };
        Ok((model, inputs.into_iter().map(|(name, value)| (name, as_text(value))).collect::<Vec<_>>()))
    };
    match opened().and_then(|(model, parameters)| sessions::start(&shared, visit, model, &parameters, upgrade)) {
        Ok(response) => response,
        Err(refusal) => respond::refused_call(&refusal),
    }
}

/// A call's inputs and options.
struct Called {
    inputs: Value,
    options: Options,
}

impl Called {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad_input(&format!("the body is not JSON: {error}")))?;
        let Value::Object(mut body) = body else { return Err(Refusal::bad_input("the body is no JSON object")) };
        let inputs = body.remove("inputs").unwrap_or_else(|| Value::Object(Map::new()));
        Ok(Self { inputs, options: Options::read(body.remove("options"))? })
    }
}

/// The model that is called; a prefix before a colon is for the service itself.
pub(super) fn model_named(headers: &HeaderMap) -> Result<&str, Refusal> {
    let id = headers.get("cf-consn-model-id").and_then(|id| id.to_str().ok());
    let id = id.and_then(|id| id.rsplit(':').next()).filter(|id| !id.is_empty());
    id.ok_or_else(|| Refusal::incomplete("cf-consn-model-id"))
}

fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

/// As the value would stand in a query.
fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

async fn no_gateway() -> Response {
    Refusal::not_served("the gateway's own methods: this server passes calls through a gateway but keeps no logs of it")
        .respond()
}

async fn no_such_call() -> Response {
    Refusal::no_route().respond()
}
