//! Between the native requests and OpenAI's: through JSON, with nothing lost unsaid.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use workers_ai_client::{Error, Invalid};

/// A request as the fields of an object.
pub(crate) fn fields(request: &impl Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Invalid::request("the request is not an object").into()),
        Err(error) => Err(Invalid::request(error.to_string()).into()),
    }
}

/// Reads fields as a type.
pub(crate) fn read<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| Invalid::request(error.to_string()).into())
}

/// Reads fields as a model's request, and refuses a field that the model would never see.
pub(crate) fn read_all<T: DeserializeOwned + Serialize>(given: Map<String, Value>) -> Result<T, Error> {
    let names: Vec<String> = given.keys().cloned().collect();
    let request: T = read(given)?;
    let kept = fields(&request)?;
    match names.into_iter().find(|name| !kept.contains_key(name)) {
        Some(lost) => Err(Invalid::parameter(lost, "the model does not take this parameter").into()),
        None => Ok(request),
    }
}

/// Puts tools and response formats into OpenAI's shape, from the shorter ones that classic models take as well.
pub(crate) fn into_openai(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(tools)) = fields.get_mut("tools") {
        for tool in tools {
            if tool.get("function").is_none() && tool.get("name").is_some() {
                let function = tool.take();
                *tool = json!({"type": "function", "function": function});
            }
        }
    }
    if let Some(schema) = fields.get_mut("response_format").and_then(|format| format.get_mut("json_schema"))
        && schema.get("schema").is_none()
    {
        let bare = schema.take();
        *schema = json!({"name": "answer", "schema": bare});
    }
}
