//! What is asked of a chat model, and what it gives back.

use serde::Serialize;

use crate::task::Match;

/// A text to continue, and how.
///
/// ```
/// use workers_ai_inference::{GenerateRequest, Message};
///
/// let mut request = GenerateRequest::chat([Message::new("user", "What is the capital of France?")]);
/// request.max_tokens = 32;
/// ```
#[derive(Clone, Debug)]
pub struct GenerateRequest {
    /// What the model reads.
    pub prompt: Prompt,
    /// Tools that the model may call, as its template expects them: OpenAI's form as a rule. Calls are in the text.
    pub tools: Vec<serde_json::Value>,
    /// Tokens to write at most; 256 by default, as on the service. The context window may end earlier.
    pub max_tokens: usize,
    /// 0 takes the likeliest token always; above it, the higher the more surprising. 0.6 by default, as on the service.
    pub temperature: f32,
    /// Only the likeliest tokens that together are this likely are drawn from, in (0, 1].
    pub top_p: Option<f32>,
    /// Only this many of the likeliest tokens are drawn from.
    pub top_k: Option<usize>,
    /// What chance starts from. The same seed gives the same text; without one it is always the same.
    pub seed: Option<u64>,
    /// Above 1 makes tokens that were read or written less likely.
    pub repetition_penalty: Option<f32>,
    /// Makes tokens less likely by how often they were written.
    pub frequency_penalty: Option<f32>,
    /// Makes tokens less likely that were written at all.
    pub presence_penalty: Option<f32>,
    /// Texts that end the answer and are not part of it.
    pub stop: Vec<String>,
    /// The JSON Schema of the answer, or `{"type": "object"}` for any object. The answer is then a JSON document that
    /// satisfies it as far as types, properties, `enum`, `const`, lengths of lists and texts, and ranges of numbers
    /// go; of alternatives the first is taken. Stop texts do not apply, and where tokens run out the rest is
    /// written as short as can be.
    pub schema: Option<serde_json::Value>,
}

/// What a chat model reads.
#[derive(Clone, Debug)]
pub enum Prompt {
    /// Turns of a conversation, laid out as the model was trained to see them.
    Chat(Vec<Message>),
    /// A text as it stands.
    Raw(String),
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Who speaks: `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// What is said.
    pub content: String,
}

impl Message {
    /// What somebody says.
    pub fn new(role: impl Into<String>, content: impl Into<String>) -> Self {
        Self { role: role.into(), content: content.into() }
    }
}

impl GenerateRequest {
    /// The next turn of a conversation, with the service's defaults.
    pub fn chat(messages: impl IntoIterator<Item = Message>) -> Self {
        Self::new(Prompt::Chat(messages.into_iter().collect()))
    }

    /// A continuation of a text as it stands, with the service's defaults.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::new(Prompt::Raw(text.into()))
    }

    fn new(prompt: Prompt) -> Self {
        Self {
            prompt,
            tools: Vec::new(),
            max_tokens: 256,
            temperature: 0.6,
            top_p: None,
            top_k: None,
            seed: None,
            repetition_penalty: None,
            frequency_penalty: None,
            presence_penalty: None,
            stop: Vec::new(),
            schema: None,
        }
    }
}

/// What a chat model wrote.
#[derive(Clone, Debug)]
pub struct Generated {
    /// All pieces together.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// Tokens that were read.
    pub prompt_tokens: usize,
    /// Tokens that were written, with the one that ended the turn.
    pub completion_tokens: usize,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model had said everything, or one of the stop texts came.
    Stop,
    /// All allowed tokens were written, or the context window was full.
    Length,
    /// The one who listened wanted no more.
    Cancelled,
}
