//! OpenAI's newer path, which of the hosted models only those of OpenAI itself take.

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::routes::Handle;
use super::visit::Visit;
use super::{openai, respond, run};
use crate::dialect::Style;
use crate::input::Input;
use crate::refusal::Refusal;

/// `POST /ai/v1/responses`: bare objects, and errors in a form of their own.
pub(super) async fn create(State(shared): State<Handle>, request: Request) -> Response {
    let answered = async {
        let visit = Visit::of(&request)?;
        let mut fields = openai::object(request).await?;
        let model = run::find(&shared, &openai::take_model(&mut fields)?)?;
        visit.admit(&model)?;
        match fields.get("input") {
            Some(Value::String(_)) => {}
            Some(Value::Array(items)) if !items.is_empty() => {}
            Some(_) => return Err(Refusal::bad_input("Type mismatch of '/input', one of 'string,array' is needed")),
            None => return Err(Refusal::bad_input("required properties at '/' are 'model,input'")),
        }
        if Style::of(&model, &fields) != Style::Responses {
            return Err(Refusal::bad_input(&format!("{} does not take the Responses format", model.id())));
        }
        let stream = fields.remove("stream").and_then(|stream| stream.as_bool());
        let input = Input { fields, stream, ..Input::default() };
        run::run_bare(&shared, &visit, &model, input, Style::Responses).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| respond::refused_response(&refusal))
}
