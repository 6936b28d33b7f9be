//! Failures of the service, in every shape seen.

use std::{
    error::Error as _,
    time::{Duration, SystemTime},
};

use workers_ai_client::{Call, Error};

use crate::{
    error_table::predicates,
    support::{Chat, Impatient, Memory},
};

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

#[tokio::test]
async fn a_code_nobody_knows_goes_by_its_status() {
    for (status, expected) in [(500, ["retryable"].as_slice()), (429, &["retryable"]), (400, &[]), (418, &[])] {
        assert_eq!(predicates(&coded(status, 99999, "new").await), expected, "{status}");
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

#[tokio::test]
async fn what_the_service_says_cannot_act_on_a_terminal() {
    let error = coded(400, 5006, "a\u{1b}[31m\r\nb \u{202e}c").await;
    let text = error.to_string();
    assert!(text.contains(r"a\u{1b}[31m\r\nb \u{202e}c"), "{text}");
    assert_eq!(error.message(), "a\u{1b}[31m\r\nb \u{202e}c");
    assert!(!format!("{error:?}").contains('\u{1b}'));
}

#[tokio::test]
async fn a_spent_day_ends_at_midnight_utc() {
    let body = r#"{"errors":[{"code":4006,"message":"you have used up your daily free allocation"}]}"#;
    let midnight = SystemTime::UNIX_EPOCH + Duration::from_secs(20_729 * 24 * 60 * 60);
    // By the client's clock, which shows ten in the morning of the second of October 2026.
    let client =
        Memory::default().reply(429, "application/json", body).builder().clock(Impatient::new()).build().unwrap();
    let error = Call::<Chat>::new(client, "hello").await.unwrap_err();
    assert_eq!((error.quota_resets_at(), error.attempts()), (Some(midnight), 1));
    // By the service's own, if it says.
    let memory =
        Memory::default().reply(429, "application/json", body).with_header("date", "Sat, 03 Oct 2026 00:00:00 GMT");
    let client = memory.builder().clock(Impatient::new()).build().unwrap();
    let error = Call::<Chat>::new(client, "hello").await.unwrap_err();
    assert_eq!(error.quota_resets_at(), Some(midnight + Duration::from_secs(24 * 60 * 60)));
    assert_eq!(coded(429, 3040, "busy").await.quota_resets_at(), None);
}

#[tokio::test]
async fn a_licence_is_agreed_to_with_one_word() {
    let refusal = r#"{"errors":[{"code":5016,"message":"User has not agreed to Llama3.2 model terms"}]}"#;
    let thanks = r#"{"errors":[{"code":5016,"message":"AiError: Thank you for agreeing to this license"}]}"#;
    let memory = Memory::default()
        .reply(403, "application/json", refusal)
        .json(r#"{"result":{"response":"agreed"},"success":true}"#)
        .reply(403, "application/json", thanks)
        .reply(403, "application/json", refusal);
    let client = memory.client();
    assert!(Call::<Chat>::new(client.clone(), "hello").await.unwrap_err().needs_license_agreement());
    memory.sent();
    client.agree_to_license("@cf/test/chat").await.unwrap();
    assert_eq!(memory.sent_text(), r#"{"prompt":"agree"}"#);
    client.agree_to_license("@cf/test/chat").await.unwrap();
    assert!(client.agree_to_license("@cf/test/chat").await.unwrap_err().needs_license_agreement());
}

#[tokio::test]
async fn a_reply_without_end_is_not_read() {
    for memory in [
        Memory::default().json(vec![b' '; 1001]),
        Memory::default().json("{}").with_header("content-length", "1001"),
        Memory::default().pieces(200, "application/json", [[b' '; 600].as_slice(); 2]),
    ] {
        let client = memory.builder().max_reply(1000).clock(Impatient::new()).build().unwrap();
        let error = Call::<Chat>::new(client, "hello").await.unwrap_err();
        assert_eq!((predicates(&error), error.attempts()), (vec!["too large"], 1));
        assert!(error.source().and_then(|source| source.source()).unwrap().to_string().contains("1000 bytes"));
    }
    let client = Memory::default().json(r#"{"response":"hi"}"#).builder().max_reply(17).build().unwrap();
    assert_eq!(Call::<Chat>::new(client, "hello").await.unwrap().response, "hi");
}
