//! Whole replies, in and out of the API's envelope: read as what they are, or refused with a reason.

use serde_json::{Value, json};
use workers_ai_client::Answer;

use super::canned::{at_once, client};
use super::wire::Wire;
use crate::{Target, Written};

/// Replies with status and headers.
pub const ENVELOPE: Target = Target { name: "envelope", written: Written::Lines, run };

fn run(bytes: &[u8]) {
    let Wire { status, headers, body } = Wire::read(bytes);
    let answer = Answer::new(status, headers.clone(), body.to_vec());
    match answer.json::<Value>() {
        Ok(value) => {
            // What was read stands in the body: all of it, or what the envelope holds. What stands beside the result is not read, so
            // it may be no text at all.
            if let Ok(whole) = serde_json::from_slice::<Value>(body) {
                assert!(value == whole || whole.get("result") == Some(&value), "{value} out of {whole}");
                assert_ne!(whole.get("success"), Some(&json!(false)), "a failure was read as a success");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty() && error.status().is_some(), "{error:?}"),
    }
    for outcome in [answer.json::<Vec<f32>>().err(), answer.json::<[Value; 2]>().err(), answer.json::<String>().err()] {
        assert!(outcome.is_none_or(|error| !error.to_string().is_empty()));
    }
    let _ = (answer.is_json(), answer.content_type());
    let client = client(status, headers, [body]);
    let called = at_once(async { client.untyped("@cf/a/b", json!({})).send().await });
    if let (Ok(response), Ok(value)) = (called, answer.json::<Value>()) {
        assert_eq!(response.value, value, "a call reads what the answer does");
    }
}
