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
use super::visit::Visit;
use super::{Retired, Shared, gateway};
use crate::answer::{Answer, Fidelity, Question, Reply, Usage};
use crate::batch::{LARGEST_BATCH, Standing};
use crate::catalog::Model;
use crate::dialect::{Style, Writer, property, usage_json};
use crate::dice::{Dice, unlike_before};
use crate::input::{Input, Part};
use crate::neurons::{neurons, written};
use crate::refusal::Refusal;
use crate::stream;

type Parameters = Query<Vec<(String, String)>>;

/// The parts that a form may have. A part of a few bytes takes many more once it is read.
pub(super) const MOST_PARTS: usize = 1000;

/// `POST /ai/run/{model}`.
pub(super) async fn named_in_path(
    State(shared): State<Handle>,
    Path(path): Path<Vec<(String, String)>>,
    Query(query): Parameters,
    request: Request,
) -> Response {
    let id = path.into_iter().find(|(name, _)| name == "model").map(|(_, id)| id).unwrap_or_default();
    let answered = async {
        let visit = Visit::of(&request)?;
        let model = find(&shared, &id)?;
        visit.admit(&model)?;
        if query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
            return queue(&shared, &visit, &model, batch_body(request).await?, Shape::Enveloped).await;
        }
        let input = read(&model, &query, request).await?;
        run(&shared, &visit, &model, input, Shape::Enveloped).await
    };
    answered.await.unwrap_or_else(|refusal| refusal.respond())
}

/// `POST /ai/run` with `{model, input}`.
pub(super) async fn named_in_body(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let mut body = json_body(whole_body(request).await?)?;
        let (Some(id), Some(input)) =
            (body.get("model").and_then(Value::as_str).map(str::to_owned), body.get_mut("input").map(Value::take))
        else {
            return Err(Refusal::bad_input("required properties at '/' are 'model,input'"));
        };
        let options = Options::read(body.get_mut("options").map(Value::take))?;
        options.check(&shared)?;
        let model = find(&shared, &id)?;
        visit.admit(&model)?;
        let input = Input::from_json(&model, input)?;
        let mut response = run(&shared, &visit, &model, input, Shape::Enveloped).await?;
        if options.gateway_id().is_some() {
            gateway::mark(&mut response);
        }
        Ok(response)
    };
    answered.await.unwrap_or_else(|refusal| refusal.respond())
}

/// The model with this id, if it is served.
pub(super) fn find(shared: &Shared, id: &str) -> Result<Arc<Model>, Refusal> {
    let model = shared.catalog().get(id).cloned().ok_or_else(|| Refusal::no_such_model(id))?;
    match &model.facts().lifecycle.gone_by {
        Some(date) if shared.retired == Retired::Gone => Err(Refusal::retired(id, date)),
        _ => Ok(model),
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
    let is_input = model.forms().any(|(_, form)| property(&form.schema, "options").is_some());
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
        if parts.len() >= MOST_PARTS {
            return Err(Refusal::too_large());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let kind = field.content_type().unwrap_or("text/plain");
        let is_file = field.file_name().is_some() || !kind.starts_with("text/");
        let bytes = field.bytes().await.map_err(|error| broken(&error.body_text()))?;
        parts.push(Part { name, is_file, bytes });
    }
    Ok(parts)
}

/// Has a question answered, if it may be, by whoever is to answer it.
pub(super) async fn ask(
    shared: &Shared,
    visit: &Visit,
    model: &Arc<Model>,
    input: Input,
    style: Style,
) -> Result<Reply, Refusal> {
    fits_context_window(model, &input)?;
    visit.sandbox.finetunes.check(model, &input)?;
    let reply = shared.ask(visit.source, Question { model: Arc::clone(model), input, style }).await?;
    visit.answered(reply.fidelity);
    Ok(reply)
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
pub(super) async fn run(
    shared: &Shared,
    visit: &Visit,
    model: &Arc<Model>,
    input: Input,
    shape: Shape,
) -> Result<Response, Refusal> {
    let style = Style::of(model, &input.fields);
    let stream = model.canonical().map_or(input.stream == Some(true), |canonical| {
        canonical.reply.stream.as_ref().is_some_and(|stream| input.stream.unwrap_or(stream.default))
    });
    let form = Form { style, stream, is_native: true, shape };
    write(shared, visit, model, input, form).await
}

/// Answers one request as an API of bare objects would, without the native trailer.
pub(super) async fn run_bare(
    shared: &Shared,
    visit: &Visit,
    model: &Arc<Model>,
    input: Input,
    style: Style,
) -> Result<Response, Refusal> {
    let form = Form { style, stream: input.stream == Some(true), is_native: false, shape: Shape::Bare };
    write(shared, visit, model, input, form).await
}

/// The form that an answer is to have.
#[derive(Clone, Copy)]
struct Form {
    style: Style,
    stream: bool,
    /// With what only the native path has, such as a stream's trailer.
    is_native: bool,
    shape: Shape,
}

async fn write(
    shared: &Shared,
    visit: &Visit,
    model: &Arc<Model>,
    input: Input,
    form: Form,
) -> Result<Response, Refusal> {
    let (input, dice) = input.with_dice(model.id(), 1).await?;
    let reply = ask(shared, visit, model, input, form.style).await?;
    let Reply { answer, mut usage, fidelity } = reply;
    let writer = Writer::new(Arc::clone(model), form.style, dice.clone(), form.is_native);
    let whole = |result: &Value| form.shape.json(result);
    let mut is_counted = true;
    let mut response = match answer {
        Answer::Bytes { content_type, bytes } => respond::with_type(&content_type, Body::from(bytes)),
        Answer::Turn(turn) if form.stream => {
            let telling = stream::telling(turn.into_deltas(usage), usage.input_tokens);
            events(stream::told(writer, telling, |_| {}))
        }
        Answer::Turn(turn) => whole(&writer.result(&turn, &usage)),
        Answer::Telling(telling) if form.stream => {
            is_counted = false;
            let (visit, model) = (visit.clone(), Arc::clone(model));
            let ended = move |usage: Option<&Usage>| {
                if let Some(usage) = usage {
                    visit.charge(&model, usage);
                }
            };
            events(stream::told(writer, telling, ended))
        }
        Answer::Telling(telling) => {
            let (turn, used) = telling.whole().await?;
            usage = used;
            whole(&writer.result(&turn, &usage))
        }
        Answer::Json(result) if form.stream && form.is_native => {
            let id = dice.clone().hex(26);
            events(stream::body(&stream::cumulative(&id, &result, &usage_json(model, &usage))))
        }
        Answer::Json(result) => whole(&result),
    };
    mark(&mut response, model, fidelity, is_counted.then_some(&usage));
    if is_counted {
        visit.charge(model, &usage);
    }
    Ok(response)
}

fn events(body: Body) -> Response {
    respond::with_type("text/event-stream", body)
}

/// Adds the headers that tell of the model and of what the answer cost, where that is known already.
pub(super) fn mark(response: &mut Response, model: &Model, fidelity: Fidelity, usage: Option<&Usage>) {
    respond::mark(response);
    let headers = response.headers_mut();
    insert(headers, respond::FIDELITY, &fidelity.to_string());
    if let Some(neurons) = usage.and_then(|usage| neurons(model.facts(), usage)) {
        insert(headers, respond::NEURONS, &written(neurons).to_string());
    }
    if let Some(date) = &model.facts().lifecycle.gone_by {
        insert(headers, respond::RETIRED, date);
    }
}

async fn batch_body(request: Request) -> Result<Value, Refusal> {
    let body = whole_body(request).await?;
    if body.len() > LARGEST_BATCH { Err(Refusal::too_large()) } else { json_body(body) }
}

/// Takes a batch, or tells how one stands.
pub(super) async fn queue(
    shared: &Shared,
    visit: &Visit,
    model: &Arc<Model>,
    mut body: Value,
    shape: Shape,
) -> Result<Response, Refusal> {
    if !model.facts().flag("async_queue") {
        return Err(Refusal::cannot_queue());
    }
    if let Some(request_id) = body.get("request_id").and_then(Value::as_str) {
        return match visit.sandbox.queue.look(request_id, model.id()) {
            Standing::Unknown => Err(Refusal::no_such_batch(request_id)),
            Standing::Running(fidelity) => {
                let running = json!({"status": "running", "request_id": request_id, "model": model.id()});
                Ok(queued(visit, shape.json(&running), fidelity))
            }
            Standing::Done(result, fidelity) => Ok(queued(visit, shape.json(&result), fidelity)),
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
    let mut total = Usage::default();
    let mut fidelity = None;
    for (index, (reference, input)) in read.into_iter().enumerate() {
        let style = Style::of(model, &input.fields);
        let (input, dice) = input.with_dice(model.id(), 1).await?;
        let asked = async {
            let reply = ask(shared, visit, model, input, style).await?;
            // A batch is as near to the real thing as the farthest of its answers.
            fidelity = fidelity.max(Some(reply.fidelity));
            queued_result(model, reply, style, dice).await
        };
        let mut response = match asked.await {
            Ok((result, usage)) => {
                visit.charge(model, &usage);
                total.input_tokens = total.input_tokens.saturating_add(usage.input_tokens);
                total.output_tokens = total.output_tokens.saturating_add(usage.output_tokens);
                json!({"id": index, "result": result, "success": true})
            }
            Err(refusal) => json!({"id": index, "error": refusal.message(), "success": false}),
        };
        if let (Some(response), Some(reference)) = (response.as_object_mut(), reference) {
            response.insert("external_reference".to_owned(), reference);
        }
        responses.push(response);
    }
    let request_id = unlike_before().uuid();
    let result = json!({"responses": responses, "usage": usage_json(model, &total)});
    visit.sandbox.queue.put(&request_id, model.id(), result, fidelity);
    let queued_now = json!({"status": "queued", "request_id": request_id, "model": model.id()});
    Ok(queued(visit, shape.json(&queued_now), fidelity))
}

/// Says how near the answers of a batch are to the real model's.
fn queued(visit: &Visit, mut response: Response, fidelity: Option<Fidelity>) -> Response {
    if let Some(fidelity) = fidelity {
        visit.answered(fidelity);
        insert(response.headers_mut(), respond::FIDELITY, &fidelity.to_string());
    }
    response
}

async fn queued_result(model: &Arc<Model>, reply: Reply, style: Style, dice: Dice) -> Result<(Value, Usage), Refusal> {
    use base64::Engine as _;
    let writer = Writer::new(Arc::clone(model), style, dice, true);
    let usage = reply.usage;
    Ok(match reply.answer {
        Answer::Json(result) => (result, usage),
        Answer::Turn(turn) => (writer.result(&turn, &usage), usage),
        Answer::Telling(telling) => {
            let (turn, usage) = telling.whole().await?;
            (writer.result(&turn, &usage), usage)
        }
        Answer::Bytes { bytes, .. } => (Value::from(base64::prelude::BASE64_STANDARD.encode(bytes)), usage),
    })
}
