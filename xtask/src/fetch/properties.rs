//! Published properties as facts: booleans and numbers that are booleans and numbers.

use serde_json::{Map, Value};

use crate::catalogue::date::Date;

/// Properties that other parts of a model file carry.
const ELSEWHERE: &[&str] = &["price", "planned_deprecation_date"];

/// A property is a short fact; anything longer is prose or an attack.
const LONGEST: usize = 1000;

/// What remains in `properties`, in canonical types.
pub(crate) fn normalise(published: &Map<String, Value>) -> Map<String, Value> {
    published
        .iter()
        .filter(|(name, value)| !ELSEWHERE.contains(&name.as_str()) && is_fact(name, value))
        .map(|(name, value)| (name.clone(), typed(value)))
        .collect()
}

/// The day from which the service says that it will drop the model.
pub(crate) fn planned_deprecation(published: &Map<String, Value>) -> Option<Date> {
    let text = published.get("planned_deprecation_date")?.as_str()?;
    Date::of_timestamp(text).or_else(|| text.parse().ok())
}

fn is_fact(name: &str, value: &Value) -> bool {
    let is_name = !name.is_empty()
        && name.len() <= 60
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let is_value = match (name, value) {
        (_, Value::Null) => false,
        ("info" | "terms", value) => value.as_str().is_some_and(is_url),
        (_, value) => value.to_string().len() <= LONGEST,
    };
    is_name && is_value
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= 300
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

fn typed(value: &Value) -> Value {
    match value {
        Value::String(text) if text == "true" => Value::Bool(true),
        Value::String(text) if text == "false" => Value::Bool(false),
        Value::String(text) if is_whole_number(text) => text.parse::<u64>().map_or_else(|_| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// Digits only, and none that would be lost: a version such as `007` is not a number.
fn is_whole_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(published: Value, facts: Value) {
        let Value::Object(published) = published else { unreachable!("tests pass objects") };
        assert_eq!(Value::Object(normalise(&published)), facts);
    }

    #[test]
    fn strings_become_what_they_mean() {
        check(
            json!({"beta": "true", "lora": "false", "context_window": "60000", "zero": "0", "odd": "007", "huge": "99999999999999999999999", "languages": "english, hindi"}),
            json!({"beta": true, "lora": false, "context_window": 60000, "zero": 0, "odd": "007", "huge": "99999999999999999999999", "languages": "english, hindi"}),
        );
    }

    #[test]
    fn prices_dates_prose_and_false_links_do_not_stay() {
        check(
            json!({"price": [], "planned_deprecation_date": "2026-12-01", "info": "javascript:alert(1)", "terms": "https://bfl.ai/terms",
                   "essay": "x".repeat(2000), "a b": "true", "nothing": null}),
            json!({"terms": "https://bfl.ai/terms"}),
        );
    }

    #[test]
    fn objects_are_kept_whole() {
        let effort = json!({"supported_efforts": ["high", "none"], "mandatory": false});
        check(json!({"reasoning_effort": effort}), json!({"reasoning_effort": effort}));
    }

    #[test]
    fn the_planned_date_is_a_day() {
        let planned = |value: &str| {
            let properties = Map::from_iter([("planned_deprecation_date".to_owned(), json!(value))]);
            planned_deprecation(&properties).map(String::from)
        };
        assert_eq!(planned("2026-12-01").as_deref(), Some("2026-12-01"));
        assert_eq!(planned("2026-12-01T00:00:00Z").as_deref(), Some("2026-12-01"));
        assert_eq!(planned("soon"), None);
    }
}
