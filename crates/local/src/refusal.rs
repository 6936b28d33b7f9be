//! How the service says no: its codes, statuses and words.

use axum::http::StatusCode;
use serde::Serialize;

use crate::answer::Fidelity;
use crate::answering::Source;
use crate::codes;

/// Where nothing was recorded. The service has no such code.
const NOT_RECORDED: u32 = 90404;

/// A refused request, with the code and the text that the service uses for it.
///
/// ```
/// use axum::http::StatusCode;
/// use workers_ai_local::Refusal;
///
/// // What a test wants to see handled.
/// let busy = Refusal::new(StatusCode::TOO_MANY_REQUESTS, 3040, "AiError: Capacity temporarily exceeded, please try again.");
/// assert_eq!((busy.status().as_u16(), busy.code()), (429, 3040));
/// assert!(busy.message().contains("Capacity"));
/// ```
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    code: u32,
    message: String,
    layer: Layer,
}

/// Who refuses; the two write their bodies differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    /// The API in front of Workers AI: `result` is null.
    FrontDoor,
    /// Workers AI itself: `result` is empty and the message ends with the request id.
    Model,
}

impl Refusal {
    /// A refusal by Workers AI itself.
    ///
    /// ```
    /// use axum::http::StatusCode;
    /// use workers_ai_local::Refusal;
    ///
    /// let message = "AiError: you have used up your daily free allocation of 10,000 neurons";
    /// let spent = Refusal::new(StatusCode::TOO_MANY_REQUESTS, 4006, message);
    /// # let _ = spent;
    /// ```
    #[must_use]
    pub fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), layer: Layer::Model }
    }

    fn front_door(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), layer: Layer::FrontDoor }
    }

    /// The request does not satisfy the model's schema.
    ///
    /// ```
    /// use workers_ai_local::Refusal;
    ///
    /// let refused = Refusal::bad_input("'/steps' must be <= 8");
    /// assert_eq!((refused.status().as_u16(), refused.code()), (400, 5006));
    /// ```
    #[must_use]
    pub fn bad_input(reason: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 5006, format!("AiError: Bad input: Error: {reason}"))
    }

    pub(crate) fn no_such_model(id: &str) -> Self {
        // What Cloudflare hosts begins with an at sign; its partners' models are called the same way and run elsewhere.
        let is_of_a_partner = !id.starts_with('@') && id.split_once('/').is_some_and(|(author, _)| !author.is_empty());
        let hint = if is_of_a_partner { ": models of partners are not served here" } else { "" };
        Self::new(StatusCode::BAD_REQUEST, 5007, format!("AiError: No such model {id} or task{hint}"))
    }

    pub(crate) fn retired(id: &str, date: &str) -> Self {
        let message = format!(
            "AiError: Model has been deprecated: {id} was deprecated on {date}. See the model catalog for alternatives"
        );
        Self::new(StatusCode::GONE, 5028, message)
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, 3006, "AiError: Request is too large")
    }

    pub(crate) fn context_window(tokens: u64, limit: u64) -> Self {
        let message = format!(
            "AiError: Ai: The estimated number of input and maximum output tokens ({tokens}) exceeded this model context window limit ({limit})."
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, 5021, message)
    }

    pub(crate) fn cannot_queue() -> Self {
        let message = "AiError: AiError: This model does not support request queuing";
        Self::new(StatusCode::BAD_REQUEST, 8007, message)
    }

    pub(crate) fn no_lora(id: &str) -> Self {
        let message = format!("AiError: The model {id} does not support LoRa inference");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, 5005, message)
    }

    pub(crate) fn incomplete_finetune() -> Self {
        let message = "AiError: Finetune is missing required files (model.safetensors and config.json)";
        Self::new(StatusCode::BAD_REQUEST, 3039, message)
    }

    pub(crate) fn no_such_batch(request_id: &str) -> Self {
        let message = format!("AiError: AiError: no queued request has the id {request_id}");
        Self::new(StatusCode::BAD_REQUEST, 8007, message)
    }

    /// The refusal with one of the service's codes; what it knows nothing of has failed.
    pub(crate) fn of_code(number: u32, about: &str) -> Self {
        let Some(code) = codes::find(number) else { return Self::failed(&format!("code {number}")) };
        let status = StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = code.message.replace("{}", about);
        if code.is_front_door {
            Self::front_door(status, code.number, message)
        } else {
            Self::new(status, code.number, message)
        }
    }

    /// The same refusal in other words.
    #[cfg(feature = "inference")]
    pub(crate) fn with_message(mut self, message: &str) -> Self {
        message.clone_into(&mut self.message);
        self
    }

    /// More requests in a minute than the model takes.
    pub(crate) fn too_many_requests() -> Self {
        Self::of_code(3021, "")
    }

    /// The day's neurons are spent.
    pub(crate) fn quota_exhausted() -> Self {
        Self::of_code(4006, "")
    }

    /// No answer is as near to the real model's as it has to be.
    pub(crate) fn not_faithful(id: &str, fidelity: Fidelity) -> Self {
        let message =
            format!("AiError: the local server runs with --strict, and its answer for {id} would be {fidelity}");
        Self::new(StatusCode::NOT_IMPLEMENTED, 5001, message)
    }

    /// Answers are to come from somewhere that the server knows nothing of.
    pub(crate) fn no_such_source(source: Source) -> Self {
        let message =
            format!("AiError: the answer is to come from `{source}`, which is not set up: {}", source.how_to_add());
        Self::new(StatusCode::NOT_IMPLEMENTED, 5001, message)
    }

    /// The source has no answers of this kind.
    pub(crate) fn source_cannot(source: Source, what: &str, example: &str) -> Self {
        let message = format!(
            "AiError: the answer is to come from `{source}`, which has none for {what}: add --answer '{example}=synthetic'"
        );
        Self::new(StatusCode::NOT_IMPLEMENTED, 5001, message)
    }

    /// Nobody has said what the upstream server calls a model.
    #[cfg(feature = "network")]
    pub(crate) fn no_upstream_name(id: &str) -> Self {
        let message = format!(
            "AiError: the upstream server's name for {id} is not known: add --upstream-model '{id}=NAME' or --answer '{id}=synthetic'"
        );
        Self::new(StatusCode::NOT_IMPLEMENTED, 5001, message)
    }

    /// Nothing like the request was recorded.
    pub(crate) fn not_recorded(reason: &str) -> Self {
        Self::front_door(StatusCode::NOT_FOUND, NOT_RECORDED, format!("not recorded: {reason}"))
    }

    pub(crate) fn account_for_cloudflare() -> Self {
        let message = "the account id of this call is the local server's own: call with one of Cloudflare's, or start the \
                       server with --cloudflare-account ID";
        Self::front_door(StatusCode::BAD_REQUEST, 7003, message)
    }

    #[cfg(feature = "network")]
    pub(crate) fn token_for_cloudflare() -> Self {
        let message = "Cloudflare wants a token, and the call has brought none that may be passed on: start the server \
                       with --cloudflare-token TOKEN (a caller's own is passed on where the server has no --token)";
        Self::front_door(StatusCode::UNAUTHORIZED, 10000, message)
    }

    pub(crate) fn not_for_the_binding() -> Self {
        let message = "calls of the AI binding cannot be passed on to Cloudflare, whose API has other paths: choose \
                       another source for them (x-workers-ai-answer, --answer)";
        Self::front_door(StatusCode::NOT_IMPLEMENTED, 7000, message)
    }

    pub(crate) fn incomplete(what: &str) -> Self {
        let message = format!("AiError: Request is missing headers or body: {what}");
        Self::new(StatusCode::BAD_REQUEST, 3003, message)
    }

    pub(crate) fn failed(reason: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 5001, format!("AiError: Model execution failed: {reason}"))
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::front_door(StatusCode::UNAUTHORIZED, 10000, "Authentication error")
    }

    pub(crate) fn not_a_token() -> Self {
        Self::front_door(StatusCode::BAD_REQUEST, 9106, "Authentication failed (status: 400)")
    }

    pub(crate) fn foreign(part: &str) -> Self {
        let message = format!("the {part} names another machine; this server answers local pages and programs only");
        Self::front_door(StatusCode::FORBIDDEN, 10000, message)
    }

    pub(crate) fn malformed_account(path: &str) -> Self {
        let path = path.strip_prefix("/client/v4").unwrap_or(path);
        let message = format!("Could not route to {path}, perhaps your object identifier is invalid?");
        Self::front_door(StatusCode::NOT_FOUND, 7003, message)
    }

    pub(crate) fn method_not_allowed(method: &str) -> Self {
        let message = format!("{method} not supported for requested URI.");
        Self::front_door(StatusCode::METHOD_NOT_ALLOWED, 7001, message)
    }

    pub(crate) fn no_such_gateway(id: &str) -> Self {
        let message =
            format!("Please configure AI Gateway in the Cloudflare dashboard: this server has no gateway {id}");
        Self::front_door(StatusCode::BAD_REQUEST, 2001, message)
    }

    pub(crate) fn token_for_the_binding() -> Self {
        let message = "this server was started with a token, and the call has brought none or a wrong one: the binding \
                       must send the header authorization: Bearer TOKEN (workers-ai-local miniflare and workers-ai-local \
                       workerd show where it goes)";
        Self::front_door(StatusCode::UNAUTHORIZED, 10000, message)
    }

    pub(crate) fn not_of_the_binding(target: &str) -> Self {
        let message = format!("{target} is not of the AI binding, and this server stands for nothing else");
        Self::front_door(StatusCode::BAD_REQUEST, 7000, message)
    }

    pub(crate) fn no_remote_objects() -> Self {
        let message = "the AI binding's run, models and toMarkdown are served as calls; its remote objects are not";
        Self::front_door(StatusCode::NOT_IMPLEMENTED, 7000, message)
    }

    pub(crate) fn not_served(what: &str) -> Self {
        Self::front_door(StatusCode::NOT_IMPLEMENTED, 7000, format!("not served: {what}"))
    }

    pub(crate) fn no_route() -> Self {
        Self::front_door(StatusCode::BAD_REQUEST, 7000, "No route for that URI")
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The service's own code.
    #[must_use]
    pub fn code(&self) -> u32 {
        self.code
    }

    /// The message, without the request id at its end.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the request came as far as Workers AI.
    pub(crate) fn reached_model(&self) -> bool {
        self.layer == Layer::Model
    }

    /// The body as `/ai/v1/responses` writes it.
    pub(crate) fn responses_body(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Error<'a>,
        }
        #[derive(Serialize)]
        struct Error<'a> {
            code: &'a str,
            message: &'a str,
        }
        let code = if self.status.is_client_error() { "invalid_prompt" } else { "server_error" };
        serde_json::to_vec(&Body { error: Error { code, message: &self.message } }).unwrap_or_default()
    }

    /// The body as the AI binding reads it: what it throws is `internalCode` and `description`.
    pub(crate) fn binding_body(&self) -> Vec<u8> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            name: &'a str,
            internal_code: u32,
            http_code: u16,
            message: &'a str,
            description: &'a str,
        }
        let name = "AiError";
        let mut description = self.message.as_str();
        while let Some(rest) = description.strip_prefix("AiError: ") {
            description = rest;
        }
        description = description.strip_prefix("Bad input: ").unwrap_or(description);
        let (internal_code, http_code) = (self.code, self.status.as_u16());
        let body = Body { name, internal_code, http_code, message: &self.message, description };
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The body, byte for byte in the service's order of keys.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        #[derive(Serialize)]
        struct FrontDoor<'a> {
            result: (),
            success: bool,
            errors: [CodeFirst<'a>; 1],
            messages: [(); 0],
        }
        #[derive(Serialize)]
        struct CodeFirst<'a> {
            code: u32,
            message: &'a str,
        }
        #[derive(Serialize)]
        struct Model<'a> {
            errors: [MessageFirst<'a>; 1],
            success: bool,
            result: Empty,
            messages: [(); 0],
        }
        #[derive(Serialize)]
        struct MessageFirst<'a> {
            message: &'a str,
            code: u32,
        }
        #[derive(Serialize)]
        struct Empty {}

        let (code, success, messages) = (self.code, false, []);
        let written = match self.layer {
            Layer::FrontDoor => {
                let errors = [CodeFirst { code, message: &self.message }];
                serde_json::to_vec(&FrontDoor { result: (), success, errors, messages })
            }
            Layer::Model => {
                let message = &format!("{} ({request_id})", self.message);
                serde_json::to_vec(&Model {
                    errors: [MessageFirst { message, code }],
                    success,
                    result: Empty {},
                    messages,
                })
            }
        };
        written.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn a_model_error_has_the_services_bytes() {
        let refusal = Refusal::bad_input("required properties at '/' are 'model,state,questions'");
        assert_eq!(
            String::from_utf8(refusal.body("cba15bde-5351-404a-bc9e-32094e768932")).unwrap(),
            r#"{"errors":[{"message":"AiError: Bad input: Error: required properties at '/' are 'model,state,questions' (cba15bde-5351-404a-bc9e-32094e768932)","code":5006}],"success":false,"result":{},"messages":[]}"#
        );
    }

    #[test]
    fn a_front_door_error_has_the_services_bytes() {
        assert_eq!(
            String::from_utf8(Refusal::method_not_allowed("GET").body("")).unwrap(),
            r#"{"result":null,"success":false,"errors":[{"code":7001,"message":"GET not supported for requested URI."}],"messages":[]}"#
        );
    }
}
