//! JSON Schemas of Rust types, in the plain form that models read: nothing referred to, nothing said in a roundabout way.

use schemars_1::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use super::{response_format::ResponseFormat, rules::Rules, tool::Tool};

/// The schema of a type, with definitions in their places. Only a type that contains itself still refers to itself.
pub(crate) fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    plain(&mut schema);
    schema
}

/// Says things the plain way: models, and the schemas that some models put on tools, know no unions.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            nullable(map);
            documented_choice(map);
            only_reference(map);
            // The name of a Rust integer: engines do not know it, and the range says the same.
            let is_width =
                |format: &str| ["int", "uint", "float", "double"].iter().any(|kind| format.starts_with(kind));
            if map.get("format").and_then(Value::as_str).is_some_and(is_width) {
                map.remove("format");
            }
            map.values_mut().for_each(plain);
        }
        Value::Array(values) => values.iter_mut().for_each(plain),
        _ => {}
    }
}

/// `anyOf: [X, null]` is X: what may be null may be left out.
fn nullable(map: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = map.get("type") {
        let mut others = kinds.iter().filter(|kind| *kind != "null");
        if let (Some(only), None) = (others.next().cloned(), others.next()) {
            map.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(arms)) = map.get("anyOf") else { return };
    let is_null = |arm: &&Value| arm.get("type").is_some_and(|kind| kind == "null");
    let mut others = arms.iter().filter(|arm| !is_null(arm));
    if arms.len() == 2
        && let (Some(Value::Object(only)), None) = (others.next().cloned(), others.next())
    {
        map.remove("anyOf");
        only.into_iter().for_each(|(keyword, value)| {
            map.entry(keyword).or_insert(value);
        });
    }
}

/// A choice whose variants are documented, `oneOf: [{const, description}, …]`, is an `enum`.
fn documented_choice(map: &mut Map<String, Value>) {
    let Some(Value::Array(arms)) = map.get("oneOf") else { return };
    let mut values: Vec<Value> = Vec::new();
    for arm in arms {
        match (arm.get("const"), arm.get("enum"), arm.get("type").and_then(Value::as_str)) {
            (Some(only), None, _) if only.is_string() => values.push(only.clone()),
            (None, Some(Value::Array(some)), Some("string")) => values.extend(some.iter().cloned()),
            _ => return,
        }
    }
    let words = |arm: &Value| {
        let value = arm.get("const")?.as_str()?;
        Some(format!("{value}: {}", arm.get("description")?.as_str()?))
    };
    let words: Vec<String> = arms.iter().filter_map(words).collect();
    map.remove("oneOf");
    map.insert("type".to_owned(), "string".into());
    map.insert("enum".to_owned(), values.into());
    if !words.is_empty() {
        let before = map.get("description").and_then(Value::as_str).map(|text| format!("{text} ")).unwrap_or_default();
        map.insert("description".to_owned(), format!("{before}{}", words.join("; ")).into());
    }
}

/// `allOf: [X]`, which a documented field becomes in some drafts, is X.
fn only_reference(map: &mut Map<String, Value>) {
    let Some(Value::Array(arms)) = map.get("allOf") else { return };
    if let [Value::Object(only)] = arms.as_slice() {
        let only = only.clone();
        map.remove("allOf");
        only.into_iter().for_each(|(keyword, value)| {
            map.entry(keyword).or_insert(value);
        });
    }
}

impl<R: Rules> ResponseFormat<R> {
    /// JSON that follows the schema of a type. [`Reply::json`](super::Reply::json) reads the answer into it.
    ///
    /// ```
    /// use workers_ai_text_generation::{Classic, ResponseFormat, Strict, schemars::{self, JsonSchema}};
    ///
    /// #[derive(JsonSchema)]
    /// struct Place {
    ///     city: String,
    /// }
    ///
    /// let bare = serde_json::to_value(ResponseFormat::<Classic>::json_schema_of::<Place>())?;
    /// assert_eq!(bare["json_schema"]["title"], "Place");
    /// let wrapped = serde_json::to_value(ResponseFormat::<Strict>::json_schema_of::<Place>())?;
    /// assert_eq!(wrapped["json_schema"]["name"], "Place");
    /// assert_eq!(wrapped["json_schema"]["strict"], true);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn json_schema_of<T: JsonSchema>() -> Self {
        let mut schema = schema_of::<T>();
        if let Value::Object(map) = &mut schema {
            map.entry("title").or_insert_with(|| T::schema_name().into_owned().into());
        }
        Self::json_schema(schema).strictly()
    }
}

impl Tool {
    /// The tool whose arguments are a type: its name in snake case, its documentation, and its JSON Schema.
    ///
    /// ```
    /// use workers_ai_text_generation::{Tool, schemars::{self, JsonSchema}};
    ///
    /// /// The weather in a city, now.
    /// #[derive(JsonSchema)]
    /// struct CurrentWeather {
    ///     /// The city's name.
    ///     city: String,
    /// }
    ///
    /// let tool = Tool::of::<CurrentWeather>();
    /// assert_eq!(tool.name(), Some("current_weather"));
    /// assert_eq!(tool.description(), Some("The weather in a city, now."));
    /// ```
    #[must_use]
    pub fn of<T: JsonSchema>() -> Self {
        let mut schema = schema_of::<T>();
        let mut description = String::new();
        if let Value::Object(map) = &mut schema {
            map.remove("title");
            if let Some(Value::String(text)) = map.remove("description") {
                description = text;
            }
            map.entry("type").or_insert_with(|| "object".into());
            map.entry("properties").or_insert_with(|| Map::new().into());
        }
        Self::function(tool_name::<T>(), description, schema)
    }
}

/// The name under which a type is a tool.
pub(crate) fn tool_name<T: JsonSchema>() -> String {
    let mut name = String::new();
    let mut before = '_';
    for letter in T::schema_name().chars() {
        if letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            name.push('_');
        }
        name.extend(letter.to_lowercase().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }));
        before = letter;
    }
    name
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
    #![allow(dead_code, reason = "the types are read by their derives only")]

    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::{Classic, Strict, Tools, schemars};

    /// How warm is it?
    #[derive(Deserialize, JsonSchema)]
    struct CurrentWeather {
        /// The city's name.
        city: String,
        /// In which unit.
        unit: Option<Unit>,
        days: Option<u8>,
        near: Option<Point>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Unit {
        /// For most.
        Celsius,
        /// For some.
        Fahrenheit,
    }

    #[derive(Deserialize, JsonSchema)]
    struct Point {
        latitude: f64,
        longitude: f64,
    }

    #[test]
    fn a_tool_from_a_type_goes_to_every_model() {
        let tool = Tool::of::<CurrentWeather>();
        let classic = serde_json::to_value(Tools::<Classic>::from(tool.clone())).unwrap();
        assert_eq!(
            classic,
            json!([{"type": "function", "function": {
                "name": "current_weather",
                "description": "How warm is it?",
                "parameters": {
                    "type": "object",
                    "required": ["city"],
                    "properties": {
                        "city": {"type": "string", "description": "The city's name."},
                        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"],
                            "description": "In which unit. celsius: For most.; fahrenheit: For some."},
                        "days": {"type": "integer", "minimum": 0, "maximum": 255, "description": ""},
                        "near": {"type": "object", "required": ["latitude", "longitude"], "description": "",
                            "properties": {"latitude": {"type": "number"}, "longitude": {"type": "number"}}},
                    },
                },
            }}])
        );
        assert!(serde_json::to_value(Tools::<Strict>::from(tool)).is_ok());
    }

    #[test]
    fn definitions_stand_in_their_places() {
        #[derive(JsonSchema)]
        struct Route {
            stops: Vec<Point>,
        }
        let text = schema_of::<Route>().to_string();
        assert!(!text.contains("$ref") && !text.contains("definitions") && !text.contains("$schema"), "{text}");
    }
}
