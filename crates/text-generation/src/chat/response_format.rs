//! The form in which an answer is wanted: text, any JSON, or JSON that follows a schema.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value, json};

use super::rules::{Any, Formats, Rules};

/// The form in which an answer is wanted.
///
/// Classic models take a bare JSON Schema, OpenAI-shaped ones a schema with a name around it. A bare schema goes to both:
/// where a name is demanded, the schema's title or `response` is it. A schema that is already wrapped stays as given.
///
/// ```
/// use serde_json::json;
/// use workers_ai_text_generation::{Classic, ResponseFormat, Strict};
///
/// let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
/// let classic = ResponseFormat::<Classic>::json_schema(schema.clone());
/// assert_eq!(serde_json::to_value(&classic)?, json!({"type": "json_schema", "json_schema": schema}));
///
/// let shaped = ResponseFormat::<Strict>::json_schema(schema.clone());
/// assert_eq!(
///     serde_json::to_value(&shaped)?,
///     json!({"type": "json_schema", "json_schema": {"name": "response", "schema": schema}}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseFormat<R: Rules = Any> {
    fields: Map<String, Value>,
    /// The schema comes from a type and is meant to the letter.
    strict: bool,
    rules: PhantomData<R>,
}

impl<R: Rules> ResponseFormat<R> {
    /// Plain text, which is what models answer anyway.
    ///
    /// ```
    /// use workers_ai_text_generation::{ChatRequest, ResponseFormat};
    ///
    /// let request = ChatRequest::new("Hello!").response_format(ResponseFormat::text());
    /// # let _ = request;
    /// ```
    ///
    /// Classic models refuse it when the request is written: leave the format out instead.
    #[must_use]
    pub fn text() -> Self {
        Self::of("text")
    }

    /// Any JSON object. The messages should say which.
    ///
    /// ```
    /// use workers_ai_text_generation::{ChatRequest, Reply, ResponseFormat};
    ///
    /// let request = ChatRequest::new("Name a city, as {\"city\": …}.").response_format(ResponseFormat::json_object());
    /// # let _ = request;
    /// let reply: Reply = serde_json::from_str(r#"{"response": "{\"city\": \"Lisbon\"}"}"#)?;
    /// assert_eq!(reply.json::<serde_json::Value>()?["city"], "Lisbon");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn json_object() -> Self {
        Self::of("json_object")
    }

    /// JSON that follows a schema: a bare JSON Schema, or `{name, strict, schema}`.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{ChatRequest, ResponseFormat};
    ///
    /// let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    /// let request = ChatRequest::new("Name a city.").response_format(ResponseFormat::json_schema(schema));
    /// # let _ = request;
    /// ```
    #[must_use]
    pub fn json_schema(schema: Value) -> Self {
        let mut format = Self::of("json_schema");
        format.fields.insert("json_schema".to_owned(), schema);
        format
    }

    /// The kind of answer: `text`, `json_object` or `json_schema`.
    ///
    /// ```
    /// use workers_ai_text_generation::{Any, ResponseFormat};
    ///
    /// assert_eq!(ResponseFormat::<Any>::json_object().kind(), Some("json_object"));
    /// ```
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.fields.get("type")?.as_str()
    }

    /// The JSON Schema, out of its wrapper.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Any, ResponseFormat};
    ///
    /// let schema = json!({"type": "object"});
    /// let named = ResponseFormat::<Any>::json_schema(json!({"name": "place", "schema": schema}));
    /// assert_eq!(named.schema(), Some(&schema));
    /// ```
    #[must_use]
    pub fn schema(&self) -> Option<&Value> {
        let given = self.fields.get("json_schema")?;
        if is_wrapped(given) { given.get("schema") } else { Some(given) }
    }

    /// The format as JSON, as it was given.
    ///
    /// ```
    /// use workers_ai_text_generation::{Any, ResponseFormat};
    ///
    /// assert_eq!(ResponseFormat::<Any>::text().as_json()["type"], "text");
    /// ```
    #[must_use]
    pub fn as_json(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The same format for a model with other rules.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Any, ResponseFormat, Strict};
    ///
    /// let kept: ResponseFormat<Any> = ResponseFormat::json_schema(json!({"title": "place", "type": "object"}));
    /// let sent = serde_json::to_value(kept.with_rules::<Strict>())?;
    /// assert_eq!(sent["json_schema"]["name"], "place");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn with_rules<S: Rules>(self) -> ResponseFormat<S> {
        ResponseFormat { fields: self.fields, strict: self.strict, rules: PhantomData }
    }

    fn of(kind: &str) -> Self {
        Self { fields: Map::from_iter([("type".to_owned(), kind.into())]), strict: false, rules: PhantomData }
    }

    /// Says that the schema comes from a type.
    #[cfg(feature = "schemars")]
    #[must_use]
    pub(crate) fn strictly(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The fields in the form that the model takes, unless it takes none such.
    pub(crate) fn adapted(&self, formats: Formats) -> Result<Map<String, Value>, String> {
        let mut fields = self.fields.clone();
        if let Formats::OpenAi = formats
            && let Some(given @ Value::Object(_)) = fields.get_mut("json_schema")
        {
            if !is_wrapped(given) {
                let schema = given.take();
                *given = json!({"name": name(&schema), "schema": schema});
                if let (true, Value::Object(wrapper)) = (self.strict, given) {
                    wrapper.insert("strict".to_owned(), true.into());
                }
            } else if let Value::Object(wrapper) = given {
                wrapper.entry("name").or_insert_with(|| "response".into());
            }
        }
        check(&fields, formats)?;
        Ok(fields)
    }
}

/// No JSON Schema keyword is called `name` or `schema`.
fn is_wrapped(given: &Value) -> bool {
    given.get("schema").is_some_and(Value::is_object) || given.get("name").is_some_and(Value::is_string)
}

/// A name from the schema's title, in the letters that names may have.
fn name(schema: &Value) -> String {
    let title = schema.get("title").and_then(Value::as_str).unwrap_or_default();
    let letter = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    let name: String = title.trim().chars().map(letter).take(64).collect();
    if name.is_empty() { "response".to_owned() } else { name }
}

fn check(fields: &Map<String, Value>, formats: Formats) -> Result<(), String> {
    let kind = match fields.get("type") {
        None => None,
        Some(Value::String(kind)) => Some(kind.as_str()),
        Some(_) => return Err("type must be text".to_owned()),
    };
    match (formats, kind) {
        (Formats::Any, _)
        | (Formats::Classic, None | Some("json_object" | "json_schema"))
        | (Formats::OpenAi, Some("text" | "json_object")) => Ok(()),
        (Formats::OpenAi, Some("json_schema")) => {
            let Some(Value::Object(wrapper)) = fields.get("json_schema") else {
                return Err("json_schema must be an object".to_owned());
            };
            let is = |field: &str, is: fn(&Value) -> bool| wrapper.get(field).is_none_or(is);
            if !wrapper.get("name").is_some_and(Value::is_string) {
                Err("json_schema needs a name".to_owned())
            } else if !is("schema", Value::is_object) {
                Err("json_schema.schema must be an object".to_owned())
            } else if !is("description", Value::is_string) {
                Err("json_schema.description must be text".to_owned())
            } else if !is("strict", |strict| strict.is_boolean() || strict.is_null()) {
                Err("json_schema.strict must be true or false".to_owned())
            } else {
                Ok(())
            }
        }
        (Formats::OpenAi, None) => Err("type is missing".to_owned()),
        (Formats::Classic, Some(kind)) => Err(format!("type must be json_object or json_schema; got `{kind}`")),
        (Formats::OpenAi, Some(kind)) => Err(format!("type must be text, json_object or json_schema; got `{kind}`")),
    }
}

impl<R: Rules> Serialize for ResponseFormat<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.adapted(R::SET.formats).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de, R: Rules> Deserialize<'de> for ResponseFormat<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        fields.retain(|_, value| !value.is_null());
        check(&fields, R::SET.formats).map_err(de::Error::custom)?;
        Ok(Self { fields, strict: false, rules: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;
    use crate::{Classic, Strict};

    #[test]
    fn a_wrapped_schema_stays_as_given() {
        let wrapped = json!({"name": "place", "strict": true, "schema": {"type": "object"}});
        let sent = json!({"type": "json_schema", "json_schema": wrapped});
        let format = ResponseFormat::<Strict>::json_schema(wrapped);
        assert_eq!(serde_json::to_value(&format).unwrap(), sent);
        assert_eq!(format.schema(), Some(&json!({"type": "object"})));
        assert_eq!(serde_json::to_value(format.with_rules::<Classic>()).unwrap(), sent);
    }

    #[test]
    fn a_bare_schema_is_named_by_its_title() {
        let format = ResponseFormat::<Strict>::json_schema(json!({"title": "A place!", "type": "object"}));
        let sent = serde_json::to_value(&format).unwrap();
        assert_eq!(sent.pointer("/json_schema/name"), Some(&json!("A_place_")));
    }

    #[test]
    fn a_format_that_the_model_lacks_is_refused() {
        let error = serde_json::to_value(ResponseFormat::<Classic>::text()).unwrap_err();
        assert_eq!(error.to_string(), "type must be json_object or json_schema; got `text`");
    }
}
