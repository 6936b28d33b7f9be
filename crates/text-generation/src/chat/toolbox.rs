//! Tools that run: what a model may call, what happens then, and the loop between the two.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    future::{Future, IntoFuture, poll_fn},
    sync::Arc,
    task::Poll,
};

use serde::Serialize;
use serde_json::Value;
use workers_ai_client::{
    Error,
    transport::{BoxFuture, MaybeSend, MaybeSync},
};

use super::{message::Message, modality::Modality, reply::Reply, tool::Tool, tool_call::ToolCall};

#[cfg(not(target_arch = "wasm32"))]
type Handler = Arc<dyn Fn(ToolCall) -> BoxFuture<'static, Result<String, String>> + Send + Sync>;
#[cfg(target_arch = "wasm32")]
type Handler = Arc<dyn Fn(ToolCall) -> BoxFuture<'static, Result<String, String>>>;

#[cfg(not(target_arch = "wasm32"))]
type Hook = Arc<dyn Fn(ToolCall) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;
#[cfg(target_arch = "wasm32")]
type Hook = Arc<dyn Fn(ToolCall) -> BoxFuture<'static, Result<(), String>>>;

/// How often a model may ask for tools before [`Toolbox::run`] gives up, unless told otherwise.
const ROUNDS: usize = 8;

/// Tools with the functions that run them, and the loop that does.
///
/// [`run`](Self::run) calls a model, runs the tools it asks for, several at once where it asks for several, tells it what
/// they said and calls it again, until it answers in words. It is for any model with function calling: how to call it is a
/// closure.
///
/// ```no_run
/// # #[cfg(feature = "schemars")]
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use workers_ai_text_generation::{
///     Message, Toolbox, llama_3_3_70b_instruct_fp8_fast as llama, prelude::*, schemars::{self, JsonSchema},
/// };
///
/// /// The weather in a city, now.
/// #[derive(serde::Deserialize, JsonSchema)]
/// struct Weather {
///     /// The city's name.
///     city: String,
/// }
///
/// let tools = Toolbox::new().with(|weather: Weather| async move {
///     match weather.city.as_str() {
///         "Lisbon" => Ok("21 °C, clear"),
///         other => Err(format!("no station in {other}")), // the model is told
///     }
/// });
/// let question = vec![Message::user("What should I wear in Lisbon?")];
/// let done = tools
///     .run(question, |messages, tools| {
///         let request = llama::MessagesRequest::new(messages).tools(tools);
///         client.text_generation().llama_3_3_70b_instruct_fp8_fast(request)
///     })
///     .await?;
/// println!("{}", done.reply.text());
/// # Ok(())
/// # }
/// ```
///
/// No runtime is named: the tools of a round run together in the task that awaits the loop.
#[derive(Clone)]
pub struct Toolbox {
    tools: Vec<Tool>,
    handlers: BTreeMap<String, Handler>,
    before: Option<Hook>,
    rounds: usize,
}

impl Toolbox {
    /// An empty toolbox.
    ///
    /// ```
    /// use workers_ai_text_generation::Toolbox;
    ///
    /// assert!(Toolbox::new().tools().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { tools: Vec::new(), handlers: BTreeMap::new(), before: None, rounds: ROUNDS }
    }

    /// Adds the tool whose arguments are `T`, which gives it its name, its description and its schema
    /// ([`Tool::of`]).
    ///
    /// What the function returns goes to the model: text as it is, anything else as JSON. So does the text of its error, and
    /// what is wrong with arguments that are no `T`: models often do better the second time.
    ///
    /// ```
    /// # #[cfg(feature = "schemars")] {
    /// use workers_ai_text_generation::{Toolbox, schemars::{self, JsonSchema}};
    ///
    /// /// Adds two numbers.
    /// #[derive(serde::Deserialize, JsonSchema)]
    /// struct Add {
    ///     left: f64,
    ///     right: f64,
    /// }
    ///
    /// let tools = Toolbox::new().with(|add: Add| async move { Ok::<_, String>(add.left + add.right) });
    /// assert_eq!(tools.tools()[0].name(), Some("add"));
    /// # }
    /// ```
    #[cfg(feature = "schemars")]
    #[must_use]
    pub fn with<T, F, R, O, E>(self, run: F) -> Self
    where
        T: schemars_1::JsonSchema + serde::de::DeserializeOwned + MaybeSend,
        F: Fn(T) -> R + MaybeSend + MaybeSync + 'static,
        R: Future<Output = Result<O, E>> + MaybeSend + 'static,
        O: Serialize,
        E: Display,
    {
        self.with_tool(Tool::of::<T>(), move |call| {
            let running = call.arguments_as::<T>().map(&run);
            async move {
                match running {
                    Ok(running) => running.await.map_err(|error| error.to_string()),
                    Err(error) => Err(format!("the arguments are not as described: {error}")),
                }
            }
        })
    }

    /// Adds a tool that was described by hand. A tool of the same name is replaced.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Message, Tool, ToolCall, Toolbox};
    ///
    /// let now = Tool::function("now", "The time, in UTC", json!({"type": "object", "properties": {}}));
    /// let tools = Toolbox::new().with_tool(now, |_: ToolCall| async { Ok::<_, String>("noon") });
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn run(tools: Toolbox) {
    /// let answer: Message = tools.answer(&ToolCall::new("a", "now", json!({}))).await;
    /// assert_eq!(answer.text(), "noon");
    /// # }
    /// # run(tools);
    /// ```
    #[must_use]
    pub fn with_tool<F, R, O, E>(mut self, tool: Tool, run: F) -> Self
    where
        F: Fn(ToolCall) -> R + MaybeSend + MaybeSync + 'static,
        R: Future<Output = Result<O, E>> + MaybeSend + 'static,
        O: Serialize,
        E: Display,
    {
        let name = tool.name().unwrap_or_default().to_owned();
        let handler: Handler = Arc::new(move |call| {
            let running = run(call);
            Box::pin(async move {
                let said = running.await.map_err(|error| error.to_string())?;
                match serde_json::to_value(said).map_err(|error| error.to_string())? {
                    Value::String(text) => Ok(text),
                    value => Ok(value.to_string()),
                }
            })
        });
        self.tools.retain(|known| known.name() != Some(&name));
        self.tools.push(tool);
        self.handlers.insert(name, handler);
        self
    }

    /// Asks before each call. A refusal is not run; its text goes to the model in the place of a result.
    ///
    /// ```
    /// use workers_ai_text_generation::{Toolbox, ToolCall};
    ///
    /// let tools = Toolbox::new().before(|call: ToolCall| async move {
    ///     if call.name() == "delete_file" { Err("the user said no".to_owned()) } else { Ok(()) }
    /// });
    /// ```
    #[must_use]
    pub fn before<F, R>(mut self, ask: F) -> Self
    where
        F: Fn(ToolCall) -> R + MaybeSend + MaybeSync + 'static,
        R: Future<Output = Result<(), String>> + MaybeSend + 'static,
    {
        self.before = Some(Arc::new(move |call| Box::pin(ask(call))));
        self
    }

    /// How often the model may ask for tools, eight times unless set: models have been seen going round in circles.
    ///
    /// ```
    /// use workers_ai_text_generation::Toolbox;
    ///
    /// // One look into the database, and then an answer.
    /// let tools = Toolbox::new().rounds(1);
    /// # let _ = tools;
    /// ```
    #[must_use]
    pub fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// The tools, as a request takes them.
    #[must_use]
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }

    /// Runs one call and gives what the model is to be told: the result, or what went wrong.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_text_generation::{Message, ToolCall, Toolbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let call = ToolCall::new("a", "tides", json!({}));
    /// let answer: Message = Toolbox::new().answer(&call).await;
    /// assert!(answer.text().starts_with("Error: there is no tool `tides`"));
    /// # }
    /// ```
    pub async fn answer<C: Modality>(&self, call: &ToolCall) -> Message<C> {
        let said = match self.outcome(call.clone()).await {
            Ok(text) => text,
            Err(error) => format!("Error: {error}"),
        };
        Message::answer(call, said)
    }

    /// Runs several calls at the same time and gives the answers in the order of the calls.
    ///
    /// ```
    /// use workers_ai_text_generation::{Message, Reply, Toolbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), serde_json::Error> {
    /// # let tools = Toolbox::new();
    /// # let reply: Reply = serde_json::from_str(r#"{"tool_calls": [{"name": "a", "arguments": {}}, {"name": "b", "arguments": {}}]}"#)?;
    /// // A round by hand; `run` does this again and again.
    /// let mut conversation: Vec<Message> = vec![reply.to_message()];
    /// conversation.extend(tools.answer_all(&reply.tool_calls()).await);
    /// assert_eq!(conversation.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn answer_all<C: Modality>(&self, calls: &[ToolCall]) -> Vec<Message<C>> {
        let mut answers: Vec<BoxFuture<'_, Message<C>>> = Vec::with_capacity(calls.len());
        for call in calls {
            // Boxed, so that the compiler sees that the whole can be sent to another thread.
            answers.push(Box::pin(self.answer(call)));
        }
        together(answers).await
    }

    async fn outcome(&self, call: ToolCall) -> Result<String, String> {
        let Some(handler) = self.handlers.get(call.name()) else {
            let known: Vec<&str> = self.handlers.keys().map(String::as_str).collect();
            return Err(format!("there is no tool `{}`; there are: {}", call.name(), known.join(", ")));
        };
        if let Some(before) = &self.before {
            before(call.clone()).await?;
        }
        handler(call).await
    }

    /// Holds a conversation until the model answers without asking for tools.
    ///
    /// `call` is given the conversation and the tools, and makes the call: a [`Call`](workers_ai_client::Call), or a future,
    /// for example one that streams and shows what arrives before it gives the whole reply.
    ///
    /// # Errors
    ///
    /// When a call fails, or the model still asks for tools after the last round. Tools that fail are no errors: the model is
    /// told.
    pub async fn run<C, F, R, E>(&self, messages: Vec<Message<C>>, mut call: F) -> Result<Answered<C>, Unanswered<C>>
    where
        C: Modality,
        F: FnMut(Vec<Message<C>>, Vec<Tool>) -> R,
        R: IntoFuture<Output = Result<Reply, E>>,
        E: Into<Error>,
    {
        let mut messages = messages;
        let mut rounds = 0;
        loop {
            let reply = match call(messages.clone(), self.tools.clone()).into_future().await {
                Ok(reply) => reply,
                Err(error) => return Err(Unanswered { messages, error: Some(error.into()) }),
            };
            let calls = reply.tool_calls();
            messages.push(reply.to_message());
            if calls.is_empty() {
                return Ok(Answered { reply, messages, rounds });
            }
            if rounds == self.rounds {
                return Err(Unanswered { messages, error: None });
            }
            rounds += 1;
            messages.extend(self.answer_all(&calls).await);
        }
    }
}

impl Default for Toolbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Toolbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Toolbox").field("tools", &self.tools).field("rounds", &self.rounds).finish_non_exhaustive()
    }
}

/// A conversation that a model has answered, perhaps with the help of tools.
///
/// ```
/// # use std::future;
/// # use workers_ai_client::Error;
/// # use workers_ai_text_generation::{Reply, Tool};
/// use workers_ai_text_generation::{Message, Text, Toolbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let question: Vec<Message<Text>> = vec![Message::user("What colour is the sky?")];
/// # let reply: Reply = serde_json::from_str(r#"{"response": "Blue."}"#)?;
/// # let call = |_: Vec<Message<Text>>, _: Vec<Tool>| -> future::Ready<Result<Reply, Error>> {
/// #     future::ready(Ok(reply.clone()))
/// # };
/// let mut done = Toolbox::new().run(question, call).await?;
/// assert_eq!((done.reply.text().as_ref(), done.rounds), ("Blue.", 0));
///
/// // And on with the conversation:
/// done.messages.push(Message::user("And the sea?"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answered<C: Modality> {
    /// The answer.
    pub reply: Reply,
    /// The whole conversation: what was said before, calls, results, and the answer as its last message.
    pub messages: Vec<Message<C>>,
    /// How often tools were run.
    pub rounds: usize,
}

/// A conversation that broke off, with everything that was said until then.
///
/// ```
/// # use std::future;
/// # use serde_json::json;
/// # use workers_ai_client::Error;
/// # use workers_ai_text_generation::{Reply, Tool, ToolCall, Toolbox};
/// use workers_ai_text_generation::{Message, Text};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let now = Tool::function("now", "The time, in UTC", json!({"type": "object", "properties": {}}));
/// # let tools = Toolbox::new().with_tool(now, |_: ToolCall| async { Ok::<_, String>("noon") }).rounds(2);
/// # let asks = r#"{"tool_calls": [{"name": "now", "arguments": {}}]}"#;
/// # let call = |_: Vec<Message<Text>>, _: Vec<Tool>| -> future::Ready<Result<Reply, Error>> {
/// #     future::ready(Ok(serde_json::from_str(asks).unwrap()))
/// # };
/// let question: Vec<Message<Text>> = vec![Message::user("How late is it?")];
/// let unanswered = tools.run(question, call).await.unwrap_err();
/// if unanswered.has_too_many_rounds() {
///     // A question, three times a call, and the two results.
///     assert_eq!(unanswered.messages().len(), 6);
/// } else {
///     eprintln!("a call failed: {:?}", unanswered.error());
/// }
/// let so_far = unanswered.into_messages();
/// # assert_eq!(so_far.len(), 6);
/// # }
/// ```
#[derive(Debug)]
pub struct Unanswered<C: Modality> {
    messages: Vec<Message<C>>,
    error: Option<Error>,
}

impl<C: Modality> Unanswered<C> {
    /// The conversation. After too many rounds its last message has calls that nobody has run.
    #[must_use]
    pub fn messages(&self) -> &[Message<C>] {
        &self.messages
    }

    /// The conversation, to go on with.
    #[must_use]
    pub fn into_messages(self) -> Vec<Message<C>> {
        self.messages
    }

    /// Why a call failed. `None` when the model went on asking for tools.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Whether the model still asked for tools after the last round.
    #[must_use]
    pub fn has_too_many_rounds(&self) -> bool {
        self.error.is_none()
    }
}

impl<C: Modality> fmt::Display for Unanswered<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            Some(_) => f.write_str("a call in the middle of a conversation failed"),
            None => f.write_str("the model asks for tools again and again"),
        }
    }
}

impl<C: Modality> std::error::Error for Unanswered<C> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.as_ref().map(|error| error as _)
    }
}

/// A future on its way to its output.
enum Running<'a, T> {
    Still(BoxFuture<'a, T>),
    Done(Option<T>),
}

/// Waits for several futures at the same time; results come in the order of the futures.
async fn together<T>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut all: Vec<Running<'_, T>> = futures.into_iter().map(Running::Still).collect();
    poll_fn(|cx| {
        let mut pending = false;
        for running in &mut all {
            if let Running::Still(future) = running {
                match future.as_mut().poll(cx) {
                    Poll::Pending => pending = true,
                    Poll::Ready(output) => *running = Running::Done(Some(output)),
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let output = |running| match running {
        Running::Done(output) => output,
        Running::Still(_) => None,
    };
    all.into_iter().filter_map(output).collect()
}
