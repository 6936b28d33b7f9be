//! The OpenAI-compatible paths: bare objects in, bare objects out, errors in the service's own envelope.

use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::options::Options;
use super::respond::{self, Respond as _};
use super::routes::Handle;
use super::run;
use super::visit::Visit;
use crate::answer::Answer;
use crate::dialect::Style;
use crate::input::Input;
use crate::refusal::Refusal;
use crate::validate::Checker;

/// `POST /ai/v1/chat/completions`.
pub(super) async fn chat_completions(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let mut fields = object(request).await?;
        let model = run::find(&shared, &take_model(&mut fields)?)?;
        visit.admit(&model)?;
        Options::read(fields.remove("options"))?.check_tags()?;
        require_list(&fields, "messages")?;
        let stream = fields.remove("stream").and_then(|stream| stream.as_bool());
        let input = Input { fields, stream, ..Input::default() };
        run::run_bare(&shared, &visit, &model, input, Style::ChatCompletion).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}

/// `POST /ai/v1/embeddings`; unlike the native path it tells no usage. OpenAI's SDKs ask for base64 by default and take
/// numbers for it where they get those, so it is given here, whatever the service makes of it.
pub(super) async fn embeddings(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let mut fields = object(request).await?;
        let model = run::find(&shared, &take_model(&mut fields)?)?;
        visit.admit(&model)?;
        let Some(texts) = fields.remove("input") else {
            return Err(Refusal::bad_input("required properties at '/' are 'model,input'"));
        };
        let encoded = match fields.get("encoding_format").map(Value::as_str) {
            None | Some(Some("float")) => false,
            Some(Some("base64")) => true,
            Some(_) => return Err(Refusal::bad_input("'/encoding_format' must be equal to one of 'float,base64'")),
        };
        let input = Input::from_json(&model, json!({"text": texts}))?;
        let style = Style::of(&model, &input.fields);
        let reply = run::ask(&shared, &visit, &model, input, style).await?;
        let Answer::Json(result) = &reply.answer else {
            return Err(Refusal::bad_input("the model makes no embeddings"));
        };
        let vectors = result
            .get("data")
            .and_then(Value::as_array)
            .ok_or_else(|| Refusal::bad_input("the model makes no embeddings"))?;
        let data: Vec<Value> = vectors
            .iter()
            .enumerate()
            .map(|(index, vector)| {
                let vector = if encoded { Value::from(base64(vector)) } else { vector.clone() };
                json!({"object": "embedding", "embedding": vector, "index": index})
            })
            .collect();
        let mut response = respond::bare(&json!({"object": "list", "data": data, "model": model.id()}));
        run::mark(&mut response, &model, reply.fidelity, Some(&reply.usage));
        visit.charge(&model, &reply.usage);
        Ok(response)
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.respond())
}

/// `POST /ai/v1/messages`: Anthropic's API, which the service documents for models that partners run.
pub(super) async fn messages(State(shared): State<Handle>, request: Request) -> Response {
    let refused = async {
        let id = take_model(&mut object(request).await?)?;
        run::find(&shared, &id)?;
        Ok(Refusal::bad_input(&format!(
            "/ai/v1/messages is for models of partners: call {id} by /ai/run/{id} or /ai/v1/chat/completions"
        )))
    };
    refused.await.unwrap_or_else(|refusal: Refusal| refusal).respond()
}

/// A vector as OpenAI encodes it: numbers of single precision, the lowest byte first.
fn base64(vector: &Value) -> String {
    let numbers = vector.as_array().into_iter().flatten().filter_map(Value::as_f64);
    #[expect(clippy::cast_possible_truncation, reason = "single precision is what is asked for")]
    let bytes: Vec<u8> = numbers.flat_map(|number| (number as f32).to_le_bytes()).collect();
    BASE64_STANDARD.encode(bytes)
}

pub(super) async fn object(request: Request) -> Result<Map<String, Value>, Refusal> {
    match run::json_body(run::whole_body(request).await?)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Refusal::bad_input("Type mismatch of '/', 'array' not in 'object'")),
    }
}

pub(super) fn take_model(fields: &mut Map<String, Value>) -> Result<String, Refusal> {
    match fields.remove("model") {
        Some(Value::String(id)) => Ok(id),
        _ => Err(Refusal::bad_input("required properties at '/' are 'model'")),
    }
}

/// The compatible path takes more than the native schema, so only what every chat needs is checked.
fn require_list(fields: &Map<String, Value>, name: &str) -> Result<(), Refusal> {
    let schema =
        json!({"type": "object", "properties": {(name): {"type": "array", "minItems": 1}}, "required": [name]});
    let checker = Checker::new(schema).map_err(|reason| Refusal::failed(&reason))?;
    checker.check(&Value::Object(fields.clone())).map_err(|reason| Refusal::bad_input(&reason))
}
