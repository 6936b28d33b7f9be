//! Whether a model may, must or must not call tools.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, json};

/// Whether a model may, must or must not call tools.
///
/// ```
/// use workers_ai_text_generation::ToolChoice;
///
/// assert_eq!(serde_json::to_string(&ToolChoice::Auto)?, r#""auto""#);
/// assert_eq!(
///     serde_json::to_value(ToolChoice::function("weather"))?,
///     serde_json::json!({"type": "function", "function": {"name": "weather"}}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolChoice {
    /// The model decides.
    Auto,
    /// No tools.
    None,
    /// At least one tool. Models have been seen not to obey.
    Required,
    /// This function.
    Function(String),
    /// This custom tool.
    Custom(String),
    /// Only some of the tools.
    Allowed {
        /// Whether one of them must be called.
        mode: AllowedMode,
        /// The tools, as the request describes them.
        tools: Vec<Map<String, Value>>,
    },
}

/// Whether one of the allowed tools must be called.
///
/// ```
/// use workers_ai_text_generation::{AllowedMode, ToolChoice};
///
/// let one_of_two = ToolChoice::allowed(AllowedMode::Required, ["weather", "tides"]);
/// # let _ = one_of_two;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AllowedMode {
    /// The model decides.
    Auto,
    /// One of them must be called.
    Required,
}

impl ToolChoice {
    /// Makes the model call this function.
    ///
    /// ```
    /// use workers_ai_text_generation::ToolChoice;
    ///
    /// assert_eq!(ToolChoice::function("weather"), ToolChoice::Function("weather".to_owned()));
    /// ```
    #[must_use]
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(name.into())
    }

    /// Makes the model call this custom tool.
    ///
    /// ```
    /// use workers_ai_text_generation::ToolChoice;
    ///
    /// let choice = serde_json::to_value(ToolChoice::custom("shell"))?;
    /// assert_eq!(choice["custom"]["name"], "shell");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(name.into())
    }

    /// Leaves the model only these functions.
    ///
    /// ```
    /// use workers_ai_text_generation::{AllowedMode, ToolChoice};
    ///
    /// // The others stay in the request, and in the cache of prompts.
    /// let choice = ToolChoice::allowed(AllowedMode::Auto, ["weather"]);
    /// assert_eq!(serde_json::to_value(&choice)?["allowed_tools"]["mode"], "auto");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn allowed<N: Into<String>>(mode: AllowedMode, names: impl IntoIterator<Item = N>) -> Self {
        let tools = names
            .into_iter()
            .map(|name| {
                Map::from_iter([
                    ("type".to_owned(), "function".into()),
                    ("function".to_owned(), json!({"name": name.into()})),
                ])
            })
            .collect();
        Self::Allowed { mode, tools }
    }
}

impl Serialize for ToolChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => "auto".serialize(serializer),
            Self::None => "none".serialize(serializer),
            Self::Required => "required".serialize(serializer),
            Self::Function(name) => json!({"type": "function", "function": {"name": name}}).serialize(serializer),
            Self::Custom(name) => json!({"type": "custom", "custom": {"name": name}}).serialize(serializer),
            Self::Allowed { mode, tools } => {
                json!({"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": tools}}).serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for ToolChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        #[derive(Deserialize)]
        struct Allowed {
            mode: AllowedMode,
            tools: Vec<Map<String, Value>>,
        }
        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Object {
            Function { function: Named },
            Custom { custom: Named },
            AllowedTools { allowed_tools: Allowed },
        }
        let value = Value::deserialize(deserializer)?;
        match value.as_str() {
            Some("auto") => return Ok(Self::Auto),
            Some("none") => return Ok(Self::None),
            Some("required") => return Ok(Self::Required),
            Some(other) => {
                return Err(de::Error::custom(format_args!(
                    "expected auto, none, required or a named tool; got `{other}`"
                )));
            }
            None => {}
        }
        Ok(match Object::deserialize(value).map_err(de::Error::custom)? {
            Object::Function { function } => Self::Function(function.name),
            Object::Custom { custom } => Self::Custom(custom.name),
            Object::AllowedTools { allowed_tools: Allowed { mode, tools } } => Self::Allowed { mode, tools },
        })
    }
}
