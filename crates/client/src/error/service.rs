//! Reads the service's failures, whatever shape they come in.
//!
//! Seen: the API's envelope with `errors`, an OpenAI-like `{"error": {…}}`, the gateway's `{"internalCode", "message"}`,
//! the partners' `{"state": "Failed", "error": …}`, with any part of each left out, and text that is not JSON at all.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::Value;

use super::{Error, kind::Kind};

/// How much of a reply that is not JSON becomes the message; an error page can be long.
const EXCERPT: usize = 200;

pub(super) fn read(status: u16, headers: &HeaderMap, body: Bytes, now: Option<SystemTime>) -> Error {
    let said = serde_json::from_slice::<Value>(&body).ok().and_then(|value| find(&value)).unwrap_or_default();
    let (message, id_in_message) = match said.message.as_deref() {
        Some(message) => clean(message),
        None => (fallback(status, &body), None),
    };
    let mut error = Error::new(Kind::Service, message);
    error.0.code = said.code;
    // A failure inside a 200 (or inside a stream) keeps that status, unless it says which one it would have had.
    error.0.status = Some(said.status.filter(|_| status < 300).unwrap_or(status));
    error.0.request_id = request_id(headers).or(id_in_message);
    // The reply's own date before this computer's: then a wrong clock here does not matter.
    let now = date(headers, header::DATE.as_str()).or(now);
    error.0.retry_after = retry_after(headers, now);
    error.0.at = now;
    error.0.body = Some(body);
    error
}

/// The id that the service gave the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    headers.get("cf-ai-req-id").and_then(|id| id.to_str().ok()).map(str::to_owned)
}

#[derive(Default)]
struct Said {
    code: Option<u32>,
    status: Option<u16>,
    message: Option<String>,
}

fn find(body: &Value) -> Option<Said> {
    if let Some(said) = body.get("errors").and_then(Value::as_array).and_then(|errors| errors.first()).and_then(item) {
        return Some(said);
    }
    if let Some(said) = body.get("error").and_then(item) {
        return Some(said);
    }
    item(body)
}

/// One failure: a text, or an object that has a code or a message under one of the names seen.
fn item(value: &Value) -> Option<Said> {
    if let Value::String(message) = value {
        return Some(Said { message: Some(message.clone()), ..Said::default() });
    }
    let code = ["internalCode", "code"].iter().find_map(|name| number(value.get(name)?));
    let text = |name: &&str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let message = ["message", "description", "detail", "error"].iter().find_map(text);
    let is_failure = |status: &u16| (400..600).contains(status);
    let status = value.get("httpCode").and_then(number).and_then(|status| status.try_into().ok()).filter(is_failure);
    (code.is_some() || message.is_some()).then_some(Said { code, status, message })
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|code| code.try_into().ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The message without what surrounds it, and the request id found at its end.
fn clean(message: &str) -> (String, Option<String>) {
    let (text, id) = split_id(message.trim());
    let text = strip_prefixes(text);
    let text = match serde_json::from_str::<Value>(text) {
        Ok(nested @ Value::Object(_)) => find(&nested).and_then(|said| said.message).unwrap_or_else(|| text.to_owned()),
        _ => text.to_owned(),
    };
    (text, id)
}

fn strip_prefixes(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix("AiError:").or_else(|| text.strip_prefix("Ai:")) {
        text = rest.trim_start();
    }
    text
}

/// `"text (cba15bde-…)"` → `"text"` and the id. Other words in brackets stay: an id is long and hexadecimal.
fn split_id(message: &str) -> (&str, Option<String>) {
    let found = message.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    match found {
        Some((text, id)) if id.len() >= 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') => {
            (text, Some(id.to_owned()))
        }
        _ => (message, None),
    }
}

/// The message for a reply that says nothing readable.
fn fallback(status: u16, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Pages of HTML, as proxies answer, tell nothing in their first words.
    if line.is_empty() || line.starts_with('<') || line.starts_with('{') {
        let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        return match reason {
            Some(reason) if (300..400).contains(&status) => {
                format!(
                    "the service answered {status} {reason}, and redirects are not followed: is the base URL right?"
                )
            }
            Some(reason) if status >= 300 => format!("the service answered {status} {reason}"),
            _ => "the service reported a failure without saying which".to_owned(),
        };
    }
    line.chars().take(EXCERPT).collect()
}

/// How long to wait: milliseconds, seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Option<SystemTime>) -> Option<Duration> {
    let number = |name: &str, unit: f64| {
        let amount = text(headers, name)?.parse::<f64>().ok()? * unit;
        Duration::try_from_secs_f64(amount).ok()
    };
    let name = header::RETRY_AFTER.as_str();
    number("retry-after-ms", 0.001)
        .or_else(|| number(name, 1.0))
        // A date that has passed says nothing: at once would be too soon.
        .or_else(|| date(headers, name)?.duration_since(now?).ok())
}

fn date(headers: &HeaderMap, name: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, name)?).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &str, id: Option<&str>) {
        assert_eq!(clean(message), (expected.to_owned(), id.map(str::to_owned)));
    }

    #[test]
    fn what_surrounds_a_message_is_stripped() {
        check(
            "AiError: AiError: rate reached (cba15bde-5351-404a-bc9e-32094e768932)",
            "rate reached",
            Some("cba15bde-5351-404a-bc9e-32094e768932"),
        );
        check("AiError: Ai: too long.", "too long.", None);
        check("Authentication failed (status: 400)", "Authentication failed (status: 400)", None);
        check("No such model (llama-3-8b-instruct)", "No such model (llama-3-8b-instruct)", None);
        check("files (model.safetensors and config.json)", "files (model.safetensors and config.json)", None);
    }

    #[test]
    fn json_in_a_message_is_opened() {
        check(
            r#"AiError: AiError: {"error":{"type":"invalid_request","message":"no questions","details":{}}} (cba15bde-5351)"#,
            "no questions",
            Some("cba15bde-5351"),
        );
        check(r#"AiError: {"object":"error","message":"bad","code":400}"#, "bad", None);
        check(r#"AiError: {"odd":1}"#, r#"{"odd":1}"#, None);
    }

    #[test]
    fn waiting_times_come_in_three_forms() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        assert_eq!(
            retry_after(&headers(&[("retry-after-ms", "1500"), ("retry-after", "9")]), None),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(retry_after(&headers(&[("retry-after", "9")]), None), Some(Duration::from_secs(9)));
        let now = httpdate::parse_http_date("Fri, 02 Oct 2026 10:00:00 GMT").ok();
        let date = headers(&[("retry-after", "Fri, 02 Oct 2026 10:00:30 GMT")]);
        assert_eq!(retry_after(&date, now), Some(Duration::from_secs(30)));
        let passed = headers(&[("retry-after", "Fri, 02 Oct 2026 09:59:30 GMT")]);
        assert_eq!(retry_after(&passed, now), None);
        assert_eq!(retry_after(&headers(&[("retry-after", "-1")]), None), None);
        assert_eq!(retry_after(&headers(&[("retry-after", "soon")]), None), None);
    }

    #[test]
    fn a_failure_inside_a_success_may_say_its_own_status() {
        let status = |status: u16| {
            let body = Bytes::from_static(br#"{"errors":[{"code":3040,"message":"busy","httpCode":429}]}"#);
            read(status, &HeaderMap::new(), body, None).0.status
        };
        assert_eq!((status(200), status(299), status(300), status(500)), (Some(429), Some(429), Some(300), Some(500)));
    }

    #[test]
    fn a_failure_without_words_is_called_by_its_status() {
        assert_eq!(fallback(503, b"<html>"), "the service answered 503 Service Unavailable");
        assert_eq!(fallback(400, b""), "the service answered 400 Bad Request");
        assert!(fallback(300, b"").contains("300 Multiple Choices, and redirects are not followed"));
        assert!(fallback(399, b"").contains("without saying which"));
        assert_eq!(fallback(200, b"{}"), "the service reported a failure without saying which");
        assert_eq!(fallback(999, b"{}"), "the service reported a failure without saying which");
        assert_eq!(fallback(502, b"out  of\norder"), "out of order");
    }
}
