//! The three paths.

use http::Method;
use serde::Serialize;
use workers_ai_client::{AccountCall, Chunks, Client, Encoded, Error};
use workers_ai_text_generation::{Chunk, Reply};

use crate::{ChatCompletionRequest, Embeddings, EmbeddingsRequest, ResponsesRequest};

/// The OpenAI-compatible paths of an account.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = workers_ai_local::LocalServer::builder().start().await?;
/// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
/// use workers_ai_openai::{EmbeddingsRequest, OpenAi, OpenAiExt};
///
/// let openai: OpenAi = client.openai();
/// let request = EmbeddingsRequest::new("@cf/baai/bge-m3", vec!["sea".to_owned(), "sky".to_owned()]);
/// assert_eq!(openai.embeddings(&request).await?.into_vectors().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct OpenAi {
    client: Client,
}

/// Adds [`openai`](OpenAiExt::openai) to a [`Client`].
///
/// ```
/// use workers_ai_client::Client;
/// use workers_ai_openai::OpenAiExt;
///
/// let client = Client::builder("account", "token").build()?;
/// let openai = client.openai(); // the same connections, limits and budget
/// # let _ = openai;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
pub trait OpenAiExt {
    /// The OpenAI-compatible paths.
    fn openai(&self) -> OpenAi;
}

impl OpenAiExt for Client {
    fn openai(&self) -> OpenAi {
        OpenAi { client: self.clone() }
    }
}

impl OpenAi {
    /// `POST /ai/v1/chat/completions`. The reply is the one that native calls give:
    /// [`as_completion`](Reply::as_completion) has OpenAI's object.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
    /// use workers_ai_openai::{ChatCompletionRequest, OpenAiExt};
    ///
    /// let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", "Why is the sky blue?").max_tokens(300);
    /// let reply = client.openai().chat_completions(&request).await?;
    /// assert!(!reply.text().is_empty());
    /// assert_eq!(reply.as_completion().and_then(|whole| whole.object.as_deref()), Some("chat.completion"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn chat_completions(&self, request: &ChatCompletionRequest) -> Result<Reply, Error> {
        self.call("/ai/v1/chat/completions", &request.model, request, false)?.send().await?.json()
    }

    /// The same, piece by piece; [`ChatStreamExt`](workers_ai_text_generation::ChatStreamExt) makes words of the chunks.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_openai::{ChatCompletionRequest, OpenAiExt};
    /// use workers_ai_text_generation::Message;
    ///
    /// let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", [Message::user("Why is the sky blue?")]);
    /// let mut chunks = client.openai().stream_chat_completions(&request).await?;
    /// while let Some(chunk) = chunks.try_next().await? {
    ///     print!("{}", chunk.text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream_chat_completions(&self, request: &ChatCompletionRequest) -> Result<Chunks<Chunk>, Error> {
        self.call("/ai/v1/chat/completions", &request.model, request, true)?.stream().await
    }

    /// `POST /ai/v1/embeddings`. Unlike the native path it does not say what it used.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
    /// use workers_ai_openai::{EmbeddingsRequest, OpenAiExt};
    ///
    /// let request = EmbeddingsRequest::new("@cf/baai/bge-m3", "sea");
    /// let vectors = client.openai().embeddings(&request).await?.into_vectors();
    /// assert_eq!(vectors[0].len(), 1024);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn embeddings(&self, request: &EmbeddingsRequest) -> Result<Embeddings, Error> {
        self.call("/ai/v1/embeddings", &request.model, request, false)?.send().await?.json()
    }

    /// `POST /ai/v1/responses`: of the hosted models only OpenAI's own answer here.
    /// [`as_responses`](Reply::as_responses) has OpenAI's object.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
    /// use workers_ai_openai::{OpenAiExt, ResponsesRequest};
    ///
    /// let request = ResponsesRequest::new("@cf/openai/gpt-oss-20b", "Why is the sky blue?").instructions("Be brief.");
    /// let reply = client.openai().responses(&request).await?;
    /// assert!(reply.as_responses().is_some() && !reply.text().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn responses(&self, request: &ResponsesRequest) -> Result<Reply, Error> {
        self.call("/ai/v1/responses", &request.model, request, false)?.send().await?.json()
    }

    /// The same, piece by piece. Where the service answers in one piece, that is the only chunk.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let client = workers_ai_client::Client::builder(server.account_id(), "token").base_url(server.base_url()).build()?;
    /// use workers_ai_openai::{OpenAiExt, ResponsesRequest};
    /// use workers_ai_text_generation::ChatStreamExt;
    ///
    /// let request = ResponsesRequest::new("@cf/openai/gpt-oss-20b", "Why is the sky blue?");
    /// let mut deltas = client.openai().stream_responses(&request).await?.deltas();
    /// # let mut text = String::new();
    /// while let Some(delta) = deltas.try_next().await? {
    ///     print!("{}", delta.text);
    /// #   text += &delta.text;
    /// }
    /// # assert!(!text.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream_responses(&self, request: &ResponsesRequest) -> Result<Chunks<Chunk>, Error> {
        self.call("/ai/v1/responses", &request.model, request, true)?.stream().await
    }

    fn call(&self, path: &str, model: &str, body: &impl Serialize, stream: bool) -> Result<AccountCall, Error> {
        let mut body = Encoded::json(body)?;
        if stream {
            body = body.with("stream", true)?;
        }
        Ok(self.client.account_call(Method::POST, path).model(model).body(body))
    }
}
