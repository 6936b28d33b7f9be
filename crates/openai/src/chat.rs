//! Chat completions.

use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use workers_ai_client::{Error, Invalid, Model};
use workers_ai_text_generation::{
    Any, ChatCompletion, ChatRequest, IntoMessages, Message, Reply, ResponseFormat, Tool, ToolChoice, Tools, Vision,
};

use crate::native;

/// What `/ai/v1/chat/completions` takes.
///
/// ```
/// use workers_ai_openai::ChatCompletionRequest;
/// use workers_ai_text_generation::{Message, llama_3_3_70b_instruct_fp8_fast as llama};
///
/// let native = llama::Request::prompt("Why is the sky blue?");
/// let request = ChatCompletionRequest::from_native::<llama::Llama3_3_70bInstructFp8Fast>(native)?;
/// assert_eq!(request.model, llama::ID);
/// assert_eq!(request.messages, [Message::user("Why is the sky blue?")]);
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ChatCompletionRequest {
    /// The model's id.
    pub model: String,
    /// The conversation so far.
    pub messages: Vec<Message<Vision>>,
    /// Tools that the model may call.
    #[serde(default)]
    pub tools: Vec<Tool>,
    /// Whether it may, must or must not.
    #[serde(default)]
    pub tool_choice: Option<ToolChoice>,
    /// In which form to answer.
    #[serde(default)]
    pub response_format: Option<ResponseFormat>,
    /// Most tokens to write.
    #[serde(default, alias = "max_completion_tokens")]
    pub max_tokens: Option<u64>,
    /// Randomness: low repeats itself, high surprises.
    #[serde(default)]
    pub temperature: Option<f64>,
    /// Only the likeliest tokens that together reach this probability, from 0 to 1, are considered.
    #[serde(default)]
    pub top_p: Option<f64>,
    /// Starts the random choices, so that a call can be repeated.
    #[serde(default)]
    pub seed: Option<u64>,
    /// How much to think, for example `low`. Models know different words.
    #[serde(default)]
    pub reasoning_effort: Option<String>,
    /// Every other field, under its name.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl ChatCompletionRequest {
    /// A request with a conversation.
    ///
    /// ```
    /// use workers_ai_openai::ChatCompletionRequest;
    ///
    /// let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", "Why is the sky blue?");
    /// assert_eq!(
    ///     serde_json::to_value(&request)?,
    ///     serde_json::json!({
    ///         "model": "@cf/zai-org/glm-4.7-flash",
    ///         "messages": [{"role": "user", "content": "Why is the sky blue?"}],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(model: impl Into<String>, conversation: impl IntoMessages<Vision, Any>) -> Self {
        Self::of(model, ChatRequest::new(conversation))
    }

    /// The request of a model that was chosen at run time, in OpenAI's form.
    ///
    /// ```
    /// use workers_ai_openai::ChatCompletionRequest;
    /// use workers_ai_text_generation::ChatRequest;
    ///
    /// let native = ChatRequest::new("Why is the sky blue?").temperature(0.2);
    /// let request = ChatCompletionRequest::of("@cf/zai-org/glm-4.7-flash", native);
    /// assert_eq!(request.temperature, Some(0.2));
    /// ```
    pub fn of(model: impl Into<String>, request: ChatRequest) -> Self {
        Self {
            model: model.into(),
            messages: request.messages,
            tools: request.tools,
            tool_choice: request.tool_choice,
            response_format: request.response_format,
            max_tokens: request.max_tokens,
            temperature: request.temperature,
            top_p: request.top_p,
            seed: request.seed,
            reasoning_effort: request.reasoning_effort,
            fields: Map::new(),
        }
    }

    /// A model's own request in OpenAI's form. A bare prompt becomes a message.
    ///
    /// ```
    /// use workers_ai_openai::ChatCompletionRequest;
    /// use workers_ai_text_generation::{Message, glm_4_7_flash as glm};
    ///
    /// let native = glm::MessagesRequest::new([Message::system("Be brief."), Message::user("Hello!")]);
    /// let request = ChatCompletionRequest::from_native::<glm::Glm4_7Flash>(native)?;
    /// assert_eq!((request.model.as_str(), request.messages.len()), (glm::ID, 2));
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a value lies outside its range, or the request is none of a chat.
    pub fn from_native<M: Model<Request: Serialize>>(request: impl Into<M::Request>) -> Result<Self, Error> {
        let mut fields = native::fields(&request.into())?;
        if let Some(prompt) = fields.remove("prompt") {
            fields.insert("messages".to_owned(), json!([{"role": "user", "content": prompt}]));
        }
        if !fields.contains_key("messages") {
            return Err(Invalid::request("the request has neither messages nor a prompt").into());
        }
        fields.insert("model".to_owned(), M::INFO.id.into());
        native::into_openai(&mut fields);
        native::read(fields)
    }

    /// The request as a model's own.
    ///
    /// ```
    /// use workers_ai_openai::ChatCompletionRequest;
    /// use workers_ai_text_generation::llama_3_3_70b_instruct_fp8_fast as llama;
    ///
    /// let request = ChatCompletionRequest::new("gpt-of-yesterday", "Hello!").max_tokens(100);
    /// let native: llama::Request = request.to_native::<llama::Llama3_3_70bInstructFp8Fast>()?;
    /// # let _ = native;
    ///
    /// let unknown = request.set("logit_bias", serde_json::json!({"50256": -100}));
    /// let error = unknown.to_native::<llama::Llama3_3_70bInstructFp8Fast>().unwrap_err();
    /// assert!(error.message().starts_with("logit_bias"));
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

    /// The request without its model, for [`TextGeneration::chat`](workers_ai_text_generation::TextGeneration::chat).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
    /// use workers_ai_openai::ChatCompletionRequest;
    /// use workers_ai_text_generation::{ChatModel, prelude::*};
    ///
    /// // A request that was written for OpenAI, to whichever model it names.
    /// let request: ChatCompletionRequest = serde_json::from_str(
    ///     r#"{"model": "@cf/zai-org/glm-4.7-flash", "messages": [{"role": "user", "content": "Hello!"}]}"#,
    /// )?;
    /// let model: ChatModel = request.model.parse()?;
    /// let reply = client.text_generation().chat(&model, request.into_chat_request()?).await?;
    /// # assert!(!reply.text().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When it has a field that requests of models chosen at run time do not have; the error names it.
    pub fn into_chat_request(self) -> Result<ChatRequest, Error> {
        if let Some(name) = self.fields.keys().next() {
            return Err(Invalid::parameter(name, "not every chat model has this parameter").into());
        }
        let mut request = ChatRequest::new(self.messages).tools(Tools::from(self.tools));
        request.tool_choice = self.tool_choice;
        request.response_format = self.response_format;
        request.max_tokens = self.max_tokens;
        request.temperature = self.temperature;
        request.top_p = self.top_p;
        request.seed = self.seed;
        request.reasoning_effort = self.reasoning_effort;
        Ok(request)
    }

    /// Tools that the model may call.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_openai::ChatCompletionRequest;
    /// use workers_ai_text_generation::Tool;
    ///
    /// let now = Tool::function("now", "The time, in UTC", json!({"type": "object", "properties": {}}));
    /// let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", "How late is it?").tools([now]);
    /// assert_eq!(request.tools.len(), 1);
    /// ```
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = Tool>) -> Self {
        self.tools.extend(tools);
        self
    }

    /// Most tokens to write.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// Sets any other field by its name.
    ///
    /// ```
    /// use workers_ai_openai::ChatCompletionRequest;
    ///
    /// let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", "Hello!").set("presence_penalty", 0.5);
    /// assert_eq!(serde_json::to_value(&request)?["presence_penalty"], 0.5);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Fields with a place of their own win over a field of that name set here.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }
}

/// In OpenAI's shape, whatever the tools and formats came as; what is not set is not sent.
impl Serialize for ChatCompletionRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = |value: Result<Value, serde_json::Error>| value.map_err(serde::ser::Error::custom);
        let mut fields = self.fields.clone();
        let set = [
            ("model", Some(Value::from(self.model.as_str()))),
            ("messages", Some(json(serde_json::to_value(&self.messages))?)),
            ("tools", if self.tools.is_empty() { None } else { Some(json(serde_json::to_value(&self.tools))?) }),
            ("tool_choice", self.tool_choice.as_ref().map(|choice| json(serde_json::to_value(choice))).transpose()?),
            (
                "response_format",
                self.response_format.as_ref().map(|format| json(serde_json::to_value(format))).transpose()?,
            ),
            ("max_tokens", self.max_tokens.map(Value::from)),
            ("temperature", self.temperature.map(Value::from)),
            ("top_p", self.top_p.map(Value::from)),
            ("seed", self.seed.map(Value::from)),
            ("reasoning_effort", self.reasoning_effort.as_deref().map(Value::from)),
        ];
        fields.extend(set.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        native::into_openai(&mut fields);
        fields.serialize(serializer)
    }
}

/// Any native reply as OpenAI's object: one that is a chat completion as it is, others by what they say.
///
/// ```
/// use workers_ai_text_generation::Reply;
///
/// let classic: Reply = serde_json::from_str(r#"{"response": "Blue.", "usage": {"total_tokens": 12}}"#)?;
/// let completion = workers_ai_openai::chat_completion(&classic, "@cf/meta/llama-3.1-8b-instruct-fp8")?;
/// assert_eq!(completion.choices[0].message.content.as_deref(), Some("Blue."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the reply holds what no completion can hold.
pub fn chat_completion(reply: &Reply, model: &str) -> Result<ChatCompletion, Error> {
    if let Some(completion) = reply.as_completion() {
        return Ok(completion.clone());
    }
    let calls = reply.tool_calls();
    let finish = reply.finish_reason().map(|reason| reason.to_string());
    let finish = finish.or_else(|| Some(if calls.is_empty() { "stop" } else { "tool_calls" }.to_owned()));
    let mut message = Map::new();
    message.insert("role".to_owned(), "assistant".into());
    message.insert("content".to_owned(), reply.text().into());
    if let Some(reasoning) = reply.reasoning() {
        message.insert("reasoning_content".to_owned(), reasoning.into());
    }
    if !calls.is_empty() {
        message.insert("tool_calls".to_owned(), json!(calls));
    }
    let mut fields = Map::new();
    fields.insert("object".to_owned(), "chat.completion".into());
    fields.insert("model".to_owned(), model.into());
    fields.insert("choices".to_owned(), json!([{"index": 0, "message": message, "finish_reason": finish}]));
    if let Some(usage) = reply.usage() {
        fields.insert("usage".to_owned(), json!(usage));
    }
    native::read(fields)
}
