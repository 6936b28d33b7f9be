//! Every failure of the service that is known, played as it is on the wire, and what it becomes.

use workers_ai_client::{Call, Error, RetryClass, RetryClass::*};

use crate::support::{Chat, Memory};

const ID: &str = "cba15bde-5351-404a-bc9e-32094e768932";

/// Every predicate that is true of the error, in the order of their names here.
pub(crate) fn predicates(error: &Error) -> Vec<&'static str> {
    [
        ("retryable", error.is_retryable()),
        ("rate limited", error.is_rate_limited()),
        ("out of capacity", error.is_out_of_capacity()),
        ("quota", error.is_quota_exhausted()),
        ("budget", error.is_budget_exhausted()),
        ("context", error.is_context_exceeded()),
        ("retired", error.is_retired()),
        ("paid", error.needs_paid_plan()),
        ("license", error.needs_license_agreement()),
        ("forbidden", error.is_forbidden()),
        ("authentication", error.is_authentication()),
        ("not found", error.is_not_found()),
        ("timeout", error.is_timeout()),
        ("connection", error.is_connection()),
        ("invalid", error.is_invalid_request()),
        ("json mode", error.is_json_mode_failed()),
        ("refused content", error.is_content_refused()),
        ("gateway", error.is_gateway()),
        ("decode", error.is_decode()),
        ("too large", error.is_too_large()),
        ("truncated", error.is_truncated()),
    ]
    .into_iter()
    .filter_map(|(name, is)| is.then_some(name))
    .collect()
}

pub(crate) async fn failure(status: u16, body: &str) -> Error {
    let memory = Memory::default().reply(status, "application/json", body).with_header("cf-ai-req-id", "");
    Call::<Chat>::new(memory.client(), "hello").await.unwrap_err()
}

/// Workers AI's own failures: in an envelope with an empty object for a result.
fn native(code: u32, message: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    format!(r#"{{"errors":[{{"message":{message},"code":{code}}}],"success":false,"result":{{}},"messages":[]}}"#)
}

/// Failures of the API before it reaches Workers AI: another order, and null.
fn front_door(code: u32, message: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    format!(r#"{{"result":null,"success":false,"errors":[{{"code":{code},"message":{message}}}],"messages":[]}}"#)
}

/// One failure: the status and body on the wire; the code, the message, the class and the predicates they become.
struct Case {
    status: u16,
    body: String,
    code: u32,
    message: String,
    id: Option<&'static str>,
    class: RetryClass,
    predicates: &'static [&'static str],
}

/// A failure of Workers AI. The message on the wire has `AiError: ` in front and the request's id behind.
fn ai(status: u16, code: u32, message: &str, class: RetryClass, predicates: &'static [&'static str]) -> Case {
    let body = native(code, &format!("AiError: {message} ({ID})"));
    Case { status, body, code, message: message.to_owned(), id: Some(ID), class, predicates }
}

/// A failure whose message on the wire is this and nothing else.
fn bare(status: u16, code: u32, message: &str, class: RetryClass, predicates: &'static [&'static str]) -> Case {
    Case { status, body: native(code, message), code, message: message.to_owned(), id: None, class, predicates }
}

/// A failure whose message on the wire is not the one that is left.
fn wrapped(
    (status, code): (u16, u32),
    wire: &str,
    message: &str,
    class: RetryClass,
    predicates: &'static [&'static str],
) -> Case {
    let body = native(code, &format!("{wire} ({ID})"));
    Case { status, body, code, message: message.to_owned(), id: Some(ID), class, predicates }
}

/// A failure of the front door.
fn api(status: u16, code: u32, message: &str, predicates: &'static [&'static str]) -> Case {
    let body = front_door(code, message);
    Case { status, body, code, message: message.to_owned(), id: None, class: Never, predicates }
}

fn cases() -> Vec<Case> {
    const LIMIT: &str = "you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan if you would like to continue usage.";
    const WINDOW: &str = "The estimated number of input and maximum output tokens (131301) exceeded this model context window limit (24000).";
    const DEPRECATED: &str = "Model has been deprecated: llama-2-7b-chat-fp16 was deprecated on 2026-05-30. See the model catalog for alternatives";
    const FLAGGED: &str = "Your output has been flagged. Please choose another prompt / input image combination";
    const PAID: &str = "Model kimi-k2.6 is not available on the Workers Free plan. Upgrade to access this model: https://dash.cloudflare.com/?to=/:account/workers/plans";
    let gateway = |code: u32, message: &str| {
        format!(r#"{{"name":"AiGatewayError","internalCode":{code},"message":"{message}","description":"{message}"}}"#)
    };
    vec![
        ai(400, 5007, "No such model @cf/no/model or task", Never, &["not found"]),
        bare(400, 5004, "Invalid data type for base64 input: object", Never, &["invalid"]),
        bare(400, 3039, "Finetune is missing required files (model.safetensors and config.json)", Never, &[]),
        bare(400, 3003, "Request is missing headers or body: body", Never, &["invalid"]),
        ai(403, 5018, "This account is not allowed to access @cf/meta/llama-2", Never, &["forbidden"]),
        bare(403, 5016, "User has not agreed to Llama3.2 model terms", Never, &["license"]),
        bare(403, 3023, "Service unavailable for account", Never, &["forbidden"]),
        bare(403, 3041, "The account is not allowed to access this model", Never, &["forbidden"]),
        ai(403, 5035, PAID, Never, &["paid"]),
        bare(405, 5019, "Request trying to use deprecated SDK version", Never, &[]),
        bare(405, 5005, "The model @cf/baai/bge-m3 does not support LoRa inference", Never, &["invalid"]),
        bare(404, 3042, "The model name is invalid", Never, &["not found"]),
        bare(413, 3006, "Request is too large", Never, &["invalid"]),
        bare(408, 3007, "Request timeout", Soon, &["retryable", "timeout"]),
        bare(408, 3008, "Request was aborted", Soon, &["retryable"]),
        bare(429, 3036, "You have used up your daily free allocation of 10,000 neurons.", NextDay, &["quota"]),
        ai(429, 3040, "Capacity temporarily exceeded, please try again.", Soon, &["retryable", "out of capacity"]),
        wrapped(
            (429, 3021),
            "AiError: AiError: rate limiting: inference request per min rate reached",
            "rate limiting: inference request per min rate reached",
            NextMinute,
            &["retryable", "rate limited"],
        ),
        wrapped((429, 4006), &format!("AiError: AiError: {LIMIT}"), LIMIT, NextDay, &["quota"]),
        Case {
            id: None,
            ..wrapped_bare(408, 3046, "AiError: Request timeout", "Request timeout", Once, &["retryable", "timeout"])
        },
        ai(400, 5006, "Bad input: Error: required properties at '/' are 'model,state,questions'", Never, &["invalid"]),
        ai(
            400,
            5006,
            "Bad input: Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt'",
            Never,
            &["invalid"],
        ),
        ai(400, 5006, "Bad input: Error: Type mismatch of '/p', 'array' not in 'string'", Never, &["invalid"]),
        ai(400, 5006, "Bad input: Error: '/temperature' must be <= 5", Never, &["invalid"]),
        ai(
            400,
            5006,
            "Bad input: Error: Additional or unevaluated properties '/seed' at '/' not allowed",
            Never,
            &["invalid"],
        ),
        wrapped(
            (422, 5012),
            r#"AiError: AiError: {"error":{"type":"invalid_request","message":"questions must not be empty","details":{"at":"questions"}}}"#,
            "questions must not be empty",
            Never,
            &["invalid"],
        ),
        wrapped((413, 5021), &format!("AiError: Ai: {WINDOW}"), WINDOW, Never, &["context"]),
        bare(400, 5024, "JSON Mode couldn't be met", Never, &["json mode"]),
        bare(500, 5024, "JSON Mode couldn't be met", Never, &["json mode"]),
        Case {
            id: None,
            ..wrapped_bare(410, 5028, &format!("AiError: {DEPRECATED}"), DEPRECATED, Never, &["retired"])
        },
        wrapped((400, 3030), &format!("AiError: AiError: {FLAGGED}"), FLAGGED, Once, &["retryable", "refused content"]),
        wrapped(
            (400, 3030),
            "AiError: AiError: Max context reached 8193 tokens but model supports only 8192",
            "Max context reached 8193 tokens but model supports only 8192",
            Never,
            &["context"],
        ),
        wrapped(
            (400, 3030),
            "AiError: AiError: Sequence too long: 600 > 512",
            "Sequence too long: 600 > 512",
            Never,
            &["context"],
        ),
        wrapped(
            (400, 3030),
            "AiError: AiError: Invalid input image[0]: unable to decode image file",
            "Invalid input image[0]: unable to decode image file",
            Never,
            &["invalid"],
        ),
        wrapped((400, 3030), "AiError: AiError: NSFW", "NSFW", Never, &["refused content"]),
        wrapped(
            (400, 8007),
            r#"AiError: AiError: {"object":"error","message":"This model's maximum context length is 10 tokens","type":"BadRequestError","param":null,"code":400}"#,
            "This model's maximum context length is 10 tokens",
            Never,
            &["context"],
        ),
        wrapped(
            (400, 8007),
            r#"AiError: AiError: {"object":"error","message":"top_k must be -1 or at least 1","type":"BadRequestError","param":null,"code":400}"#,
            "top_k must be -1 or at least 1",
            Never,
            &["invalid"],
        ),
        ai(400, 8007, "Input prompt contains NSFW content.", Never, &["invalid", "refused content"]),
        ai(400, 8007, "This model does not support request queuing", Never, &["invalid"]),
        bare(500, 5001, "Model execution failed", Soon, &["retryable"]),
        Case {
            body: r#"{"errors":[{"code":8008}],"success":false,"result":{},"messages":[]}"#.to_owned(),
            ..bare(500, 8008, "the service answered 500 Internal Server Error", Soon, &["retryable"])
        },
        api(401, 10000, "Authentication error", &["authentication"]),
        api(403, 10000, "Authentication error", &["authentication"]),
        api(400, 9106, "Authentication failed (status: 400)", &["authentication"]),
        api(
            404,
            7003,
            "Could not route to /client/v4/accounts/x/ai/run, perhaps your object identifier is invalid?",
            &["not found"],
        ),
        api(405, 7001, "GET not supported for requested URI.", &[]),
        api(400, 7000, "No route for that URI", &["not found"]),
        bare(400, 2001, "Please configure AI Gateway in the Cloudflare dashboard", Never, &["gateway"]),
        bare(400, 2001, "Invalid request path. Expected path prefix /v1/:accountTag/:gatewayId", Never, &["gateway"]),
        Case {
            body: r#"{"name":"AiGatewayError","internalCode":2003}"#.to_owned(),
            ..bare(
                429,
                2003,
                "the service answered 429 Too Many Requests",
                NextMinute,
                &["retryable", "rate limited", "gateway"],
            )
        },
        Case {
            body: gateway(2014, "Provider request timeout"),
            ..bare(504, 2014, "Provider request timeout", Soon, &["retryable", "timeout", "gateway"])
        },
    ]
}

/// A prefix, and no id.
fn wrapped_bare(
    status: u16,
    code: u32,
    wire: &str,
    message: &str,
    class: RetryClass,
    predicates: &'static [&'static str],
) -> Case {
    Case { message: message.to_owned(), ..bare(status, code, wire, class, predicates) }
}

#[tokio::test]
async fn every_code_is_read_and_understood() {
    for case in cases() {
        let error = failure(case.status, &case.body).await;
        let read = (error.status(), error.code(), error.message(), error.request_id());
        assert_eq!(read, (Some(case.status), Some(case.code), case.message.as_str(), case.id), "{}", case.body);
        assert_eq!(predicates(&error), case.predicates, "{}", case.body);
        assert_eq!(error.retry_class(), case.class, "{}", case.body);
        assert_eq!(error.body(), Some(case.body.as_bytes()));
        assert_eq!(error.model(), Some("@cf/test/chat"));
        assert!(!error.to_string().contains("AiError"), "{error}");
    }
}

#[test]
fn no_known_code_is_missing() {
    let known = [
        2001, 2003, 2014, 3003, 3006, 3007, 3008, 3021, 3023, 3030, 3036, 3039, 3040, 3041, 3042, 3046, 4006, 5001,
        5004, 5005, 5006, 5007, 5012, 5016, 5018, 5019, 5021, 5024, 5028, 5035, 7000, 7001, 7003, 8007, 8008, 9106,
        10000,
    ];
    let mut played: Vec<_> = cases().iter().map(|case| case.code).collect();
    played.sort_unstable();
    played.dedup();
    assert_eq!(played, known);
}

/// The same failure means the same in whichever shape and place it comes.
#[tokio::test]
async fn every_shape_of_a_body_is_read() {
    const MESSAGE: &str = "AiError: AiError: rate limiting: inference request per min rate reached";
    for (status, body) in [
        (429, native(3021, MESSAGE)),
        (429, front_door(3021, MESSAGE)),
        (429, format!(r#"{{"error":{{"code":3021,"message":"{MESSAGE}"}}}}"#)),
        (
            429,
            format!(
                r#"{{"name":"AiError","internalCode":3021,"httpCode":429,"message":"{MESSAGE}","description":"d"}}"#
            ),
        ),
        (429, format!(r#"{{"state":"Failed","error":{{"code":"3021","message":"{MESSAGE}"}}}}"#)),
        (429, format!(r#"{{"errors":[{{"message":"{MESSAGE}"}}]}}"#)),
        (429, MESSAGE.to_owned()),
        // A success on the outside.
        (200, native(3021, MESSAGE)),
        (200, format!(r#"{{"state":"Failed","error":{{"code":3021,"message":"{MESSAGE}"}}}}"#)),
    ] {
        let error = failure(status, &body).await;
        assert_eq!(
            error.message().trim_start_matches("AiError: "),
            "rate limiting: inference request per min rate reached",
            "{body}"
        );
        assert_eq!(
            (predicates(&error), error.retry_class()),
            (vec!["retryable", "rate limited"], NextMinute),
            "{body}"
        );
    }
    let partner = r#"{"state":"Failed","error":"Model execution failed (User Input Error): no prompt"}"#;
    let error = failure(200, partner).await;
    assert_eq!(error.message(), "Model execution failed (User Input Error): no prompt");
    let openai = r#"{"error":{"code":"invalid_prompt","message":"AiError: Bad input: no prompt"}}"#;
    let error = failure(400, openai).await;
    assert_eq!((error.message(), predicates(&error)), ("Bad input: no prompt", vec!["invalid"]));
}
