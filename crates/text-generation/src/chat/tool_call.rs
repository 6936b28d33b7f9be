//! A model's wish to run a tool, in whichever of its forms it arrives.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
    ser::SerializeMap,
};
use serde_json::{Map, Value, json};

/// A model's wish to run a tool.
///
/// Classic models send `{name, arguments}` with an object and no id; others nest both under `function`, with the
/// arguments as an object or as JSON text. All of these are read; what is sent in a history is always the nested form
/// with text, which every model understands.
///
/// ```
/// use workers_ai_text_generation::ToolCall;
///
/// let call: ToolCall = serde_json::from_str(r#"{"name": "weather", "arguments": {"city": "Lisbon"}}"#)?;
/// assert_eq!(call.name(), "weather");
/// assert_eq!(call.arguments()?["city"], "Lisbon");
/// assert_eq!(call.id(), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    id: Option<String>,
    kind: ToolCallKind,
    name: String,
    arguments: Arguments,
}

/// What sort of tool is called.
///
/// ```
/// use workers_ai_text_generation::{ToolCall, ToolCallKind};
///
/// let call: ToolCall = serde_json::from_str(r#"{"id": "a", "type": "custom", "custom": {"name": "shell", "input": "ls"}}"#)?;
/// match call.kind() {
///     ToolCallKind::Custom => assert_eq!(call.arguments_text(), "ls"),
///     _ => unreachable!("its arguments are JSON"),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ToolCallKind {
    /// A function, with arguments in JSON.
    Function,
    /// A custom tool, with input in free text.
    Custom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Arguments {
    Text(String),
    Json(Value),
}

impl ToolCall {
    /// A call of a function; the arguments are any JSON.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::ToolCall;
    ///
    /// // An example for the model, in a history that is made up.
    /// let call = ToolCall::new("call00001", "weather", json!({"city": "Lisbon"}));
    /// assert_eq!(call.id(), Some("call00001"));
    /// ```
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: Value) -> Self {
        Self {
            id: Some(id.into()),
            kind: ToolCallKind::Function,
            name: name.into(),
            arguments: Arguments::Json(arguments),
        }
    }

    /// A call put together from fragments.
    pub(crate) fn assembled(id: Option<String>, kind: ToolCallKind, name: String, arguments: String) -> Self {
        Self { id, kind, name, arguments: Arguments::Text(arguments) }
    }

    /// The id that the model gave the call. Some models give none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The id, or one made from the call itself: nine letters and digits, the same every time.
    ///
    /// Nine, because some models refuse any other length.
    ///
    /// ```
    /// use workers_ai_text_generation::ToolCall;
    ///
    /// let call: ToolCall = serde_json::from_str(r#"{"name": "weather", "arguments": {"city": "Lisbon"}}"#)?;
    /// assert_eq!(call.id(), None);
    /// assert_eq!(call.call_id().len(), 9);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn call_id(&self) -> Cow<'_, str> {
        match &self.id {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(self.make_up_id(0)),
        }
    }

    /// What sort of tool is called.
    #[must_use]
    pub fn kind(&self) -> ToolCallKind {
        self.kind
    }

    /// The tool's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The arguments as JSON.
    ///
    /// ```
    /// use workers_ai_text_generation::ToolCall;
    ///
    /// let call: ToolCall = serde_json::from_str(r#"{"function": {"name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}}"#)?;
    /// assert_eq!(call.arguments()?["city"], "Lisbon");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the model wrote arguments that are not JSON.
    pub fn arguments(&self) -> serde_json::Result<Value> {
        self.arguments_as()
    }

    /// The arguments as a type of yours.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use workers_ai_text_generation::{Message, ToolCall};
    ///
    /// #[derive(Deserialize)]
    /// struct Weather {
    ///     city: String,
    /// }
    ///
    /// fn answer(call: &ToolCall) -> Message {
    ///     match call.arguments_as::<Weather>() {
    ///         Ok(Weather { city }) => Message::answer(call, format!("21 °C in {city}")),
    ///         // Told what is wrong, models often do better.
    ///         Err(error) => Message::answer(call, format!("Error: {error}")),
    ///     }
    /// }
    ///
    /// let call = ToolCall::new("a", "weather", serde_json::json!({"town": "Lisbon"}));
    /// assert_eq!(answer(&call).text(), "Error: missing field `city`");
    /// ```
    ///
    /// # Errors
    ///
    /// When the model wrote arguments that are not JSON, or not of that type.
    pub fn arguments_as<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        match &self.arguments {
            Arguments::Json(value) => T::deserialize(value),
            // A tool without parameters is called with nothing by some models.
            Arguments::Text(text) if text.trim().is_empty() => T::deserialize(json!({})),
            Arguments::Text(text) => serde_json::from_str(text),
        }
    }

    /// The arguments as the text they came in, or as JSON text.
    ///
    /// ```
    /// use workers_ai_text_generation::ToolCall;
    ///
    /// let call = ToolCall::new("a", "weather", serde_json::json!({"city": "Lisbon"}));
    /// assert_eq!(call.arguments_text(), r#"{"city":"Lisbon"}"#);
    /// ```
    #[must_use]
    pub fn arguments_text(&self) -> Cow<'_, str> {
        match &self.arguments {
            Arguments::Text(text) => Cow::Borrowed(text),
            Arguments::Json(value) => Cow::Owned(value.to_string()),
        }
    }

    /// Gives every call in a message that has no id one that no other call of the message has.
    pub(crate) fn identify(calls: &mut [Self]) {
        for (index, call) in calls.iter_mut().enumerate() {
            if call.id.is_none() {
                call.id = Some(call.make_up_id(index));
            }
        }
    }

    fn make_up_id(&self, index: usize) -> String {
        // FNV-1a: nothing secret, only the same answer on every machine.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in self.name.bytes().chain([0]).chain(self.arguments_text().bytes()).chain(index.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        (0..9)
            .map(|_| {
                let digit = u32::try_from(hash % 36).unwrap_or_default();
                hash /= 36;
                char::from_digit(digit, 36).unwrap_or('0')
            })
            .collect()
    }

    /// Reads a call in any form.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let map = value.as_object()?;
        let text = |map: &Map<String, Value>, field: &str| map.get(field).and_then(Value::as_str).map(str::to_owned);
        let (kind, inner, field) = match (map.get("function"), map.get("custom")) {
            (Some(Value::Object(function)), _) => (ToolCallKind::Function, function, "arguments"),
            (_, Some(Value::Object(custom))) => (ToolCallKind::Custom, custom, "input"),
            _ => (ToolCallKind::Function, map, "arguments"),
        };
        let arguments = match inner.get(field) {
            None | Some(Value::Null) => Arguments::Json(json!({})),
            Some(Value::String(text)) => Arguments::Text(text.clone()),
            Some(value) => Arguments::Json(value.clone()),
        };
        let id = text(map, "id").or_else(|| text(map, "call_id")).filter(|id| !id.is_empty());
        Some(Self { id, kind, name: text(inner, "name").unwrap_or_default(), arguments })
    }

    /// Whether the JSON has exactly the fields that the OpenAI-shaped models publish.
    pub(crate) fn is_published(value: &Value) -> bool {
        let text = |pointer: &str| value.pointer(pointer).is_some_and(Value::is_string);
        text("/id")
            && match value.get("type").and_then(Value::as_str) {
                Some("function") => text("/function/name") && text("/function/arguments"),
                Some("custom") => text("/custom/name") && text("/custom/input"),
                _ => false,
            }
    }
}

impl Serialize for ToolCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Function<'a> {
            name: &'a str,
            arguments: &'a str,
        }
        #[derive(Serialize)]
        struct Custom<'a> {
            name: &'a str,
            input: &'a str,
        }
        let text = self.arguments_text();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("id", &self.call_id())?;
        match self.kind {
            ToolCallKind::Function => {
                map.serialize_entry("type", "function")?;
                map.serialize_entry("function", &Function { name: &self.name, arguments: &text })?;
            }
            ToolCallKind::Custom => {
                map.serialize_entry("type", "custom")?;
                map.serialize_entry("custom", &Custom { name: &self.name, input: &text })?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for ToolCall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_json(&value).ok_or_else(|| de::Error::custom("a tool call must be an object"))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

    use super::*;

    #[track_caller]
    fn check(json: Value, id: Option<&str>, sent: &str) {
        let call: ToolCall = serde_json::from_value(json).unwrap();
        assert_eq!(call.id(), id);
        assert_eq!(call.name(), "weather");
        assert_eq!(call.arguments().unwrap(), json!({"city": "Lisbon"}));
        assert_eq!(serde_json::to_value(&call).unwrap()["function"]["arguments"], sent);
        assert_eq!(serde_json::to_value(&call).unwrap()["id"], *call.call_id());
    }

    #[test]
    fn every_form_is_read_and_one_is_written() {
        check(json!({"name": "weather", "arguments": {"city": "Lisbon"}}), None, r#"{"city":"Lisbon"}"#);
        check(
            json!({"id": "a", "type": "function", "function": {"name": "weather", "arguments": {"city": "Lisbon"}}}),
            Some("a"),
            r#"{"city":"Lisbon"}"#,
        );
        check(
            json!({"id": "a", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Lisbon\"}"}}),
            Some("a"),
            r#"{"city": "Lisbon"}"#,
        );
    }

    #[test]
    fn made_up_ids_are_stable_and_distinct() {
        let call: ToolCall = serde_json::from_value(json!({"name": "now"})).unwrap();
        assert_eq!(call.call_id(), call.clone().call_id());
        assert_eq!(call.call_id().len(), 9);
        assert!(call.call_id().chars().all(|letter| letter.is_ascii_alphanumeric()));
        let mut calls = [call.clone(), call];
        ToolCall::identify(&mut calls);
        let [first, second] = calls;
        assert_ne!(first.id(), second.id());
    }

    #[test]
    fn arguments_that_are_not_there_are_empty() {
        let call: ToolCall = serde_json::from_value(json!({"function": {"name": "now", "arguments": ""}})).unwrap();
        assert_eq!(call.arguments().unwrap(), json!({}));
        let call: ToolCall = serde_json::from_value(json!({"function": {"name": "now", "arguments": "{"}})).unwrap();
        assert!(call.arguments().is_err());
    }
}
