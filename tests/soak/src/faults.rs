//! What goes wrong: five calls of a hundred, each kind of failure with a share of its own.

use serde_json::{Value, json};

/// The faults of a sandbox, as its server takes them.
pub(crate) fn faults() -> Vec<Value> {
    vec![
        json!({"error": "capacity", "chance": 0.01}),
        json!({"error": 3021, "retry_after": 0, "chance": 0.005}),
        json!({"error": 5001, "chance": 0.005}),
        json!({"reset": true, "chance": 0.01}),
        json!({"cut_after": 2, "chance": 0.01}),
        json!({"malformed_at": 1, "chance": 0.005}),
        json!({"duplicate_done": true, "chance": 0.0025}),
        json!({"latency_ms": 100, "jitter_ms": 100, "chance": 0.0025}),
    ]
}

/// The share of calls that something happens to.
pub(crate) fn share() -> f64 {
    faults().iter().filter_map(|fault| fault.get("chance")?.as_f64()).sum()
}
