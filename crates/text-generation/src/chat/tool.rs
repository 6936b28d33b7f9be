//! A tool that a model may ask to be run.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, json};

use super::rules::ToolForms;

/// A tool that a model may ask to be run.
///
/// [`function`](Self::function) makes the nested form `{type, function}`, which every model takes. A tool that was read
/// keeps the form it came in: flat, nested or custom.
///
/// ```
/// use serde_json::json;
/// use workers_ai_text_generation::Tool;
///
/// let weather = Tool::function(
///     "weather",
///     "The weather in a city, now",
///     json!({
///         "type": "object",
///         "properties": {"city": {"type": "string", "description": "The city's name"}},
///         "required": ["city"],
///     }),
/// );
/// assert_eq!(weather.name(), Some("weather"));
///
/// let flat: Tool = serde_json::from_value(json!({"name": "now", "description": "The time", "parameters": {}}))?;
/// assert_eq!(flat.name(), Some("now"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool(Map<String, Value>);

impl Tool {
    /// A function, with its parameters as a JSON Schema.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::Tool;
    ///
    /// let now = Tool::function("now", "The time, in UTC", json!({"type": "object", "properties": {}}));
    /// assert_eq!((now.name(), now.description()), (Some("now"), Some("The time, in UTC")));
    /// ```
    #[must_use]
    pub fn function(name: impl Into<String>, description: impl Into<String>, parameters: Value) -> Self {
        let function = json!({"name": name.into(), "description": description.into(), "parameters": parameters});
        Self(Map::from_iter([("type".to_owned(), "function".into()), ("function".to_owned(), function)]))
    }

    /// A custom tool, which takes free text. Only OpenAI-shaped models know them.
    ///
    /// ```
    /// use workers_ai_text_generation::Tool;
    ///
    /// let shell = Tool::custom("shell", "Runs a line in a shell");
    /// assert_eq!(shell.as_json()["custom"]["name"], "shell");
    /// ```
    #[must_use]
    pub fn custom(name: impl Into<String>, description: impl Into<String>) -> Self {
        let custom = json!({"name": name.into(), "description": description.into()});
        Self(Map::from_iter([("type".to_owned(), "custom".into()), ("custom".to_owned(), custom)]))
    }

    /// Asks that arguments follow the parameters to the letter.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::Tool;
    ///
    /// let parameters = json!({
    ///     "type": "object",
    ///     "properties": {"city": {"type": "string"}},
    ///     "required": ["city"],
    ///     "additionalProperties": false,
    /// });
    /// let weather = Tool::function("weather", "The weather in a city, now", parameters.clone()).strict();
    /// assert_eq!(weather.as_json()["function"]["strict"], true);
    /// assert_eq!(weather.parameters(), Some(&parameters));
    /// ```
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.change(|function| {
            function.insert("strict".to_owned(), true.into());
        });
        self
    }

    /// The tool's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.inner().get("name")?.as_str()
    }

    /// What the tool does.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.inner().get("description")?.as_str()
    }

    /// The parameters as a JSON Schema.
    #[must_use]
    pub fn parameters(&self) -> Option<&Value> {
        self.inner().get("parameters")
    }

    /// The tool as JSON.
    #[must_use]
    pub fn as_json(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Where name, description and parameters stand.
    fn inner(&self) -> &Map<String, Value> {
        inner(&self.0).1
    }

    fn change(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        match inner(&self.0).0.key() {
            None => change(&mut self.0),
            Some(key) => {
                if let Some(Value::Object(inner)) = self.0.get_mut(key) {
                    change(inner);
                }
            }
        }
    }

    pub(crate) fn from_json(value: Value) -> Result<Self, String> {
        let Value::Object(mut map) = value else {
            return Err("a tool must be an object".to_owned());
        };
        // Inside the parameters a null means something.
        map.retain(|_, value| !value.is_null());
        for key in ["function", "custom"] {
            if let Some(Value::Object(inner)) = map.get_mut(key) {
                inner.retain(|_, value| !value.is_null());
            }
        }
        Ok(Self(map))
    }

    /// Whether the tool has a form that the model's published schema accepts.
    pub(crate) fn check(&self, forms: ToolForms) -> Result<(), String> {
        let checked = match forms {
            ToolForms::Any => Ok(()),
            ToolForms::Classic => classic(&self.0),
            ToolForms::OpenAi => openai(&self.0),
        };
        checked.map_err(|reason| match self.name() {
            Some(name) => format!("tool `{name}`: {reason}"),
            None => format!("tool: {reason}"),
        })
    }

    /// The tool in the form that a model takes: what its schema demands and the tool leaves out is filled in where it says
    /// nothing.
    pub(crate) fn adapted(&self, forms: ToolForms) -> Self {
        let mut tool = self.clone();
        if self.check(forms).is_ok() {
            return tool;
        }
        match (forms, inner(&self.0).0) {
            (ToolForms::Classic, Form::Flat | Form::Nested) => {
                tool.change(|function| {
                    function.entry("description").or_insert_with(|| "".into());
                    fill_parameters(function.entry("parameters").or_insert_with(|| json!({})));
                });
                if tool.0.contains_key("function") {
                    tool.0.entry("type").or_insert_with(|| "function".into());
                }
            }
            (ToolForms::OpenAi, Form::Flat) if self.0.contains_key("name") => {
                let function = Value::Object(std::mem::take(&mut tool.0));
                tool.0.extend([("type".to_owned(), "function".into()), ("function".to_owned(), function)]);
            }
            (ToolForms::OpenAi, Form::Nested) => {
                tool.0.entry("type").or_insert_with(|| "function".into());
            }
            (ToolForms::OpenAi, Form::Custom) => {
                tool.0.entry("type").or_insert_with(|| "custom".into());
            }
            _ => {}
        }
        tool
    }
}

/// The form of a tool's JSON.
#[derive(Clone, Copy)]
enum Form {
    Flat,
    Nested,
    Custom,
}

impl Form {
    fn key(self) -> Option<&'static str> {
        match self {
            Self::Flat => None,
            Self::Nested => Some("function"),
            Self::Custom => Some("custom"),
        }
    }
}

fn inner(map: &Map<String, Value>) -> (Form, &Map<String, Value>) {
    match (map.get("function"), map.get("custom")) {
        (Some(Value::Object(function)), _) => (Form::Nested, function),
        (_, Some(Value::Object(custom))) => (Form::Custom, custom),
        _ => (Form::Flat, map),
    }
}

/// Classic models want an object whose every property has a type and a description. Nothing is said by a missing
/// description, and a parameter that may be null is one that may be left out.
fn fill_parameters(parameters: &mut Value) {
    let Value::Object(schema) = parameters else {
        return;
    };
    schema.entry("type").or_insert_with(|| "object".into());
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    for property in properties.as_object_mut().into_iter().flat_map(|properties| properties.values_mut()) {
        let Value::Object(property) = property else {
            continue;
        };
        property.entry("description").or_insert_with(|| "".into());
        if let Some(Value::Array(types)) = property.get("type") {
            let mut types = types.iter().filter(|kind| *kind != "null");
            if let (Some(only), None) = (types.next().cloned(), types.next()) {
                property.insert("type".to_owned(), only);
            }
        }
    }
}

fn text(map: &Map<String, Value>, name: &str) -> Result<(), String> {
    match map.get(name) {
        Some(Value::String(_)) => Ok(()),
        Some(_) => Err(format!("{name} must be text")),
        None => Err(format!("{name} is missing")),
    }
}

fn optional(map: &Map<String, Value>, name: &str, what: &str, is: fn(&Value) -> bool) -> Result<(), String> {
    if map.get(name).is_none_or(is) { Ok(()) } else { Err(format!("{name} must be {what}")) }
}

fn object<'a>(map: &'a Map<String, Value>, name: &str) -> Result<&'a Map<String, Value>, String> {
    match map.get(name) {
        Some(Value::Object(inner)) => Ok(inner),
        Some(_) => Err(format!("{name} must be an object")),
        None => Err(format!("{name} is missing")),
    }
}

fn classic(map: &Map<String, Value>) -> Result<(), String> {
    let nested = text(map, "type").and_then(|()| classic_function(object(map, "function")?));
    match (classic_function(map), nested) {
        (Ok(()), Ok(())) => Err("either flat or nested, not both".to_owned()),
        (Ok(()), Err(_)) | (Err(_), Ok(())) => Ok(()),
        (Err(_), Err(_)) if map.contains_key("custom") => Err("this model knows functions only".to_owned()),
        (Err(flat), Err(nested)) => Err(if map.contains_key("function") { nested } else { flat }),
    }
}

fn classic_function(function: &Map<String, Value>) -> Result<(), String> {
    text(function, "name")?;
    text(function, "description")?;
    let parameters = object(function, "parameters")?;
    text(parameters, "type").map_err(|reason| format!("parameters: {reason}"))?;
    for (name, property) in object(parameters, "properties").map_err(|reason| format!("parameters: {reason}"))? {
        let Value::Object(property) = property else {
            return Err(format!("parameter `{name}` must be an object"));
        };
        text(property, "type")
            .and_then(|()| text(property, "description"))
            .map_err(|reason| format!("parameter `{name}`: {reason} (this model takes no unions or references)"))?;
    }
    match parameters.get("required") {
        None => Ok(()),
        Some(Value::Array(names)) if names.iter().all(Value::is_string) => Ok(()),
        Some(_) => Err("parameters: required must be a list of names".to_owned()),
    }
}

fn openai(map: &Map<String, Value>) -> Result<(), String> {
    match map.get("type").and_then(Value::as_str) {
        Some("function") => {
            let function = object(map, "function")?;
            text(function, "name")?;
            optional(function, "description", "text", Value::is_string)?;
            optional(function, "parameters", "an object", Value::is_object)?;
            optional(function, "strict", "true or false", Value::is_boolean)
        }
        Some("custom") => {
            let custom = object(map, "custom")?;
            text(custom, "name")?;
            optional(custom, "description", "text", Value::is_string)?;
            match custom.get("format") {
                None => Ok(()),
                Some(format) => input_format(format),
            }
        }
        _ => Err("type must be `function` or `custom`".to_owned()),
    }
}

/// The free text that a custom tool takes, or the grammar it follows.
fn input_format(format: &Value) -> Result<(), String> {
    let field = |pointer: &str| format.pointer(pointer).and_then(Value::as_str);
    match (field("/type"), field("/grammar/syntax"), field("/grammar/definition")) {
        (Some("text"), ..) | (Some("grammar"), Some("lark" | "regex"), Some(_)) => Ok(()),
        _ => Err("format must be text, or a grammar in lark or regex".to_owned()),
    }
}

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tool {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
