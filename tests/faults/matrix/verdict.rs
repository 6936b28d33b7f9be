//! What an error says about itself, in the words of its predicates.

use std::time::Duration;

use workers_ai::Error;

type Predicate = (&'static str, fn(&Error) -> bool);

/// The more telling first.
const PREDICATES: &[Predicate] = &[
    ("is_rate_limited", Error::is_rate_limited),
    ("is_out_of_capacity", Error::is_out_of_capacity),
    ("is_quota_exhausted", Error::is_quota_exhausted),
    ("is_too_large", Error::is_too_large),
    ("is_timeout", Error::is_timeout),
    ("is_truncated", Error::is_truncated),
    ("is_connection", Error::is_connection),
    ("is_decode", Error::is_decode),
    ("is_authentication", Error::is_authentication),
    ("is_forbidden", Error::is_forbidden),
    ("is_not_found", Error::is_not_found),
    ("is_invalid_request", Error::is_invalid_request),
    ("is_budget_exhausted", Error::is_budget_exhausted),
    ("is_context_exceeded", Error::is_context_exceeded),
    ("is_content_refused", Error::is_content_refused),
    ("is_gateway", Error::is_gateway),
    ("is_json_mode_failed", Error::is_json_mode_failed),
    ("is_retired", Error::is_retired),
    ("needs_paid_plan", Error::needs_paid_plan),
    ("needs_license_agreement", Error::needs_license_agreement),
];

/// The error in a word or two.
pub(crate) fn short(error: &Error) -> String {
    match PREDICATES.iter().find(|(_, is)| is(error)) {
        Some((name, _)) => name.trim_start_matches("is_").replace('_', " "),
        None => error.status().map_or_else(|| "other".to_owned(), |status| format!("status {status}")),
    }
}

/// All that it says.
pub(crate) fn long(error: &Error) -> String {
    let predicates = PREDICATES.iter().filter(|(_, is)| is(error)).map(|(name, _)| format!("`{name}`"));
    let mut facts: Vec<String> = predicates.collect();
    facts.extend(error.status().map(|status| format!("status {status}")));
    facts.extend(error.code().map(|code| format!("code {code}")));
    format!("{}: “{}”", facts.join(", "), error.message().replace('|', "\\|"))
}

/// What the waits before further attempts were, held against what they may be.
pub(crate) fn waits(error: &Error, waited: &[Duration]) -> &'static str {
    let seconds: Vec<f64> = waited.iter().map(Duration::as_secs_f64).collect();
    let within = |bounds: [f64; 3]| seconds.iter().zip(bounds).all(|(wait, bound)| *wait <= bound);
    assert!(seconds.len() <= 3, "{seconds:?}");
    match error.retry_after() {
        _ if waited.is_empty() => "",
        Some(asked) => {
            let asked = asked.as_secs_f64();
            assert!(seconds.iter().all(|wait| (asked..=asked * 1.25).contains(wait)), "{seconds:?}, not {asked}");
            ", as asked"
        }
        None if error.is_rate_limited() => {
            assert!(within([8.0, 16.0, 32.0]), "{seconds:?}");
            ", the next minute"
        }
        None => {
            assert!(within([0.5, 1.0, 2.0]), "{seconds:?}");
            ", backoff"
        }
    }
}
