//! Where two requests differ, in words that fit into a message.

use serde_json::Value;

/// How much of a value is shown.
const SHOWN: usize = 60;

/// How many differences are shown.
const MOST: usize = 5;

/// A place at which two values differ.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference<'a> {
    /// JSON pointer.
    pub(crate) at: String,
    pub(crate) here: Option<&'a Value>,
    pub(crate) there: Option<&'a Value>,
}

/// Every place at which two values differ, as deep as they are alike.
pub(crate) fn differences<'a>(here: &'a Value, there: &'a Value) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    compare(String::new(), Some(here), Some(there), &mut found);
    found
}

fn compare<'a>(at: String, here: Option<&'a Value>, there: Option<&'a Value>, found: &mut Vec<Difference<'a>>) {
    match (here, there) {
        (Some(Value::Object(here)), Some(Value::Object(there))) => {
            let names = here.keys().chain(there.keys().filter(|name| !here.contains_key(*name)));
            for name in names {
                let step = name.replace('~', "~0").replace('/', "~1");
                compare(format!("{at}/{step}"), here.get(name), there.get(name), found);
            }
        }
        (Some(Value::Array(here)), Some(Value::Array(there))) => {
            for index in 0..here.len().max(there.len()) {
                compare(format!("{at}/{index}"), here.get(index), there.get(index), found);
            }
        }
        (here, there) if here != there => found.push(Difference { at, here, there }),
        _ => {}
    }
}

/// The differences as one sentence.
pub(crate) fn told(differences: &[Difference<'_>]) -> String {
    let mut told: Vec<String> = differences
        .iter()
        .take(MOST)
        .map(|Difference { at, here, there }| {
            let at = if at.is_empty() { "the body" } else { at };
            format!("{at} is {} and was {}", short(*here), short(*there))
        })
        .collect();
    if differences.len() > MOST {
        told.push(format!("{} more", differences.len() - MOST));
    }
    told.join("; ")
}

fn short(value: Option<&Value>) -> String {
    let Some(value) = value else { return "not there".to_owned() };
    let written = value.to_string();
    match written.char_indices().nth(SHOWN) {
        None => written,
        Some((end, _)) => format!("{}…", written.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(here: Value, there: Value, expected: &str) {
        assert_eq!(told(&differences(&here, &there)), expected);
    }

    #[test]
    fn differences_are_told_by_pointer() {
        check(json!({"a": 1, "b": [1, 2]}), json!({"b": [1, 2], "a": 1}), "");
        check(
            json!({"messages": [{"content": "hi"}], "a/b": 1}),
            json!({"messages": [{"content": "ho"}], "top_k": 3}),
            "/a~1b is 1 and was not there; /messages/0/content is \"hi\" and was \"ho\"; /top_k is not there and was 3",
        );
        check(json!("x".repeat(99)), json!(1), &format!("the body is \"{}… and was 1", "x".repeat(59)));
        let many: Value = (0..7).collect();
        check(
            many,
            json!([]),
            "/0 is 0 and was not there; /1 is 1 and was not there; /2 is 2 and was not there; /3 is 3 and was not there; /4 is 4 and was not there; 2 more",
        );
    }
}
