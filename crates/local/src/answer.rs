//! The seam between the server and whatever makes its answers.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;

use crate::catalog::Model;
use crate::dialect::{Style, pieces};
use crate::input::Input;
use crate::refusal::Refusal;

/// Makes answers. The server reads and checks requests before and writes the wire's dialect after.
///
/// ```
/// use std::pin::Pin;
///
/// use workers_ai_local::{Answer, Answerer, Fidelity, LocalServer, Question, Refusal, Reply, Turn, Usage};
///
/// /// Says the same to everybody, for tests of what a program does with it.
/// struct Parrot;
///
/// impl Answerer for Parrot {
///     fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
///         Box::pin(async move {
///             if question.model.modality() != "text-generation" {
///                 return Err(Refusal::bad_input("parrots talk, and nothing else"));
///             }
///             let turn = Turn { text: "Pieces of eight!".to_owned(), ..Turn::default() };
///             Ok(Reply { answer: Answer::Turn(turn), usage: Usage::default(), fidelity: Fidelity::Synthetic })
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = LocalServer::builder().answerer(Parrot).start().await?;
/// # let _ = server;
/// # Ok(())
/// # }
/// ```
///
/// For chat models, answer with [`Answer::Turn`]: the server writes it in the model's dialect and cuts it into a stream.
pub trait Answerer: Send + Sync + 'static {
    /// Answers one request that satisfies the model's schema.
    fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>>;
}

/// One request, read and checked.
///
/// ```
/// use std::sync::Arc;
///
/// use workers_ai_local::{Answer, Answerer, Catalog, Input, Question, Style, Synthetic};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let model = Arc::clone(Catalog::embedded()?.get("@cf/meta/llama-3.3-70b-instruct-fp8-fast").unwrap());
/// let fields = serde_json::json!({"prompt": "Hello!"}).as_object().cloned().unwrap_or_default();
/// let style = Style::of(&model, &fields);
/// let question = Question { model, input: Input { fields, ..Input::default() }, style };
///
/// let reply = Synthetic::new(7).answer(question).await.map_err(|refusal| refusal.message().to_owned())?;
/// assert!(matches!(reply.answer, Answer::Turn(turn) if !turn.text.is_empty()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Question {
    /// The model that is asked.
    pub model: Arc<Model>,
    /// What it is asked.
    pub input: Input,
    /// How a chat model's answer will be written.
    pub style: Style,
}

/// What an answerer gives back.
///
/// ```
/// use workers_ai_local::{Answer, Fidelity, Reply, Usage, tokens};
///
/// let text = "[0.25, -0.5]";
/// let reply = Reply {
///     answer: Answer::Json(serde_json::json!({"data": [[0.25, -0.5]], "shape": [1, 2]})),
///     usage: Usage { input_tokens: tokens(text), ..Usage::default() },
///     fidelity: Fidelity::Synthetic,
/// };
/// assert_eq!(reply.usage.input_tokens, 3);
/// ```
#[derive(Debug)]
pub struct Reply {
    /// The answer itself.
    pub answer: Answer,
    /// What was used to make it.
    pub usage: Usage,
    /// How near it is to what the real model says.
    pub fidelity: Fidelity,
}

/// An answer, before it is written in the model's dialect.
///
/// ```
/// use workers_ai_local::Answer;
///
/// let picture = Answer::Bytes { content_type: "image/png".to_owned(), bytes: b"\x89PNG\r\n\x1a\n".as_slice().into() };
/// let label = Answer::Json(serde_json::json!([{"label": "POSITIVE", "score": 0.9}]));
/// # let _ = (picture, label);
/// ```
#[derive(Debug)]
pub enum Answer {
    /// A turn of a conversation.
    Turn(Turn),
    /// A turn of a conversation that is still being said. Its usage comes with its end.
    Telling(Telling),
    /// The result as it stands in the envelope.
    Json(Value),
    /// The whole body.
    Bytes {
        /// Value of the `content-type` header.
        content_type: String,
        /// The body.
        bytes: Bytes,
    },
}

/// What a chat model says when it is its turn.
///
/// ```
/// use workers_ai_local::{Finish, Turn};
///
/// let cut_off = Turn { text: "Once upon a".to_owned(), finish: Finish::Length, ..Turn::default() };
/// assert!(cut_off.calls.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turn {
    /// What it thought before it spoke, where it shows that.
    pub reasoning: Option<String>,
    /// What it says; with [`Turn::object`] the same as JSON text.
    pub text: String,
    /// The object that was asked for by JSON mode.
    pub object: Option<Value>,
    /// The tools it calls instead of speaking.
    pub calls: Vec<ToolCall>,
    /// Why it stopped.
    pub finish: Finish,
}

/// A turn that is said piece by piece; the server passes each on as it comes, or waits for the whole.
///
/// ```
/// use futures_util::stream;
/// use workers_ai_local::{Answer, Delta, Fidelity, Finish, Refusal, Reply, Telling, Usage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let usage = Usage { input_tokens: 2, output_tokens: 2, ..Usage::default() };
/// let said = [Delta::Text("Good".to_owned()), Delta::Text(" day!".to_owned()), Delta::End { finish: Finish::Stop, usage }];
/// let telling = Telling { input_tokens: 2, deltas: Box::pin(stream::iter(said.map(Ok::<_, Refusal>))) };
///
/// // An answerer gives it as it is, and whoever does not stream waits for the whole.
/// let reply = Reply { answer: Answer::Telling(telling), usage: Usage::default(), fidelity: Fidelity::Substitute };
/// # let Answer::Telling(telling) = reply.answer else { unreachable!() };
/// let (turn, used) = telling.whole().await.map_err(|refusal| refusal.message().to_owned())?;
/// assert_eq!((turn.text.as_str(), used), ("Good day!", usage));
/// # Ok(())
/// # }
/// ```
pub struct Telling {
    /// Tokens of the request.
    pub input_tokens: u64,
    /// What is said, the end included.
    pub deltas: Pin<Box<dyn Stream<Item = Result<Delta, Refusal>> + Send>>,
}

/// A piece of a turn.
///
/// ```
/// use workers_ai_local::{Delta, Finish, ToolCall, Usage};
///
/// // A model that thinks, and then wants to know the weather.
/// let call = ToolCall { id: "call00001".to_owned(), name: "weather".to_owned(), arguments: serde_json::json!({}) };
/// let deltas = [
///     Delta::Reasoning("I had better ask.".to_owned()),
///     Delta::Call(call),
///     Delta::End { finish: Finish::ToolCalls, usage: Usage { output_tokens: 9, ..Usage::default() } },
/// ];
/// # let _ = deltas;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// More of what is thought.
    Reasoning(String),
    /// More of what is said.
    Text(String),
    /// A call of a tool.
    Call(ToolCall),
    /// Nothing follows.
    End {
        /// Why.
        finish: Finish,
        /// What was used for all of it.
        usage: Usage,
    },
}

impl Telling {
    /// The whole turn and what it used.
    ///
    /// # Errors
    ///
    /// Where the teller fails, or stops without an end.
    pub async fn whole(mut self) -> Result<(Turn, Usage), Refusal> {
        let mut turn = Turn::default();
        while let Some(delta) = poll_fn(|context| self.deltas.as_mut().poll_next(context)).await {
            match delta? {
                Delta::End { finish, usage } => {
                    turn.finish = finish;
                    return Ok((turn, usage));
                }
                delta => turn.add(delta),
            }
        }
        Err(Refusal::failed("the answer broke off"))
    }
}

impl fmt::Debug for Telling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Telling").field("input_tokens", &self.input_tokens).finish_non_exhaustive()
    }
}

impl Turn {
    /// Adds a piece.
    pub(crate) fn add(&mut self, delta: Delta) {
        match delta {
            Delta::Reasoning(more) => self.reasoning.get_or_insert_default().push_str(&more),
            Delta::Text(more) => self.text.push_str(&more),
            Delta::Call(call) => self.calls.push(call),
            Delta::End { finish, .. } => self.finish = finish,
        }
    }

    /// The turn in pieces, as a model would say it.
    pub(crate) fn into_deltas(self, usage: Usage) -> Vec<Delta> {
        let reasoning = pieces(self.reasoning.as_deref().unwrap_or_default()).into_iter().map(Delta::Reasoning);
        let text = pieces(&self.text).into_iter().map(Delta::Text);
        let calls = self.calls.into_iter().map(Delta::Call);
        reasoning.chain(text).chain(calls).chain([Delta::End { finish: self.finish, usage }]).collect()
    }
}

/// A call of a tool.
///
/// ```
/// use workers_ai_local::{Finish, ToolCall, Turn};
///
/// let call = ToolCall {
///     id: "call00001".to_owned(),
///     name: "weather".to_owned(),
///     arguments: serde_json::json!({"city": "Lisbon"}),
/// };
/// let turn = Turn { calls: vec![call], finish: Finish::ToolCalls, ..Turn::default() };
/// # let _ = turn;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCall {
    /// Id to which the tool's result refers.
    pub id: String,
    /// Name of the tool.
    pub name: String,
    /// Its arguments.
    pub arguments: Value,
}

/// Why a model stopped.
///
/// ```
/// use workers_ai_local::Finish;
///
/// assert_eq!(Finish::default().as_str(), "stop");
/// assert_eq!(Finish::ToolCalls.as_str(), "tool_calls");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Finish {
    /// It had said everything.
    #[default]
    Stop,
    /// It had used up its tokens.
    Length,
    /// It waits for tools.
    ToolCalls,
}

impl Finish {
    /// The value of `finish_reason`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
        }
    }
}

/// What was used: what the service would bill.
///
/// ```
/// use workers_ai_local::Usage;
///
/// let drawn = Usage { image: Some((1024, 1024)), steps: 4, ..Usage::default() };
/// # let _ = drawn;
/// ```
///
/// [`neurons`](crate::neurons) makes a bill of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Characters read, where speech is billed by them.
    pub characters: u64,
    /// Seconds of audio heard or spoken.
    pub audio_seconds: f64,
    /// Width and height of the image that was drawn.
    pub image: Option<(u32, u32)>,
    /// Steps in which it was drawn.
    pub steps: u64,
    /// Images that were given.
    pub input_images: u64,
}

/// How near an answer is to what the real model says.
///
/// ```
/// use workers_ai_local::Fidelity;
///
/// assert_eq!(Fidelity::Synthetic.to_string(), "synthetic");
/// assert!(Fidelity::Exact < Fidelity::Substitute, "what is nearer comes first");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fidelity {
    /// By the very model.
    Exact,
    /// As it was recorded.
    Replay,
    /// By a server that this one asked.
    Upstream,
    /// By another model of its kind.
    Substitute,
    /// Made up; only its form is true.
    Synthetic,
}

impl fmt::Display for Fidelity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Exact => "exact",
            Self::Substitute => "substitute",
            Self::Synthetic => "synthetic",
            Self::Upstream => "upstream",
            Self::Replay => "replay",
        })
    }
}

/// The service's own estimate: four characters are a token.
///
/// ```
/// assert_eq!(workers_ai_local::tokens("Why is the sky blue?"), 5);
/// ```
#[must_use]
pub fn tokens(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or(u64::MAX)
}
