//! Reads requests as JSON, raw bytes or parts, and holds them against the model's schema.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use workers_ai_codegen::{Form, Transport};

use crate::catalog::Model;
use crate::dialect::Style;
use crate::dice::Dice;
use crate::refusal::Refusal;
use crate::validate::Checker;

/// What is read at most where something is done at once, in bytes.
pub(crate) const QUICKLY_READ: usize = 32 << 10;
/// So many bytes could be read in the time that any one text takes, whatever its length.
const EACH_TEXT: usize = 256;

/// A request that satisfies its model's schema.
///
/// ```
/// use workers_ai_local::Input;
///
/// let fields = serde_json::json!({"prompt": "a lighthouse", "steps": 4, "image": "iVBORw0KGgo="});
/// let input = Input { fields: fields.as_object().cloned().unwrap_or_default(), ..Input::default() };
/// assert_eq!((input.text("prompt"), input.integer("steps")), (Some("a lighthouse"), Some(4)));
/// assert!(input.bytes("image").is_some_and(|image| image.starts_with(b"\x89PNG")));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The fields, without the bytes that travelled beside them and without `stream`.
    pub fields: Map<String, Value>,
    /// Fields that travelled as bytes.
    pub files: BTreeMap<String, Bytes>,
    /// Whether a stream was asked for, if that was said.
    pub stream: Option<bool>,
}

/// One part of a multipart body.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) is_file: bool,
    pub(crate) bytes: Bytes,
}

impl Input {
    /// A JSON body.
    pub(crate) fn from_json(model: &Model, body: Value) -> Result<Self, Refusal> {
        if model.wants_multipart() {
            return Err(Refusal::bad_input("required properties at '/' are 'multipart'"));
        }
        if let Some(checker) = model.request_checker() {
            checker
                .check(&body)
                .or_else(|reason| check_leniently(model, checker, &body).then_some(()).ok_or(reason))
                .map_err(|reason| Refusal::bad_input(&reason))?;
        }
        let Value::Object(mut fields) = body else {
            return Err(Refusal::bad_input("Type mismatch of '/', 'array' not in 'object'"));
        };
        let stream = fields.remove("stream").and_then(|stream| stream.as_bool());
        Ok(Self { fields, stream, files: BTreeMap::new() })
    }

    /// A body that is one field's bytes, with other fields in the query where the model takes them from there.
    pub(crate) fn from_raw(model: &Model, query: &[(String, String)], bytes: Bytes) -> Result<Self, Refusal> {
        let (field, form, with_query) = raw_field(model)?;
        let mut fields = Map::new();
        if with_query {
            let properties = form.1.schema.get("properties");
            for (name, text) in query.iter().filter(|(name, _)| name != "queueRequest") {
                let property = properties.and_then(|properties| properties.get(name));
                fields.insert(name.clone(), from_text(property, text));
            }
        }
        Self::around(model, field, bytes, fields, [form].into_iter())
    }

    /// A body that is one field's bytes, with the other fields beside it, as the AI binding sends streams.
    pub(crate) fn from_raw_beside(model: &Model, fields: Map<String, Value>, bytes: Bytes) -> Result<Self, Refusal> {
        let (field, _, _) = raw_field(model)?;
        // What is beside the bytes may belong to a form that is published as JSON.
        let forms = model.forms().filter(|(_, form)| has_field(&form.schema, field));
        Self::around(model, field, bytes, fields, forms)
    }

    fn around<'a>(
        model: &Model,
        field: &str,
        bytes: Bytes,
        mut fields: Map<String, Value>,
        forms: impl Iterator<Item = (&'a str, &'a Form)>,
    ) -> Result<Self, Refusal> {
        if bytes.is_empty() {
            return Err(Refusal::incomplete("body"));
        }
        let stream = fields.remove("stream").and_then(|stream| stream.as_bool());
        let input = Self { fields, files: BTreeMap::from([(field.to_owned(), bytes)]), stream };
        input.check_beside_files(model, forms)?;
        Ok(input)
    }

    /// The parameters of a session: the query, as text or as what the schema says. What is said in the session itself is
    /// not asked for here.
    pub(crate) fn for_session(model: &Model, query: &[(String, String)]) -> Result<Self, Refusal> {
        let realtime = model.canonical().and_then(|canonical| canonical.realtime.as_ref());
        let (Some(realtime), Some((name, form))) = (realtime, model.forms().next()) else {
            return Err(Refusal::bad_input("this model has no WebSocket"));
        };
        let content = match &form.transport {
            Transport::Raw(field) | Transport::RawWithQuery(field) => Some(field),
            Transport::Json | Transport::Multipart => realtime.content.as_ref(),
        };
        let mut input = Self::default();
        for (name, text) in query {
            let property = form.schema.get("properties").and_then(|properties| properties.get(name));
            input.fields.insert(name.clone(), from_text(property, text));
        }
        input.files.extend(content.map(|field| (field.clone(), Bytes::new())));
        input.check_beside_files(model, [(name, form)].into_iter())?;
        input.files.clear();
        Ok(input)
    }

    /// A body of parts, and fields that travelled beside it.
    pub(crate) fn from_parts(model: &Model, beside: Map<String, Value>, parts: Vec<Part>) -> Result<Self, Refusal> {
        let forms = || model.forms().filter(|(_, form)| form.transport == Transport::Multipart);
        if forms().next().is_none() && model.canonical().is_some() {
            return Err(Refusal::bad_input("Type mismatch of '/', 'string' not in 'object'"));
        }
        let mut input = Self { fields: beside, ..Self::default() };
        for part in parts {
            let property = forms().find_map(|(_, form)| form.schema.get("properties")?.get(&part.name));
            match std::str::from_utf8(&part.bytes) {
                Ok(text) if !part.is_file => {
                    input.fields.insert(part.name, from_text(property, text));
                }
                _ => {
                    input.files.insert(part.name, part.bytes);
                }
            }
        }
        input.check_beside_files(model, forms())?;
        input.stream = input.fields.remove("stream").and_then(|stream| stream.as_bool());
        Ok(input)
    }

    /// Checks the fields against any of these forms, taking for granted that the files are right.
    fn check_beside_files<'a>(
        &self,
        model: &Model,
        forms: impl Iterator<Item = (&'a str, &'a Form)>,
    ) -> Result<(), Refusal> {
        model.beside_files().check(forms, self.fields.clone(), self.files.keys())
    }

    /// A field that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    /// A field that is a whole number.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<u64> {
        self.fields
            .get(name)
            .and_then(|value| value.as_u64().or_else(|| format!("{:.0}", value.as_f64()?).parse().ok()))
    }

    /// A field of bytes, however it travelled: as the body, a part, a list of numbers, base64 or a data URL.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Bytes> {
        if let Some(bytes) = self.files.get(name) {
            return Some(bytes.clone());
        }
        bytes_in(self.fields.get(name)?)
    }

    /// With dice, thrown on another thread where there is much to read.
    pub(crate) async fn with_dice(self, model: &str, seed: u64) -> Result<(Self, Dice), Refusal> {
        let throw = move |input: Self, model: &str| {
            let dice = input.dice(model, seed);
            (input, dice)
        };
        // To another thread and back takes longer than to read a little.
        if self.is_short() {
            return Ok(throw(self, model));
        }
        let model = model.to_owned();
        let thrown = tokio::task::spawn_blocking(move || throw(self, &model)).await;
        thrown.map_err(|error| Refusal::failed(&error.to_string()))
    }

    /// Whether all of it is read in no time.
    pub(crate) fn is_short(&self) -> bool {
        let in_files: usize = self.files.values().map(Bytes::len).sum();
        in_files <= QUICKLY_READ && self.fields.values().try_fold(in_files, read).is_some()
    }

    /// Dice that fall the same way for the same request. All of it is read: see [`with_dice`](Self::with_dice).
    pub(crate) fn dice(&self, model: &str, seed: u64) -> Dice {
        let fields = serde_json::to_vec(&self.fields).unwrap_or_default();
        let files = self.files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_ref()]);
        Dice::from_parts(seed, [model.as_bytes(), fields.as_slice()].into_iter().chain(files))
    }
}

/// What was read so far and a value more; nothing where that is too much.
fn read(so_far: usize, value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(so_far.saturating_add(text.len()).saturating_add(EACH_TEXT)),
        Value::Array(items) => items.iter().try_fold(so_far, read),
        Value::Object(members) => members.values().try_fold(so_far, read),
        _ => Some(so_far.saturating_add(1)),
    }
    .filter(|read| *read <= QUICKLY_READ)
}

/// Three spellings that the service takes and the canonical schemas do not have: media as `{body, contentType}`, as the
/// binding sends it; null for an option that is not set, which the newer models' schemas allow; and the schema of an answer
/// by itself, as the older models take it, where the newer ones publish a wrapping of name and schema (gemma-4 obeyed both,
/// and Cloudflare's provider for the Vercel AI SDK sends the former to every model).
fn check_leniently(model: &Model, checker: &Checker, body: &Value) -> bool {
    let Some(fields) = body.as_object() else { return false };
    let mut plain = fields.clone();
    for value in plain.values_mut() {
        if let Some(inner) = value.get("body").filter(|inner| inner.is_string() && value.get("contentType").is_some()) {
            *value = inner.clone();
        }
    }
    let plain = match Style::of(model, fields) {
        Style::Classic => Value::Object(plain),
        _ => without_nulls(with_wrapped_schema(plain)),
    };
    plain != *body && checker.is_valid(&plain)
}

fn with_wrapped_schema(mut fields: Map<String, Value>) -> Value {
    let schema = fields.get_mut("response_format").and_then(|format| format.get_mut("json_schema"));
    if let Some(schema) = schema.filter(|schema| schema.get("schema").is_none()) {
        *schema = json!({"name": "answer", "schema": schema.take()});
    }
    Value::Object(fields)
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// The field that a body of raw bytes fills, its form, and whether the query holds the other fields.
fn raw_field(model: &Model) -> Result<(&String, (&str, &Form), bool), Refusal> {
    let found = model.forms().find_map(|(name, form)| match &form.transport {
        Transport::Raw(field) => Some((field, (name, form), false)),
        Transport::RawWithQuery(field) => Some((field, (name, form), true)),
        // Some clients send raw bytes where base64 is published.
        Transport::Json => Some((base64_field(&form.schema)?, (name, form), false)),
        Transport::Multipart => None,
    });
    found.ok_or_else(|| Refusal::bad_input("Type mismatch of '/', 'string' not in 'object'"))
}

fn has_field(schema: &Value, name: &str) -> bool {
    schema.get("properties").is_some_and(|properties| properties.get(name).is_some())
}

/// The one field of a schema that holds base64.
fn base64_field(schema: &Value) -> Option<&String> {
    let properties = schema.get("properties")?.as_object()?;
    let encoded = |property: &Value| property.get("contentEncoding").and_then(Value::as_str) == Some("base64");
    properties.iter().find(|(_, property)| encoded(property)).map(|(name, _)| name)
}

fn bytes_in(value: &Value) -> Option<Bytes> {
    match value {
        Value::Array(numbers) => numbers.iter().map(|number| u8::try_from(number.as_u64()?).ok()).collect(),
        Value::String(text) => {
            let encoded = text
                .strip_prefix("data:")
                .and_then(|rest| rest.split_once(','))
                .map_or(text.as_str(), |(_, data)| data);
            BASE64_STANDARD.decode(encoded.trim()).ok().map(Bytes::from)
        }
        Value::Object(members) => bytes_in(members.get("body")?),
        _ => None,
    }
}

/// Text from a form or a query, read as what the schema says it is.
fn from_text(schema: Option<&Value>, text: &str) -> Value {
    let read = || serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean());
    let is = |name: &str| schema.is_some_and(|schema| may_be(schema, name));
    if is("string") || !(is("number") || is("integer") || is("boolean")) {
        return Value::from(text);
    }
    read().unwrap_or_else(|| Value::from(text))
}

fn may_be(schema: &Value, name: &str) -> bool {
    let arms = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    schema.get("type").and_then(Value::as_str) == Some(name) || arms.into_iter().any(|arm| may_be(arm, name))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn bytes_are_found_however_they_travel() {
        for value in [
            json!([1, 2, 3]),
            json!("AQID"),
            json!("data:audio/wav;base64,AQID"),
            json!({"body": "AQID", "contentType": "audio/wav"}),
        ] {
            assert_eq!(bytes_in(&value).as_deref(), Some([1, 2, 3].as_slice()), "{value}");
        }
        assert_eq!(bytes_in(&json!([1, 256])), None);
    }

    #[tokio::test]
    async fn dice_fall_the_same_way_on_any_thread() {
        for length in [10, QUICKLY_READ + 1] {
            let file = Bytes::from(vec![7; length]);
            let input = Input { files: BTreeMap::from([("audio".to_owned(), file)]), ..Input::default() };
            assert_eq!(input.is_short(), length == 10);
            let (back, mut dice) = input.clone().with_dice("@cf/a/b", 1).await.unwrap();
            assert_eq!(dice.next(), input.dice("@cf/a/b", 1).next());
            assert_eq!(back.files, input.files);
        }
    }

    #[test]
    fn text_becomes_what_the_schema_says() {
        assert_eq!(from_text(Some(&json!({"type": "integer"})), "25"), json!(25));
        assert_eq!(from_text(Some(&json!({"type": "string"})), "25"), json!("25"));
        assert_eq!(from_text(Some(&json!({"type": "boolean"})), "true"), json!(true));
        assert_eq!(from_text(Some(&json!({"type": "integer"})), "many"), json!("many"));
        assert_eq!(from_text(None, "25"), json!("25"));
    }
}
