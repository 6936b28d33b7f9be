//! Parameters that travel in the address: the top level of an object as name and value pairs.

use serde::Serialize;
use serde_json::Value;

use super::{Invalid, json};

/// A pair per field; nulls are left out, lists repeat their name, objects go as JSON text.
pub(super) fn pairs(fields: &(impl Serialize + ?Sized)) -> Result<Vec<(String, String)>, Invalid> {
    // Through bytes, so that a refused value is reported with its path like everywhere else.
    let body = json::write(fields)?;
    let value: Value = serde_json::from_slice(&body)
        .map_err(|error| Invalid::request("query parameters must be an object").with_source(error))?;
    let Value::Object(fields) = value else {
        return Err(Invalid::request("query parameters must be an object"));
    };
    let mut pairs = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        push(&mut pairs, &name, value);
    }
    Ok(pairs)
}

/// Names and values.
type Pairs = Vec<(String, String)>;

/// The pairs of a JSON object, and the text of one field that is not to be among them.
pub(super) fn without(body: &[u8], field: Option<&str>) -> Result<(Pairs, Option<String>), Invalid> {
    let unreadable =
        |error: serde_json::Error| Invalid::request("query parameters must be an object").with_source(error);
    let mut fields: serde_json::Map<String, Value> = serde_json::from_slice(body).map_err(unreadable)?;
    let taken = field.and_then(|field| fields.remove(field)).filter(|value| !value.is_null()).map(text);
    let mut pairs = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        push(&mut pairs, &name, value);
    }
    Ok((pairs, taken))
}

/// Adds the pairs of one field.
pub(super) fn push(pairs: &mut Vec<(String, String)>, name: &str, value: Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.into_iter().for_each(|item| push(pairs, name, item)),
        value => pairs.push((name.to_owned(), text(value))),
    }
}

/// Text as it is, everything else as JSON.
pub(super) fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
