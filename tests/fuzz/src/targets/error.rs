//! Failures, whatever they look like: every question about them has an answer, and no answer shows the token.

use std::error::Error as _;

use serde_json::json;

use super::canned::{TOKEN, at_once, client};
use super::wire::Wire;
use crate::{Target, Written};

/// Replies with status and headers, most of them failures.
pub const ERROR: Target = Target { name: "error", written: Written::Lines, run };

fn run(bytes: &[u8]) {
    let Wire { status, headers, body } = Wire::read(bytes);
    let client = client(status, headers, [body]);
    let outcome = at_once(async { client.untyped("@cf/a/b", json!({})).send().await });
    let Err(error) = outcome else {
        assert!(status.is_success(), "{status} is taken for a success");
        return;
    };
    let shown = format!("{error} {error:?} {:?}", error.source());
    assert!(!shown.contains(TOKEN), "the token is shown: {shown}");
    assert!(!error.to_string().contains(['\n', '\r']), "a message of several lines: {error}");
    assert_eq!(error.model(), Some("@cf/a/b"));
    assert_eq!(error.attempts(), 1);
    let answers = [
        error.is_rate_limited(),
        error.is_out_of_capacity(),
        error.is_quota_exhausted(),
        error.is_budget_exhausted(),
        error.is_context_exceeded(),
        error.is_retired(),
        error.needs_paid_plan(),
        error.needs_license_agreement(),
        error.is_forbidden(),
        error.is_authentication(),
        error.is_not_found(),
        error.is_timeout(),
        error.is_connection(),
        error.is_invalid_request(),
        error.is_json_mode_failed(),
        error.is_content_refused(),
        error.is_gateway(),
        error.is_decode(),
        error.is_too_large(),
        error.is_truncated(),
    ];
    let _ =
        (answers, error.retry_class(), error.quota_resets_at(), error.retry_after(), error.code(), error.request_id());
    // A spent quota is nothing that trying again would mend.
    assert!(!(error.is_quota_exhausted() && error.is_retryable()), "{error:?}");
    assert!(error.status().is_some() || error.is_connection(), "{error:?}");
}
