//! The peers: what a program would be written with if there were no bindings.

use std::{error::Error, fs, path::Path, time::Duration};

use async_openai::types::{
    chat::{ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequest, CreateChatCompletionRequestArgs},
    embeddings::CreateEmbeddingResponse,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};

type Failure = Box<dyn Error + Send + Sync>;

const MODEL: &str = "@cf/meta/llama-3.2-1b-instruct";

/// A client of reqwest.
#[must_use]
pub fn reqwest() -> reqwest::Client {
    name_cryptography();
    reqwest::Client::new()
}

/// A client that says who it is and does not wait for ever, as ours does.
///
/// # Errors
///
/// When the client cannot be set up.
pub fn reqwest_alike() -> Result<reqwest::Client, Failure> {
    name_cryptography();
    let builder = reqwest::Client::builder().user_agent("workers-ai-rust/0.1.0").timeout(Duration::from_secs(60));
    Ok(builder.build()?)
}

/// The workspace compiles reqwest without a choice of cryptography of its own, and asks for one even where nothing is encrypted.
fn name_cryptography() {
    // A second time there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The service's address of a model, under the server's.
fn address(base: &str, model: &str) -> String {
    format!("{base}/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/run/{model}")
}

#[derive(Serialize)]
struct Question<'a> {
    prompt: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
}

#[derive(Deserialize)]
struct Enveloped<T> {
    result: T,
    #[expect(dead_code, reason = "read as a careful program reads it")]
    success: bool,
}

#[derive(Deserialize)]
struct Said {
    response: String,
    #[expect(dead_code, reason = "read as a careful program reads it")]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as a careful program reads it")]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

/// One small chat call by reqwest and serde; how long the answer is.
///
/// # Errors
///
/// When the call fails.
pub async fn chat(client: &reqwest::Client, base: &str) -> Result<usize, Failure> {
    let question = Question { prompt: "Why is the sky blue?", stream: false };
    let reply = client.post(address(base, MODEL)).bearer_auth("token").json(&question).send().await?;
    let reply: Enveloped<Said> = reply.error_for_status()?.json().await?;
    Ok(reply.result.response.len())
}

/// Opens a stream by reqwest.
///
/// # Errors
///
/// When the call fails.
pub async fn open(client: &reqwest::Client, base: &str) -> Result<reqwest::Response, Failure> {
    let question = Question { prompt: "Why is the sky blue?", stream: true };
    let reply = client.post(address(base, MODEL)).bearer_auth("token").json(&question).send().await?;
    Ok(reply.error_for_status()?)
}

/// A chunk of either dialect, as far as a program needs it for the text and the end.
pub trait Text: serde::de::DeserializeOwned {
    /// The text.
    fn text(&self) -> &str;
}

/// A chunk of the classic dialect.
#[derive(Deserialize)]
pub struct Classic {
    response: String,
    #[expect(dead_code, reason = "read as a careful program reads it")]
    usage: Option<Usage>,
}

impl Text for Classic {
    fn text(&self) -> &str {
        &self.response
    }
}

/// A chunk of the OpenAI-shaped dialect, with all that the service sends.
#[derive(Deserialize)]
#[expect(dead_code, reason = "read as a careful program reads it")]
pub struct Completion {
    id: String,
    object: String,
    created: u64,
    model: String,
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as a careful program reads it")]
struct Choice {
    index: u32,
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as a careful program reads it")]
struct Delta {
    role: Option<String>,
    content: Option<String>,
    reasoning_content: Option<String>,
}

impl Text for Completion {
    fn text(&self) -> &str {
        self.choices.first().and_then(|choice| choice.delta.content.as_deref()).unwrap_or_default()
    }
}

/// Reads events by eventsource-stream, each by serde, to their end; how long the text is.
///
/// # Errors
///
/// When the stream fails.
pub async fn read<C: Text, E: Error + Send + Sync + 'static>(
    bytes: impl Stream<Item = Result<bytes::Bytes, E>>,
) -> Result<usize, Failure> {
    let mut events = std::pin::pin!(bytes.eventsource());
    let mut length = 0;
    while let Some(event) = events.next().await {
        let event = event?;
        if event.data == "[DONE]" {
            break;
        }
        length += serde_json::from_str::<C>(&event.data)?.text().len();
    }
    Ok(length)
}

/// A client of async-openai.
#[must_use]
pub fn async_openai(base: &str) -> async_openai::Client<async_openai::config::OpenAIConfig> {
    name_cryptography();
    let config = async_openai::config::OpenAIConfig::new()
        .with_api_base(format!("{base}/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/v1"))
        .with_api_key("token");
    async_openai::Client::with_config(config)
}

/// A question for async-openai.
///
/// # Errors
///
/// When it cannot be built.
pub fn question() -> Result<CreateChatCompletionRequest, Failure> {
    let message = ChatCompletionRequestUserMessageArgs::default().content("Why is the sky blue?").build()?;
    Ok(CreateChatCompletionRequestArgs::default().model(MODEL).messages([message.into()]).build()?)
}

/// Reads a stream of async-openai to its end; how long the text is.
///
/// # Errors
///
/// When the stream fails.
pub async fn read_async_openai(
    client: &async_openai::Client<async_openai::config::OpenAIConfig>,
) -> Result<usize, Failure> {
    let mut chunks = client.chat().create_stream(question()?).await?;
    let mut length = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        length += chunk.choices.first().and_then(|choice| choice.delta.content.as_deref()).map_or(0, str::len);
    }
    Ok(length)
}

/// An embeddings reply, read by serde into 64-bit numbers.
#[derive(Deserialize)]
pub struct Embeddings {
    /// The vectors.
    pub data: Vec<Vec<f64>>,
    /// How many there are and how long they are.
    pub shape: Vec<usize>,
}

/// An embeddings reply by serde.
///
/// # Errors
///
/// When the body is another reply.
pub fn embeddings(body: &[u8]) -> Result<Embeddings, Failure> {
    Ok(serde_json::from_slice::<Enveloped<Embeddings>>(body)?.result)
}

/// An embeddings reply by async-openai's type.
///
/// # Errors
///
/// When the body is another reply.
pub fn openai_embeddings(body: &[u8]) -> Result<CreateEmbeddingResponse, Failure> {
    Ok(serde_json::from_slice(body)?)
}

#[derive(Deserialize)]
struct Drawn {
    image: String,
}

/// A picture in base64 by serde and the crate base64.
///
/// # Errors
///
/// When the body is another reply.
pub fn picture(body: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(STANDARD.decode(serde_json::from_slice::<Enveloped<Drawn>>(body)?.result.image)?)
}

#[derive(Serialize)]
struct Recording {
    audio: Vec<u8>,
}

#[derive(Deserialize)]
struct Transcript {
    text: String,
}

/// Uploads a recording as the documentation shows it: a JSON array of numbers. How long the transcript is.
///
/// # Errors
///
/// When the file cannot be read or the call fails.
pub async fn upload(client: &reqwest::Client, base: &str, path: &Path) -> Result<usize, Failure> {
    let recording = Recording { audio: fs::read(path)? };
    let request = client.post(address(base, "@cf/openai/whisper")).bearer_auth("token").json(&recording);
    let reply: Enveloped<Transcript> = request.send().await?.error_for_status()?.json().await?;
    Ok(reply.result.text.len())
}
