//! Calls of models: reads the request, has it answered, writes the reply.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::header;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::options::Options;
use super::respond::{self, Respond as _, Shape, insert};
use super::routes::Handle;
use super::{Retired, Shared, gateway};
use crate::answer::{Answer, Question, Reply};
use crate::batch::{LARGEST_BATCH, Standing};
use crate::catalog::Model;
use crate::dialect::{Style, Writing, usage_json};
use crate::dice::unlike_before;
use crate::input::{Input, Part};
use crate::neurons::{neurons, written};
use crate::refusal::Refusal;
use crate::stream;

type Parameters = Query<Vec<(String, String)>>;

/// `POST /ai/run/{model}`.
pub(super) async fn named_in_path(
    State(shared): State<Handle>,
    Path(path): Path<Vec<(String, String)>>,
    Query(query): Parameters,
    request: Request,
) -> Response {
    let id = path.into_iter().find(|(name, _)| name == "model").map(|(_, id)| id).unwrap_or_default();
    let answered = async {
        let model = find(&shared, &id)?;
        if query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
            return queue(&shared, &model, batch_body(request).await?, Shape::Enveloped).await;
        }
        let input = read(&model, &query, request).await?;
        run(&shared, &model, input, Shape::Enveloped).await
    };
    answered.await.unwrap_or_else(|refusal| refusal.respond())
}

/// `POST /ai/run` with `{model, input}`.
pub(super) async fn named_in_body(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let mut body = json_body(whole_body(request).await?)?;
        let (Some(id), Some(input)) =
            (body.get("model").and_then(Value::as_str).map(str::to_owned), body.get_mut("input").map(Value::take))
        else {
            return Err(Refusal::bad_input("required properties at '/' are 'model,input'"));
        };
        let options = Options::read(body.get_mut("options").map(Value::take))?;
        options.check(&shared)?;
        let model = find(&shared, &id)?;
        let input = Input::from_json(&model, input)?;
        let mut response = run(&shared, &model, input, Shape::Enveloped).await?;
        if options.gateway_id().is_some() {
            gateway::mark(&mut response);
        }
        Ok(response)
    };
    answered.await.unwrap_or_else(|refusal| refusal.respond())
}

/// The model with this id, if it is served.
pub(super) fn find(shared: &Shared, id: &str) -> Result<Arc<Model>, Refusal> {
    let model = shared.catalog.get(id).ok_or_else(|| Refusal::no_such_model(id))?;
    match &model.facts().lifecycle.gone_by {
        Some(date) if shared.retired == Retired::Gone => Err(Refusal::retired(id, date)),
        _ => Ok(Arc::clone(model)),
    }
}

/// Reads a request by its content type, and by what the model takes where that says nothing.
async fn read(model: &Model, query: &[(String, String)], request: Request) -> Result<Input, Refusal> {
    let content_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.to_ascii_lowercase();
    if content_type.starts_with("multipart/form-data") {
        return Input::from_parts(model, Map::new(), parts(request).await?);
    }
    let body = whole_body(request).await?;
    let is_json = content_type.starts_with("application/json");
    // curl sends JSON as a form unless told otherwise, and the service takes it.
    let looks_like_json = || {
        body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
            && serde_json::from_slice::<Value>(&body).is_ok()
    };
    if is_json || looks_like_json() {
        return Input::from_json(model, without_options(model, json_body(body)?)?);
    }
    if ["audio/", "image/", "video/", "application/octet-stream"].iter().any(|kind| content_type.starts_with(kind))
        || takes_raw(model)
    {
        return Input::from_raw(model, query, body);
    }
    Input::from_json(model, json_body(body)?)
}

/// Options such as `rejectIfBusy` may stand beside the input itself, whose schema does not know them.
fn without_options(model: &Model, mut body: Value) -> Result<Value, Refusal> {
    let is_input = model.forms().any(|(_, form)| form.schema.pointer("/properties/options").is_some());
    if let (Some(fields), false) = (body.as_object_mut(), is_input) {
        Options::read(fields.remove("options"))?.check_tags()?;
    }
    Ok(body)
}

fn takes_raw(model: &Model) -> bool {
    use workers_ai_codegen::Transport::{Raw, RawWithQuery};
    model.forms().any(|(_, form)| matches!(form.transport, Raw(_) | RawWithQuery(_)))
}

pub(super) async fn whole_body(request: Request) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, &()).await.map_err(|_| Refusal::too_large())
}

pub(super) fn json_body(body: Bytes) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Err(Refusal::incomplete("body"));
    }
    serde_json::from_slice(&body).map_err(|error| Refusal::bad_input(&format!("the body is not JSON: {error}")))
}

pub(super) async fn parts(request: Request) -> Result<Vec<Part>, Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::bad_input(&format!("the multipart body is broken: {error}"));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| broken(&error.body_text()))?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let kind = field.content_type().unwrap_or("text/plain");
        let is_file = field.file_name().is_some() || !kind.starts_with("text/");
        let bytes = field.bytes().await.map_err(|error| broken(&error.body_text()))?;
        parts.push(Part { name, is_file, bytes });
    }
    Ok(parts)
}

async fn ask(shared: &Shared, model: &Arc<Model>, input: Input, style: Style) -> Result<Reply, Refusal> {
    fits_context_window(model, &input)?;
    shared.finetunes.check(model, &input)?;
    shared.answerer.answer(Question { model: Arc::clone(model), input, style }).await
}

/// Counted before inference, at four characters a token.
fn fits_context_window(model: &Model, input: &Input) -> Result<(), Refusal> {
    let Some(limit) = model.facts().number("context_window").filter(|_| model.modality() == "text-generation") else {
        return Ok(());
    };
    let asked = input.integer("max_tokens").or_else(|| input.integer("max_completion_tokens")).unwrap_or_default();
    let tokens = crate::synthetic::prompt_tokens(&input.fields).saturating_add(asked);
    if tokens > limit { Err(Refusal::context_window(tokens, limit)) } else { Ok(()) }
}

/// Answers one request in the model's own dialect.
pub(super) async fn run(shared: &Shared, model: &Arc<Model>, input: Input, shape: Shape) -> Result<Response, Refusal> {
    let style = Style::of(model, &input.fields);
    let stream = model.canonical().map_or(input.stream == Some(true), |canonical| {
        canonical.reply.stream.as_ref().is_some_and(|stream| input.stream.unwrap_or(stream.default))
    });
    let dice = input.dice(model.id(), 1);
    let reply = ask(shared, model, input, style).await?;
    let usage = reply.usage;
    let mut response = match &reply.answer {
        Answer::Bytes { content_type, bytes } => respond::with_type(content_type, Body::from(bytes.clone())),
        Answer::Turn(turn) => {
            let writing = Writing { model, style, turn, usage: &usage, dice };
            if stream { events(&writing.events(true)) } else { shape.json(&writing.result()) }
        }
        Answer::Json(result) if stream => {
            let id = dice.clone().hex(26);
            events(&stream::cumulative(&id, result, &usage_json(model, &usage)))
        }
        Answer::Json(result) => shape.json(result),
    };
    mark(&mut response, model, &reply);
    Ok(response)
}

pub(super) fn events(events: &[Value]) -> Response {
    respond::with_type("text/event-stream", stream::body(events))
}

/// Adds the headers that tell of the model and of what the answer cost.
pub(super) fn mark(response: &mut Response, model: &Model, reply: &Reply) {
    respond::mark(response);
    let headers = response.headers_mut();
    insert(headers, respond::FIDELITY, &reply.fidelity.to_string());
    if let Some(neurons) = neurons(model.facts(), &reply.usage) {
        insert(headers, respond::NEURONS, &written(neurons).to_string());
    }
    if let Some(date) = &model.facts().lifecycle.gone_by {
        insert(headers, respond::RETIRED, date);
    }
}

/// Answers one request as an API of bare objects would, without the native trailer.
pub(super) async fn run_bare(
    shared: &Shared,
    model: &Arc<Model>,
    input: Input,
    style: Style,
) -> Result<Response, Refusal> {
    let stream = input.stream == Some(true);
    let dice = input.dice(model.id(), 1);
    let reply = ask(shared, model, input, style).await?;
    let usage = reply.usage;
    let mut response = match &reply.answer {
        Answer::Turn(turn) => {
            let writing = Writing { model, style, turn, usage: &usage, dice };
            if stream { events(&writing.events(false)) } else { respond::bare(&writing.result()) }
        }
        Answer::Json(result) => respond::bare(result),
        Answer::Bytes { content_type, bytes } => respond::with_type(content_type, Body::from(bytes.clone())),
    };
    mark(&mut response, model, &reply);
    Ok(response)
}

async fn batch_body(request: Request) -> Result<Value, Refusal> {
    let body = whole_body(request).await?;
    if body.len() > LARGEST_BATCH { Err(Refusal::too_large()) } else { json_body(body) }
}

/// Takes a batch, or tells how one stands.
pub(super) async fn queue(
    shared: &Shared,
    model: &Arc<Model>,
    mut body: Value,
    shape: Shape,
) -> Result<Response, Refusal> {
    if !model.facts().flag("async_queue") {
        return Err(Refusal::cannot_queue());
    }
    if let Some(request_id) = body.get("request_id").and_then(Value::as_str) {
        return match shared.queue.look(request_id, model.id()) {
            Standing::Unknown => Err(Refusal::no_such_batch(request_id)),
            Standing::Running => {
                Ok(shape.json(&json!({"status": "running", "request_id": request_id, "model": model.id()})))
            }
            Standing::Done(result) => Ok(shape.json(&result)),
        };
    }
    let Some(Value::Array(items)) = body.get_mut("requests").map(Value::take) else {
        return Err(Refusal::bad_input("required properties at '/' are 'requests'"));
    };
    let mut read = Vec::new();
    for mut item in items {
        let reference = item.as_object_mut().and_then(|item| item.remove("external_reference"));
        read.push((reference, Input::from_json(model, item)?));
    }
    let mut responses = Vec::new();
    let mut total = crate::answer::Usage::default();
    for (index, (reference, input)) in read.into_iter().enumerate() {
        let style = Style::of(model, &input.fields);
        let dice = input.dice(model.id(), 1);
        let mut response = match ask(shared, model, input, style).await {
            Ok(reply) => {
                total.input_tokens = total.input_tokens.saturating_add(reply.usage.input_tokens);
                total.output_tokens = total.output_tokens.saturating_add(reply.usage.output_tokens);
                json!({"id": index, "result": queued_result(model, &reply, style, dice), "success": true})
            }
            Err(refusal) => json!({"id": index, "error": refusal.message(), "success": false}),
        };
        if let (Some(response), Some(reference)) = (response.as_object_mut(), reference) {
            response.insert("external_reference".to_owned(), reference);
        }
        responses.push(response);
    }
    let request_id = unlike_before().uuid();
    shared.queue.put(&request_id, model.id(), json!({"responses": responses, "usage": usage_json(model, &total)}));
    Ok(shape.json(&json!({"status": "queued", "request_id": request_id, "model": model.id()})))
}

fn queued_result(model: &Model, reply: &Reply, style: Style, dice: crate::dice::Dice) -> Value {
    use base64::Engine as _;
    match &reply.answer {
        Answer::Json(result) => result.clone(),
        Answer::Turn(turn) => Writing { model, style, turn, usage: &reply.usage, dice }.result(),
        Answer::Bytes { bytes, .. } => Value::from(base64::prelude::BASE64_STANDARD.encode(bytes)),
    }
}
