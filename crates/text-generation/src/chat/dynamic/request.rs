//! The request that every chat model understands, in the form that each of them wants.

use serde::Serialize;
use serde_json::{Map, Value};
use workers_ai_client::{Call, Encoded, Info, Invalid, Model, Request, Streams};

use super::{
    super::{
        check::{self, Sent},
        chunk::Chunk,
        into_messages::IntoMessages,
        invalid::InvalidMessage,
        message::Message,
        messages::Messages,
        modality::{Text, Vision},
        reply::Reply,
        response_format::ResponseFormat,
        rules::{Any, RuleSet},
        structured::AnswersInJson,
        tool::Tool,
        tool_choice::ToolChoice,
        tools::Tools,
    },
    model::ChatModel,
};
use crate::TextGeneration;

/// A request that every chat model understands, for one chosen at run time.
///
/// What only tunes the answer (`temperature`, `seed`, …) is left out for a model without that parameter. What changes its
/// meaning (images, tools, a response format) is refused before anything is sent, with the parameter named.
///
/// ```
/// use workers_ai_text_generation::{ChatRequest, Message};
///
/// let request = ChatRequest::new([Message::system("Be brief."), Message::user("Hello!")])
///     .max_tokens(512)
///     .temperature(0.2);
/// assert_eq!(request.messages.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ChatRequest {
    /// The conversation so far.
    pub messages: Vec<Message<Vision>>,
    /// Tools that the model may call.
    pub tools: Vec<Tool>,
    /// Whether it may, must or must not.
    pub tool_choice: Option<ToolChoice>,
    /// In which form to answer.
    pub response_format: Option<ResponseFormat>,
    /// Most tokens to write.
    pub max_tokens: Option<u64>,
    /// Randomness: low repeats itself, high surprises.
    pub temperature: Option<f64>,
    /// Only the likeliest tokens that together reach this probability are considered.
    pub top_p: Option<f64>,
    /// Starts the random choices, so that a call can be repeated.
    pub seed: Option<u64>,
    /// How much to think, for example `low`. Models know different words.
    pub reasoning_effort: Option<String>,
}

impl ChatRequest {
    /// A request with a conversation: a question, messages, or what another model has been told.
    ///
    /// ```
    /// use workers_ai_text_generation::{ChatRequest, Message};
    ///
    /// assert_eq!(ChatRequest::new("Hello!").messages, [Message::user("Hello!")]);
    /// ```
    pub fn new(conversation: impl IntoMessages<Vision, Any>) -> Self {
        Self { messages: conversation.into_messages().into_vec(), ..Self::default() }
    }

    /// Tools that the model may call.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{ChatRequest, Tool};
    ///
    /// let now = Tool::function("now", "The time", json!({"type": "object", "properties": {}}));
    /// let request = ChatRequest::new("How late is it?").tools(now);
    /// assert_eq!(request.tools.len(), 1);
    /// ```
    ///
    /// A model without tools refuses the request before it is sent: [`ChatModel::calls_tools`].
    #[must_use]
    pub fn tools(mut self, tools: impl Into<Tools>) -> Self {
        self.tools = tools.into().into_vec();
        self
    }

    /// Whether it may, must or must not.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{ChatRequest, Tool, ToolChoice};
    ///
    /// let now = Tool::function("now", "The time", json!({"type": "object", "properties": {}}));
    /// let request = ChatRequest::new("How late is it?").tools(now).tool_choice(ToolChoice::Required);
    /// # assert_eq!(request.tool_choice, Some(ToolChoice::Required));
    /// ```
    #[must_use]
    pub fn tool_choice(mut self, choice: ToolChoice) -> Self {
        self.tool_choice = Some(choice);
        self
    }

    /// In which form to answer.
    ///
    /// ```
    /// use workers_ai_text_generation::{ChatRequest, ResponseFormat};
    ///
    /// let request = ChatRequest::new("Name a city, as JSON.").response_format(ResponseFormat::json_object());
    /// # assert!(request.response_format.is_some());
    /// ```
    #[must_use]
    pub fn response_format(mut self, format: ResponseFormat) -> Self {
        self.response_format = Some(format);
        self
    }

    /// Most tokens to write.
    #[must_use]
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// Randomness: low repeats itself, high surprises.
    #[must_use]
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Only the likeliest tokens that together reach this probability are considered: from 0 to 1.
    ///
    /// ```
    /// use workers_ai_text_generation::ChatRequest;
    ///
    /// let request = ChatRequest::new("Once upon a time").temperature(1.2).top_p(0.9).seed(7).max_tokens(300);
    /// assert_eq!(request.seed, Some(7));
    /// ```
    #[must_use]
    pub fn top_p(mut self, probability: f64) -> Self {
        self.top_p = Some(probability);
        self
    }

    /// Starts the random choices, so that a call can be repeated.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// How much to think, for example `low`. Models know different words.
    ///
    /// ```
    /// use workers_ai_text_generation::ChatRequest;
    ///
    /// let request = ChatRequest::new("What is 17 times 23?").reasoning_effort("low");
    /// # assert_eq!(request.reasoning_effort.as_deref(), Some("low"));
    /// ```
    #[must_use]
    pub fn reasoning_effort(mut self, effort: impl Into<String>) -> Self {
        self.reasoning_effort = Some(effort.into());
        self
    }

    /// The body for a model.
    fn body(&self, model: &ChatModel) -> Result<Map<String, Value>, Invalid> {
        let rules = model.rules();
        let mut body = Map::new();
        body.insert("messages".to_owned(), self.conversation(model)?);
        let wants_tools = !self.tools.is_empty() && self.tool_choice != Some(ToolChoice::None);
        if wants_tools {
            body.insert("tools".to_owned(), self.tools_for(model, rules)?);
            match &self.tool_choice {
                Some(choice) if model.takes("tool_choice") => {
                    body.insert("tool_choice".to_owned(), json(choice)?);
                }
                None | Some(ToolChoice::Auto) => {}
                Some(_) => return Err(Invalid::parameter("tool_choice", "this model cannot be made to call a tool")),
            }
        }
        if let Some(format) = self.response_format.as_ref().filter(|format| format.kind() != Some("text")) {
            if !model.answers_in_json() {
                return Err(Invalid::parameter("response_format", "this model has no response format"));
            }
            let format =
                format.adapted(rules.formats).map_err(|reason| Invalid::parameter("response_format", reason))?;
            body.insert("response_format".to_owned(), format.into());
        }
        let limit = if model.takes("max_tokens") { "max_tokens" } else { "max_completion_tokens" };
        let tuning = [
            (limit, self.max_tokens.map(Value::from)),
            ("temperature", number("temperature", self.temperature)?),
            ("top_p", number("top_p", self.top_p)?),
            ("seed", self.seed.map(Value::from)),
            ("reasoning_effort", self.reasoning_effort.clone().map(Value::from)),
        ];
        for (name, value) in tuning {
            if let Some(value) = value.filter(|_| model.takes(name)) {
                body.insert(name.to_owned(), value);
            }
        }
        Ok(body)
    }

    fn conversation(&self, model: &ChatModel) -> Result<Value, Invalid> {
        let refused = |invalid: InvalidMessage| Invalid::parameter("messages", invalid.to_string());
        if !model.sees() {
            Messages::<Text, Any>::try_from(self.messages.clone()).map_err(refused)?;
        }
        let rules = model.rules();
        check::conversation(&self.messages, rules).map_err(refused)?;
        let sent: Vec<Sent<'_, Vision>> = self.messages.iter().map(|message| Sent { message, rules }).collect();
        json(&sent)
    }

    fn tools_for(&self, model: &ChatModel, rules: &RuleSet) -> Result<Value, Invalid> {
        if !model.calls_tools() {
            return Err(Invalid::parameter("tools", "this model calls no tools"));
        }
        let adapt = |tool: &Tool| {
            let tool = tool.adapted(rules.tools);
            tool.check(rules.tools).map(|()| Value::Object(tool.as_json().clone()))
        };
        let tools: Result<Vec<Value>, String> = self.tools.iter().map(adapt).collect();
        tools.map(Value::from).map_err(|reason| Invalid::parameter("tools", reason))
    }
}

fn json(value: &impl Serialize) -> Result<Value, Invalid> {
    serde_json::to_value(value).map_err(|error| Invalid::request(error.to_string()))
}

fn number(name: &str, value: Option<f64>) -> Result<Option<Value>, Invalid> {
    match value {
        Some(value) if !value.is_finite() => Err(Invalid::parameter(name, format!("{value} is no number to send"))),
        value => Ok(value.map(Value::from)),
    }
}

impl AnswersInJson for ChatRequest {
    type Rules = Any;

    fn set_response_format(&mut self, format: ResponseFormat) {
        self.response_format = Some(format);
    }
}

/// Any chat model, where a type is wanted: what [`TextGeneration::chat`] calls.
///
/// ```
/// use workers_ai_client::Call;
/// use workers_ai_text_generation::{AnyChat, ChatModel, ChatRequest, prelude::*};
///
/// /// A call to make later, whichever the model.
/// fn prepare(client: &workers_ai_client::Client, model: &ChatModel) -> Call<AnyChat> {
///     client.text_generation().chat(model, ChatRequest::new("Hello!"))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AnyChat;

static ANY: Info = Info::new("a chat model", "Text Generation", "");

impl Model for AnyChat {
    const INFO: &'static Info = &ANY;
    type Request = ChatRequestFor;
    type Reply = Reply;
}

#[diagnostic::do_not_recommend]
impl Streams for AnyChat {
    type Chunk = Chunk;
}

/// A request on its way to a model that was chosen at run time.
///
/// ```
/// use workers_ai_client::Model;
/// use workers_ai_text_generation::{AnyChat, ChatRequestFor};
///
/// // What a `Call<AnyChat>` holds; made by `TextGeneration::chat`.
/// fn same(request: <AnyChat as Model>::Request) -> ChatRequestFor {
///     request
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ChatRequestFor {
    model: ChatModel,
    request: ChatRequest,
}

impl Request for ChatRequestFor {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::json(&self.request.body(&self.model)?)
    }
}

impl TextGeneration {
    /// Calls a chat model that was chosen at run time, in the form and the dialect it takes.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_text_generation::{ChatModel, ChatRequest, prelude::*};
    ///
    /// let model: ChatModel = std::env::var("CHAT_MODEL")?.parse()?;
    /// let reply = client.text_generation().chat(&model, ChatRequest::new("Why is the sky blue?")).await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn chat(&self, model: &ChatModel, request: impl Into<ChatRequest>) -> Call<AnyChat> {
        let request = ChatRequestFor { model: model.clone(), request: request.into() };
        Call::new(self.client.clone(), request).to(model.id.clone())
    }
}

impl<T: IntoMessages<Vision, Any>> From<T> for ChatRequest {
    fn from(conversation: T) -> Self {
        Self::new(conversation)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

    use serde_json::json;

    use super::*;

    const LLAMA: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    const GPT: &str = "@cf/openai/gpt-oss-120b";
    const GEMMA: &str = "@cf/google/gemma-4-26b-a4b-it";

    fn body(model: &str, request: ChatRequest) -> Result<Value, String> {
        request.body(&model.parse().unwrap()).map(Value::Object).map_err(|invalid| invalid.to_string())
    }

    fn sent(model: &str, request: ChatRequest) -> Value {
        body(model, request).unwrap()
    }

    #[test]
    fn one_request_takes_the_form_that_each_model_wants() {
        let schema = json!({"type": "object", "properties": {"city": {"type": "string"}}});
        let request = || {
            ChatRequest::new("Where?")
                .tools(Tool::function("now", "The time", json!({"type": "object", "properties": {}})))
                .response_format(ResponseFormat::json_schema(schema.clone()))
                .max_tokens(100)
        };
        let (llama, gemma) = (sent(LLAMA, request()), sent(GEMMA, request()));
        assert_eq!(llama["response_format"]["json_schema"], schema);
        assert_eq!(gemma["response_format"]["json_schema"], json!({"name": "response", "schema": schema}));
        assert_eq!(llama["messages"], json!([{"role": "user", "content": "Where?"}]));
        assert_eq!(llama["max_tokens"], 100);
        assert_eq!(gemma["max_tokens"].as_u64().or(gemma["max_completion_tokens"].as_u64()), Some(100));
    }

    #[test]
    fn what_tunes_is_left_out_and_what_matters_is_refused() {
        let effort = sent(LLAMA, ChatRequest::new("Hm?").reasoning_effort("low"));
        assert!(effort.get("reasoning_effort").is_none());
        assert_eq!(sent(GPT, ChatRequest::new("Hm?").reasoning_effort("low"))["reasoning_effort"], "low");

        let image = Message::user_with_image("What is this?", "data:image/png;base64,iVBORw0KGgo=");
        assert!(body(GEMMA, ChatRequest::new(image.clone())).is_ok());
        assert_eq!(
            body(LLAMA, ChatRequest::new(image)).unwrap_err(),
            "messages: message 0, part 1: an image cannot go to a model that reads text only"
        );
        let error = body(LLAMA, ChatRequest::new("Hm?").temperature(f64::NAN)).unwrap_err();
        assert_eq!(error, "temperature: NaN is no number to send");
    }

    #[test]
    fn every_model_takes_the_common_request() {
        for model in ChatModel::all() {
            let mut request = ChatRequest::new("Hello!").max_tokens(10);
            if model.calls_tools() {
                let none = json!({"type": "object", "properties": {}});
                request = request.tools(Tool::function("now", "The time", none));
            }
            request.body(&model).unwrap_or_else(|invalid| unreachable!("{model}: {invalid}"));
        }
    }
}
