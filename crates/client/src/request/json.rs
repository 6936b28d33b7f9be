//! JSON bodies as bytes: written once, and extended without being read again.

use memchr::memmem;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use serde_path_to_error::Segment;

use super::Invalid;

/// Writes a value. Only when that fails is it written again with its path followed, which costs about as much again.
pub(crate) fn write(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, Invalid> {
    if let Ok(body) = serde_json::to_vec(value) {
        return Ok(body);
    }
    let mut serializer = serde_json::Serializer::new(Vec::new());
    match serde_path_to_error::serialize(value, &mut serializer) {
        Ok(()) => Ok(serializer.into_inner()),
        Err(error) => {
            let path = error.path().to_string();
            let reason = error.inner().to_string();
            Err(if path == "." { Invalid::request(reason) } else { Invalid::parameter(path, reason) })
        }
    }
}

/// Why `json` is not a `T`: the path to the place, and the reason.
pub(crate) fn explain<T: DeserializeOwned>(json: &[u8]) -> String {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        // What is not JSON at all has no path.
        Err(error) if error.path().iter().any(|segment| !matches!(segment, Segment::Unknown)) => {
            format!("{}: {}", error.path(), error.inner())
        }
        Err(error) => error.inner().to_string(),
        Ok(_) => "there is more after the end of the JSON".to_owned(),
    }
}

/// Sets fields of a JSON object given as bytes; what is set wins over what the object has.
///
/// The usual case adds a name the object does not have, and is a splice before the closing brace. Whether it has the name
/// is decided by searching for the name in quotes, exactly as it would be written as a key: not found means not there.
/// Found (perhaps in some text) means that the top level is taken apart, values left unread.
pub(super) fn merge(body: &mut Vec<u8>, fields: &[(String, Value)]) -> Result<(), Invalid> {
    for (name, value) in fields {
        let key = serde_json::to_vec(name).map_err(unwritable)?;
        if memmem::find(body, &key).is_some() {
            remove(body, name)?;
        }
        splice(body, &key, value)?;
    }
    Ok(())
}

/// Sets a field of an object that is itself a field; whatever else is there stays.
pub(super) fn merge_into(body: &mut Vec<u8>, outer: &str, name: &str, value: Value) -> Result<(), Invalid> {
    let key = serde_json::to_vec(outer).map_err(unwritable)?;
    let mut object = serde_json::Map::new();
    if memmem::find(body, &key).is_some() {
        let fields: Fields<'_> = serde_json::from_slice(body).map_err(|_| not_an_object())?;
        if let Some((_, present)) = fields.0.iter().find(|(key, _)| key == outer) {
            object = serde_json::from_str(present.get())
                .map_err(|_| Invalid::parameter(outer, "must be an object for options to be set in it"))?;
        }
    }
    object.insert(name.to_owned(), value);
    merge(body, &[(outer.to_owned(), Value::Object(object))])
}

fn splice(body: &mut Vec<u8>, key: &[u8], value: &Value) -> Result<(), Invalid> {
    let content = body.trim_ascii_end();
    let (Some(b'}'), Some(b'{')) = (content.last(), content.trim_ascii_start().first()) else {
        return Err(not_an_object());
    };
    let end = content.len().saturating_sub(1);
    body.truncate(end);
    if body.trim_ascii() != b"{" {
        body.push(b',');
    }
    body.extend_from_slice(key);
    body.push(b':');
    serde_json::to_writer(&mut *body, value).map_err(unwritable)?;
    body.push(b'}');
    Ok(())
}

fn remove(body: &mut Vec<u8>, name: &str) -> Result<(), Invalid> {
    let fields: Fields<'_> = serde_json::from_slice(body).map_err(|_| not_an_object())?;
    let mut rest = Vec::with_capacity(body.len());
    rest.push(b'{');
    for (key, value) in &fields.0 {
        if key == name {
            continue;
        }
        if rest.len() > 1 {
            rest.push(b',');
        }
        serde_json::to_writer(&mut rest, key).map_err(unwritable)?;
        rest.push(b':');
        rest.extend_from_slice(value.get().as_bytes());
    }
    rest.push(b'}');
    *body = rest;
    Ok(())
}

/// The fields of an object in their order, values unread.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Fields<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

fn not_an_object() -> Invalid {
    Invalid::request("parameters can only be set on a request that is a JSON object")
}

fn unwritable(error: serde_json::Error) -> Invalid {
    Invalid::request("a value cannot be written as JSON").with_source(error)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &str, fields: &[(&str, Value)], expected: &str) {
        let mut bytes = body.as_bytes().to_vec();
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        merge(&mut bytes, &fields).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn a_new_field_goes_to_the_end() {
        check(r#"{"a":1}"#, &[("stream", json!(true))], r#"{"a":1,"stream":true}"#);
        check("{}", &[("stream", json!(true))], r#"{"stream":true}"#);
        check(" { } ", &[("a", json!([1]))], r#" { "a":[1]}"#);
    }

    #[test]
    fn a_field_that_is_there_is_replaced() {
        check(r#"{"a":1,"b":{"a":2},"c":"}"}"#, &[("a", json!(3))], r#"{"b":{"a":2},"c":"}","a":3}"#);
        check(r#"{"a":1}"#, &[("a", json!(2)), ("a", json!(3))], r#"{"a":3}"#);
        check(r#"{"q\"":1}"#, &[("q\"", json!(2))], r#"{"q\"":2}"#);
    }

    #[test]
    fn a_name_inside_text_is_not_a_field() {
        check(r#"{"t":["stream"]}"#, &[("stream", json!(true))], r#"{"t":["stream"],"stream":true}"#);
    }

    #[test]
    fn only_objects_have_fields() {
        assert!(merge(&mut b"[1]".to_vec(), &[("a".to_owned(), json!(1))]).is_err());
        assert!(merge(&mut b"[\"a\"]".to_vec(), &[("a".to_owned(), json!(1))]).is_err());
    }

    #[test]
    fn a_place_is_named_where_there_is_one() {
        assert_eq!(explain::<Vec<bool>>(b"sea"), "expected value at line 1 column 1");
        assert_eq!(
            explain::<Vec<bool>>(b"[true, 1]"),
            "[1]: invalid type: integer `1`, expected a boolean at line 1 column 8"
        );
        assert_eq!(explain::<Vec<bool>>(b"[true] 1"), "there is more after the end of the JSON");
    }

    #[test]
    fn options_are_set_in_an_object_that_may_be_there() {
        let merged = |body: &str| {
            let mut bytes = body.as_bytes().to_vec();
            merge_into(&mut bytes, "options", "a", json!(1)).map(|()| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(merged("{}").unwrap(), r#"{"options":{"a":1}}"#);
        assert_eq!(merged(r#"{"options":{"b":2},"c":3}"#).unwrap(), r#"{"c":3,"options":{"a":1,"b":2}}"#);
        assert_eq!(merged(r#"{"c":"options"}"#).unwrap(), r#"{"c":"options","options":{"a":1}}"#);
        assert!(merged(r#"{"options":1}"#).is_err());
    }
}
