//! Whether a request says only what a model's queue takes.
//!
//! Queues take fewer forms than direct calls, and the service answers a wrong one only when the batch is worked on. So the
//! request is read as the queue's own type and written again: what did not survive is what the queue would not take.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Invalid, request::explain};

/// Refuses a JSON body that is not an `Item`, naming the first field that is not taken.
pub(super) fn check<Item: Serialize + DeserializeOwned>(body: &[u8]) -> Result<(), Invalid> {
    let item: Item = serde_json::from_slice(body)
        .map_err(|_| Invalid::request(format!("the queue does not take this request: {}", explain::<Item>(body))))?;
    let unreadable = |_| Invalid::request("the queue does not take this request");
    let asked: Value = serde_json::from_slice(body).map_err(unreadable)?;
    let taken = serde_json::to_value(item).map_err(unreadable)?;
    match lost(&asked, &taken) {
        None => Ok(()),
        Some(path) if path.is_empty() => Err(Invalid::request("the queue does not take this request")),
        Some(path) => Err(Invalid::parameter(path, "the queue does not take this")),
    }
}

/// The path of the first thing that was asked and not taken.
fn lost(asked: &Value, taken: &Value) -> Option<String> {
    match (asked, taken) {
        (Value::Object(asked), Value::Object(taken)) => asked.iter().find_map(|(name, value)| {
            let kept = taken.get(name).unwrap_or(&Value::Null);
            lost(value, kept).map(|path| join(name, &path))
        }),
        (Value::Array(asked), Value::Array(taken)) if asked.len() == taken.len() => asked
            .iter()
            .zip(taken)
            .enumerate()
            .find_map(|(index, (asked, taken))| lost(asked, taken).map(|path| join(&format!("[{index}]"), &path))),
        // 1 and 1.0 are the same to JSON.
        (Value::Number(asked), Value::Number(taken)) => {
            (asked != taken && asked.as_f64() != taken.as_f64()).then(String::new)
        }
        (asked, taken) => (asked != taken).then(String::new),
    }
}

fn join(name: &str, path: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else if path.starts_with('[') {
        format!("{name}{path}")
    } else {
        format!("{name}.{path}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_lost(asked: &Value, taken: &Value, expected: Option<&str>) {
        assert_eq!(lost(asked, taken).as_deref(), expected);
    }

    #[test]
    fn what_was_lost_is_named() {
        check_lost(&json!({"a": 1, "b": null}), &json!({"a": 1.0, "c": 2}), None);
        check_lost(&json!({"a": [{"b": 1}, {"b": 2, "c": 3}]}), &json!({"a": [{"b": 1}, {"b": 2}]}), Some("a[1].c"));
        check_lost(&json!({"a": 1}), &json!({"a": 2}), Some("a"));
        check_lost(&json!({"a": [1]}), &json!({"a": [1, 2]}), Some("a"));
        check_lost(&json!({"a": {"b": "x"}}), &json!({"a": {"b": "y"}}), Some("a.b"));
    }

    #[test]
    fn what_is_refused_as_a_whole_has_no_place() {
        /// Takes anything and keeps nothing of it.
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(from = "Value")]
        struct Nothing;

        impl From<Value> for Nothing {
            fn from(_: Value) -> Self {
                Self
            }
        }

        let refused = |body: &[u8]| check::<Nothing>(body).err().map(|invalid| invalid.to_string());
        assert_eq!(refused(b"null"), None);
        assert_eq!(refused(b"1").as_deref(), Some("the queue does not take this request"));
        let refused = check::<Vec<bool>>(b"[1]").err().map(|invalid| invalid.to_string()).unwrap_or_default();
        assert!(refused.starts_with("the queue does not take this request: [0]: invalid type"), "{refused}");
    }
}
