//! Responses.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use workers_ai_client::{Error, Invalid, Model};
use workers_ai_text_generation::Role;

use crate::{ChatCompletionRequest, native};

/// What `/ai/v1/responses` takes.
///
/// ```
/// use workers_ai_openai::ResponsesRequest;
///
/// let request = ResponsesRequest::new("@cf/openai/gpt-oss-20b", "Why is the sky blue?")
///     .instructions("Be brief.")
///     .set("reasoning", serde_json::json!({"effort": "low"}));
/// assert_eq!(
///     serde_json::to_value(&request)?,
///     serde_json::json!({
///         "model": "@cf/openai/gpt-oss-20b",
///         "input": "Why is the sky blue?",
///         "instructions": "Be brief.",
///         "reasoning": {"effort": "low"},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResponsesRequest {
    /// The model's id.
    pub model: String,
    /// What the model is told.
    pub input: ResponsesInput,
    /// Sets the scene.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Most tokens to write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u64>,
    /// Every other field (`tools`, `reasoning`, `temperature`, …), under its name.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What the model is told: a question, or the items of a conversation as OpenAI describes them.
///
/// ```
/// use serde_json::json;
/// use workers_ai_openai::{ResponsesInput, ResponsesRequest};
///
/// let history = vec![json!({"role": "user", "content": "Hello!"}), json!({"role": "assistant", "content": "Hello!"})];
/// let request = ResponsesRequest::new("@cf/openai/gpt-oss-20b", history);
/// assert!(matches!(request.input, ResponsesInput::Items(items) if items.len() == 2));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ResponsesInput {
    /// A question.
    Text(String),
    /// Messages, calls and their results.
    Items(Vec<Value>),
}

impl From<&str> for ResponsesInput {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ResponsesInput {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Value>> for ResponsesInput {
    fn from(items: Vec<Value>) -> Self {
        Self::Items(items)
    }
}

impl ResponsesRequest {
    /// A request with a question or a conversation.
    ///
    /// ```
    /// use workers_ai_openai::{ChatCompletionRequest, ResponsesRequest};
    /// # use workers_ai_text_generation::Message;
    ///
    /// let request = ResponsesRequest::new("@cf/openai/gpt-oss-20b", "Why is the sky blue?");
    /// # let _ = request;
    /// // Or from a conversation:
    /// let chat = ChatCompletionRequest::new("@cf/openai/gpt-oss-20b", [Message::system("Be brief."), Message::user("Hello!")]);
    /// let request = ResponsesRequest::try_from(chat)?;
    /// # let _ = request;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn new(model: impl Into<String>, input: impl Into<ResponsesInput>) -> Self {
        let (model, input) = (model.into(), input.into());
        Self { model, input, instructions: None, max_output_tokens: None, fields: Map::new() }
    }

    /// Sets the scene.
    #[must_use]
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.instructions = Some(instructions.into());
        self
    }

    /// Sets any other field by its name.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// A model's own request with an `input`.
    ///
    /// ```
    /// use workers_ai_openai::ResponsesRequest;
    /// use workers_ai_text_generation::gpt_oss_20b as oss;
    ///
    /// let native = oss::ResponsesRequest::new("Why is the sky blue?");
    /// let request = ResponsesRequest::from_native::<oss::GptOss20b>(native)?;
    /// assert_eq!(request.model, oss::ID);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a value lies outside its range, or the request has no `input`.
    pub fn from_native<M: Model<Request: Serialize>>(request: impl Into<M::Request>) -> Result<Self, Error> {
        let mut fields = native::fields(&request.into())?;
        if !fields.contains_key("input") {
            return Err(Invalid::request("the request has no input; see ChatCompletionRequest").into());
        }
        fields.insert("model".to_owned(), M::INFO.id.into());
        native::read(fields)
    }

    /// The request as a model's own.
    ///
    /// ```
    /// use workers_ai_openai::ResponsesRequest;
    /// use workers_ai_text_generation::gpt_oss_20b as oss;
    ///
    /// let request = ResponsesRequest::new(oss::ID, "Why is the sky blue?");
    /// let native: oss::Request = request.to_native::<oss::GptOss20b>()?;
    /// # let _ = native;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the model does not take a field of it, or not that value; the error names it.
    pub fn to_native<M>(&self) -> Result<M::Request, Error>
    where
        M: Model<Request: Serialize + DeserializeOwned>,
    {
        let mut fields = native::fields(self)?;
        fields.remove("model");
        native::read_all(fields)
    }
}

/// A conversation as items: messages, calls of tools and their results.
impl TryFrom<ChatCompletionRequest> for ResponsesRequest {
    type Error = Error;

    /// Fails for a field that Responses have no place for.
    fn try_from(request: ChatCompletionRequest) -> Result<Self, Error> {
        let mut fields = native::fields(&request)?;
        fields.remove("messages");
        let mut items = Vec::new();
        for message in &request.messages {
            if message.role() == Some(&Role::Tool) {
                let id = message.tool_call_id().unwrap_or_default();
                items.push(json!({"type": "function_call_output", "call_id": id, "output": message.text()}));
                continue;
            }
            let spoken = message.content().map(serde_json::to_value).transpose();
            let spoken = spoken.map_err(|error| Invalid::parameter("messages", error.to_string()))?;
            if let Some(content) = spoken.filter(|content| *content != json!("")) {
                let role = message.role().map(ToString::to_string);
                items.push(json!({"role": role, "content": parts(content)}));
            }
            for call in message.tool_calls() {
                let (id, name, arguments) = (call.call_id(), call.name(), call.arguments_text());
                items.push(json!({"type": "function_call", "call_id": id, "name": name, "arguments": arguments}));
            }
        }
        fields.insert("input".to_owned(), items.into());
        if let Some(tokens) = fields.remove("max_tokens") {
            fields.insert("max_output_tokens".to_owned(), tokens);
        }
        if let Some(effort) = fields.remove("reasoning_effort") {
            fields.insert("reasoning".to_owned(), json!({"effort": effort}));
        }
        if let Some(Value::Array(tools)) = fields.get_mut("tools") {
            for tool in tools {
                if let Some(Value::Object(mut function)) = tool.get_mut("function").map(Value::take) {
                    function.insert("type".to_owned(), "function".into());
                    *tool = Value::Object(function);
                }
            }
        }
        if let Some(name) = ["response_format", "seed"].into_iter().find(|name| fields.contains_key(*name)) {
            return Err(Invalid::parameter(name, "Responses have no such parameter").into());
        }
        native::read(fields)
    }
}

/// Parts of a message under the names that Responses have for them.
fn parts(mut content: Value) -> Value {
    if let Value::Array(parts) = &mut content {
        for part in parts {
            if let Some(text) = part.get("text").cloned() {
                *part = json!({"type": "input_text", "text": text});
            } else if let Some(url) = part.pointer("/image_url/url").cloned() {
                *part = json!({"type": "input_image", "image_url": url});
            }
        }
    }
    content
}
