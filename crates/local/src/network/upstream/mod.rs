//! A server with OpenAI's API, asked in the place of the real models.

mod chat;
mod embedding;
mod items;
mod refused;
mod told;
mod transcription;

use std::pin::Pin;
use std::time::Duration;
use std::{fmt, io};

use reqwest::{Client, RequestBuilder, Response, Url};

use super::{SILENCE, address, client};
use crate::answer::{Answerer, Fidelity, Question, Reply};
use crate::answering::Source;
use crate::refusal::Refusal;
use crate::sandbox::matches;

/// A server with OpenAI's API, as a source of answers: vLLM, Ollama, llama.cpp, another local server.
///
/// It is asked for chat, for vectors and for what was said in a recording; anything else is refused. What the API does not
/// know (`top_k`, `repetition_penalty`, …) is passed on beside what it knows.
///
/// ```
/// use workers_ai_local::{LocalServer, Plan, Source, Upstream};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ollama = Upstream::new("http://127.0.0.1:11434/v1")?
///     .model("@cf/meta/*", "llama3.2")
///     .model("@cf/baai/*", "nomic-embed-text");
/// let server = LocalServer::builder()
///     .source(Source::Upstream, ollama)
///     .answers(Plan::all(Source::Upstream))
///     .start()
///     .await?;
/// # let _ = server;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Upstream {
    base: Url,
    client: Client,
    token: Option<String>,
    /// Patterns of ids, and what those models are called there.
    names: Vec<(String, String)>,
}

impl Upstream {
    /// The server at this address, below which `/chat/completions` stands.
    ///
    /// # Errors
    ///
    /// Where the address is no URL of HTTP, and where TLS cannot be set up.
    pub fn new(url: &str) -> io::Result<Self> {
        let base = address(url)?;
        Ok(Self { client: client(&base, SILENCE)?, base, token: None, names: Vec::new() })
    }

    /// What models like this one are called there; `*` stands for anything, and of several patterns the last one holds.
    /// Without any pattern the ids are passed on as they are.
    #[must_use]
    pub fn model(mut self, pattern: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.push((pattern.into(), name.into()));
        self
    }

    /// The bearer token that the server wants.
    ///
    /// ```
    /// use workers_ai_local::Upstream;
    ///
    /// let upstream = Upstream::new("http://127.0.0.1:8000/v1")?.token("secret");
    /// assert!(!format!("{upstream:?}").contains("secret"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// How long the server may say nothing, before its answer or within it; five minutes unless set.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_local::Upstream;
    ///
    /// let upstream = Upstream::new("http://127.0.0.1:8000/v1")?.patience(Duration::from_secs(30))?;
    /// # let _ = upstream;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn patience(self, silence: Duration) -> io::Result<Self> {
        Ok(Self { client: client(&self.base, silence)?, ..self })
    }

    /// What a model is called there.
    fn name<'a>(&'a self, id: &'a str) -> Result<&'a str, Refusal> {
        let found = self.names.iter().rev().find(|(pattern, _)| matches(pattern, id));
        match found {
            Some((_, name)) => Ok(name),
            None if self.names.is_empty() => Ok(id),
            None => Err(Refusal::no_upstream_name(id)),
        }
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.base.as_str().trim_end_matches('/')));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request, and reads what is wrong with it where something is.
    async fn send(&self, name: &str, request: RequestBuilder) -> Result<Response, Refusal> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(refused::read(self, name, response).await) }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Refusal {
        refused::unreachable(&self.base, error)
    }

    async fn ask(&self, question: Question) -> Result<Reply, Refusal> {
        let id = question.model.id();
        let name = self.name(id)?;
        let fields = &question.input.fields;
        let is_asked = |names: &[&str]| names.iter().any(|name| fields.contains_key(*name));
        let (answer, usage) = match question.model.modality() {
            "text-generation" if is_asked(&["messages", "prompt", "input"]) => {
                chat::answer(self, name, &question).await?
            }
            "text-embeddings" if is_asked(&["text"]) => embedding::answer(self, name, &question).await?,
            "automatic-speech-recognition" => transcription::answer(self, name, &question).await?,
            modality => return Err(Refusal::source_cannot(Source::Upstream, &format!("this call of {modality}"), id)),
        };
        Ok(Reply { answer, usage, fidelity: Fidelity::Upstream })
    }
}

impl Answerer for Upstream {
    fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
        Box::pin(self.ask(question))
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("base", &self.base.as_str())
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}
