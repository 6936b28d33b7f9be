//! Failures of the service, in every shape seen.

use std::{error::Error as _, time::Duration};

use workers_ai_client::{Call, Error};

use crate::support::{Chat, Memory};

const ID: &str = "cba15bde-5351-404a-bc9e-32094e768932";

async fn failing(memory: Memory) -> Error {
    Call::<Chat>::new(memory.client(), "hello").await.unwrap_err()
}

async fn failure(status: u16, body: &str) -> Error {
    failing(Memory::default().reply(status, "application/json", body).with_header("cf-ai-req-id", "")).await
}

async fn coded(status: u16, code: u32, message: &str) -> Error {
    let body = serde_json::json!({"errors": [{"message": message, "code": code}], "success": false, "result": {}, "messages": []});
    failure(status, &body.to_string()).await
}

#[tokio::test]
async fn every_body_shape_is_read() {
    let envelope = format!(
        r#"{{"errors":[{{"message":"AiError: Bad input: Error: no ({ID})","code":5006}}],"success":false,"result":{{}},"messages":[]}}"#
    );
    for (status, body, code, message, id) in [
        (400, envelope.as_str(), Some(5006), "Bad input: Error: no", Some(ID)),
        (
            405,
            r#"{"result":null,"success":false,"errors":[{"code":7001,"message":"GET not supported for requested URI."}],"messages":[]}"#,
            Some(7001),
            "GET not supported for requested URI.",
            None,
        ),
        (400, r#"{"error":{"code":"invalid_prompt","message":"AiError: Bad input: x"}}"#, None, "Bad input: x", None),
        (
            429,
            r#"{"name":"AiError","internalCode":3021,"httpCode":429,"message":"AiError: AiError: slow","description":"d"}"#,
            Some(3021),
            "slow",
            None,
        ),
        (
            400,
            r#"{"state":"Failed","error":"Model execution failed (User Input Error): x"}"#,
            None,
            "Model execution failed (User Input Error): x",
            None,
        ),
        (400, r#"{"state":"Failed","error":{"code":"7","message":"x"}}"#, Some(7), "x", None),
        (400, r#"{"errors":[{"message":"x"}]}"#, None, "x", None),
        (400, r#"{"errors":[{"code":5006}]}"#, Some(5006), "the service answered 400 Bad Request", None),
        (400, r#"{"errors":["x"]}"#, None, "x", None),
        (400, r#"{"success":false,"errors":[]}"#, None, "the service answered 400 Bad Request", None),
        (502, "<html>bad gateway</html>", None, "the service answered 502 Bad Gateway", None),
        (503, "upstream\nconnect error", None, "upstream connect error", None),
        (500, "", None, "the service answered 500 Internal Server Error", None),
    ] {
        let error = failure(status, body).await;
        assert_eq!(
            (error.status(), error.code(), error.message(), error.request_id()),
            (Some(status), code, message, id),
            "{body}"
        );
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert_eq!(error.model(), Some("@cf/test/chat"));
    }
}

#[tokio::test]
async fn json_inside_the_message_is_opened() {
    let nested = r#"AiError: AiError: {"object":"error","message":"This model's maximum context length is 10 tokens","type":"BadRequestError","param":null,"code":400} (abcdef01-2345)"#;
    let error = coded(400, 8007, nested).await;
    assert_eq!(error.message(), "This model's maximum context length is 10 tokens");
    assert_eq!((error.code(), error.request_id()), (Some(8007), Some("abcdef01-2345")));
    assert!(error.is_context_exceeded() && !error.is_invalid_request());
}

#[tokio::test]
async fn an_error_reads_like_one() {
    let message = format!("AiError: AiError: rate limiting: inference request per min rate reached ({ID})");
    let error = coded(429, 3021, &message).await;
    assert_eq!(
        error.to_string(),
        format!("@cf/test/chat: rate limiting: inference request per min rate reached (429, code 3021, request {ID})")
    );
    let error = coded(429, 3040, "Capacity temporarily exceeded, please try again.").await;
    assert_eq!(error.to_string(), "@cf/test/chat: capacity temporarily exceeded, please try again (429, code 3040)");
    let error = coded(400, 5006, "GET not supported").await;
    assert!(error.to_string().contains(": GET not"), "{error}");
}

/// Every predicate that is true of the error.
fn predicates(error: &Error) -> Vec<&'static str> {
    [
        ("retryable", error.is_retryable()),
        ("rate limited", error.is_rate_limited()),
        ("out of capacity", error.is_out_of_capacity()),
        ("quota", error.is_quota_exhausted()),
        ("context", error.is_context_exceeded()),
        ("retired", error.is_retired()),
        ("paid", error.needs_paid_plan()),
        ("license", error.needs_license_agreement()),
        ("authentication", error.is_authentication()),
        ("not found", error.is_not_found()),
        ("timeout", error.is_timeout()),
        ("connection", error.is_connection()),
        ("invalid", error.is_invalid_request()),
        ("decode", error.is_decode()),
        ("truncated", error.is_truncated()),
    ]
    .into_iter()
    .filter_map(|(name, is)| is.then_some(name))
    .collect()
}

#[tokio::test]
async fn codes_mean_what_they_mean() {
    let cases: &[(u16, u32, &str, &[&str])] = &[
        (429, 3021, "rate limiting: inference request per min rate reached", &["retryable", "rate limited"]),
        (429, 3040, "Capacity temporarily exceeded, please try again.", &["retryable", "out of capacity"]),
        (429, 4006, "you have used up your daily free allocation of 10,000 neurons", &["quota"]),
        (429, 3036, "You have used up your daily free allocation", &["quota"]),
        (413, 5021, "exceeded this model context window limit (10)", &["context"]),
        (400, 3030, "Max context reached 11 tokens but model supports only 10", &["context"]),
        (400, 3030, "Sequence too long: 11 > 10", &["context"]),
        (400, 3030, "Your output has been flagged. Please choose another prompt", &["retryable"]),
        (400, 3030, "Invalid input image[0]: unable to decode image file", &["invalid"]),
        (400, 8007, "Input prompt contains NSFW content.", &["invalid"]),
        (410, 5028, "Model has been deprecated: x was deprecated on 2026-05-30", &["retired"]),
        (403, 5035, "Model x is not available on the Workers Free plan.", &["paid"]),
        (403, 5016, "User has not agreed to the terms", &["license"]),
        (401, 10000, "Authentication error", &["authentication"]),
        (403, 10000, "Authentication error", &["authentication"]),
        (400, 9106, "Authentication failed (status: 400)", &["authentication"]),
        (400, 5007, "No such model x or task", &["not found"]),
        (404, 7003, "Could not route to x", &["not found"]),
        (408, 3046, "Request timeout", &["retryable", "timeout"]),
        (408, 3007, "Request timeout", &["retryable", "timeout"]),
        (408, 3008, "Request was aborted", &["retryable"]),
        (400, 5006, "'/temperature' must be <= 5", &["invalid"]),
        (422, 5012, "bad", &["invalid"]),
        (413, 3006, "Request is too large", &["invalid"]),
        (403, 5018, "This account is not allowed to access x", &[]),
        (500, 5001, "Model execution failed", &["retryable"]),
        (500, 99999, "new", &["retryable"]),
        (400, 99999, "new", &[]),
    ];
    for (status, code, message, expected) in cases {
        let error = coded(*status, *code, &format!("AiError: {message} ({ID})")).await;
        assert_eq!(predicates(&error), *expected, "{code} {message}");
        assert_eq!(error.message(), *message);
    }
}

#[tokio::test]
async fn a_missing_code_is_made_up_for_by_text_and_status() {
    for (status, message, expected) in [
        (429, "you have used up your daily free allocation of 10,000 neurons", ["quota"].as_slice()),
        (429, "inference request per min rate reached", &["retryable", "rate limited"]),
        (429, "too many", &["retryable"]),
        (400, "no", &["invalid"]),
        (401, "no", &["authentication"]),
        (404, "no", &["not found"]),
        (410, "no", &["retired"]),
        (503, "no", &["retryable"]),
        (504, "no", &["retryable", "timeout"]),
    ] {
        let error = failure(status, &serde_json::json!({"errors": [{"message": message}]}).to_string()).await;
        assert_eq!(predicates(&error), expected, "{status} {message}");
    }
}

#[tokio::test]
async fn headers_of_a_failure_are_kept() {
    let memory = Memory::default()
        .reply(429, "application/json", r#"{"errors":[{"code":3021,"message":"slow (abcdef01-2345)"}]}"#)
        .with_header("retry-after", "20");
    let error = failing(memory).await;
    assert_eq!((error.retry_after(), error.request_id()), (Some(Duration::from_secs(20)), Some("request-1")));
}

#[tokio::test]
async fn the_network_failing_is_an_error_of_its_own() {
    let error = failing(Memory::default()).await;
    assert_eq!(predicates(&error), ["retryable", "connection"]);
    assert_eq!(error.to_string(), "@cf/test/chat: the connection failed");
    assert_eq!(error.source().and_then(|source| source.source()).unwrap().to_string(), "nobody there");
    let error = failing(Memory::default().json(r#"{"respo"#).broken()).await;
    assert_eq!(predicates(&error), ["retryable", "connection"]);
    let error = failing(Memory::default().reply(429, "application/json", r#"{"errors":[{"cod"#).broken()).await;
    assert_eq!((error.status(), predicates(&error)), (Some(429), vec!["retryable"]));
}
