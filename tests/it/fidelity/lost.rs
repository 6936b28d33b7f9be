//! What went in and did not come out again.

use serde_json::Value;

/// The path of the first thing that was given and not written.
///
/// Absent, null and an empty list say the same, and so do a thing and a list of only it. Numbers may lose what `f32` cannot hold: vectors are read as such.
pub(crate) fn lost(given: &Value, written: &Value) -> Option<String> {
    match (given, written) {
        (Value::Null, _) => None,
        (Value::Array(items), Value::Null) if items.is_empty() => None,
        (Value::Object(given), Value::Object(written)) => given.iter().find_map(|(name, value)| {
            let kept = written.get(name).unwrap_or(&Value::Null);
            lost(value, kept).map(|path| format!("/{name}{path}"))
        }),
        (Value::Array(given), Value::Array(written)) if given.len() == written.len() => {
            let mut pairs = given.iter().zip(written).enumerate();
            pairs.find_map(|(index, (given, written))| lost(given, written).map(|path| format!("/{index}{path}")))
        }
        (Value::Object(_), Value::Array(written)) if written.len() == 1 => lost(given, written.first()?),
        (Value::Number(given), Value::Number(written)) => {
            let (given, written) = (given.as_f64().unwrap_or_default(), written.as_f64().unwrap_or_default());
            ((given - written).abs() > 1e-6 * given.abs()).then(String::new)
        }
        (given, written) => (given != written).then(String::new),
    }
}
