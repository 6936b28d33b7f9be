//! The service's own errors: code, status, name and words.

/// One of the service's errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Code {
    pub(crate) number: u32,
    pub(crate) status: u16,
    /// A short name for configuration.
    pub(crate) name: &'static str,
    /// Its words; `{}` is the model, or what else it is about.
    pub(crate) message: &'static str,
    /// Who says it: the API in front, or Workers AI itself.
    pub(crate) is_front_door: bool,
}

const fn model(number: u32, status: u16, name: &'static str, message: &'static str) -> Code {
    Code { number, status, name, message, is_front_door: false }
}

const fn front_door(number: u32, status: u16, name: &'static str, message: &'static str) -> Code {
    Code { number, status, name, message, is_front_door: true }
}

/// All that is known, by what they are about.
pub(crate) const CODES: &[Code] = &[
    model(3021, 429, "rate-limit", "AiError: AiError: rate limiting: inference request per min rate reached"),
    model(
        4006,
        429,
        "quota",
        "AiError: AiError: you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan if you would like to continue usage.",
    ),
    model(3036, 429, "quota-documented", "AiError: You have used up your daily free allocation of 10,000 neurons."),
    model(3040, 429, "capacity", "AiError: Capacity temporarily exceeded, please try again."),
    model(3046, 408, "timeout", "AiError: Request timeout"),
    model(3007, 408, "timeout-documented", "AiError: Request timeout"),
    model(3008, 408, "aborted", "AiError: Request was aborted"),
    model(5001, 500, "failed", "AiError: Model execution failed"),
    model(5006, 400, "bad-input", "AiError: Bad input: Error: a fault was asked for"),
    model(5004, 400, "invalid-data", "AiError: Invalid data type for base64 input: object"),
    model(
        5012,
        422,
        "unprocessable",
        "AiError: AiError: {\"error\":{\"type\":\"invalid_request\",\"message\":\"a fault was asked for\",\"details\":{}}}",
    ),
    model(3003, 400, "incomplete", "AiError: Request is missing headers or body: body"),
    model(
        3030,
        400,
        "flagged",
        "AiError: AiError: Your output has been flagged. Please choose another prompt / input image combination",
    ),
    model(
        8007,
        400,
        "engine",
        "AiError: AiError: {\"object\":\"error\",\"message\":\"a fault was asked for\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
    ),
    model(8008, 500, "engine-failed", "AiError: AiError: a fault was asked for"),
    model(5024, 400, "json-mode", "AiError: JSON Mode couldn't be met"),
    model(
        5021,
        413,
        "context-window",
        "AiError: Ai: The estimated number of input and maximum output tokens (999999) exceeded this model context window limit (4096).",
    ),
    model(3006, 413, "too-large", "AiError: Request is too large"),
    model(5007, 400, "no-such-model", "AiError: No such model {} or task"),
    model(3042, 404, "invalid-model", "AiError: The model name is invalid"),
    model(
        5028,
        410,
        "retired",
        "AiError: Model has been deprecated: {} was deprecated on 2026-05-30. See the model catalog for alternatives",
    ),
    model(5018, 403, "private-model", "AiError: This account is not allowed to access {}"),
    model(3041, 403, "private-model-documented", "AiError: The account is not allowed to access this model"),
    model(5016, 403, "license", "AiError: User has not agreed to Llama3.2 model terms"),
    model(3023, 403, "account-blocked", "AiError: Service unavailable for account"),
    model(
        5035,
        403,
        "paid-plan",
        "AiError: AiError: Model {} is not available on the Workers Free plan. Upgrade to access this model: https://dash.cloudflare.com/?to=/:account/workers/plans",
    ),
    model(5019, 405, "deprecated-sdk", "AiError: Request trying to use deprecated SDK version"),
    model(5005, 405, "no-lora", "AiError: The model {} does not support LoRa inference"),
    model(
        3039,
        400,
        "incomplete-finetune",
        "AiError: Finetune is missing required files (model.safetensors and config.json)",
    ),
    front_door(10000, 401, "authentication", "Authentication error"),
    front_door(9106, 400, "token", "Authentication failed (status: 400)"),
    front_door(7003, 404, "account", "Could not route to {}, perhaps your object identifier is invalid?"),
    front_door(7001, 405, "method", "GET not supported for requested URI."),
    front_door(7000, 400, "no-route", "No route for that URI"),
    front_door(2001, 400, "gateway", "Please configure AI Gateway in the Cloudflare dashboard"),
    front_door(2003, 429, "gateway-rate-limit", "Rate limited"),
    front_door(2014, 504, "gateway-timeout", "Provider request timeout"),
];

/// The error of a number.
pub(crate) fn find(number: u32) -> Option<&'static Code> {
    CODES.iter().find(|code| code.number == number)
}

/// The error of a name, or of a number written as text.
pub(crate) fn named(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name).or_else(|| find(name.parse().ok()?))
}

/// All names with their numbers, for messages.
pub(crate) fn list() -> String {
    CODES.iter().map(|code| format!("{} ({})", code.number, code.name)).collect::<Vec<_>>().join(", ")
}
