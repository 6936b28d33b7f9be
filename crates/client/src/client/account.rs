//! Calls of an account that are not calls of a model: other paths, the same credentials and errors.

use std::time::Duration;

use http::Method;

use super::{Client, Outgoing};
use crate::{Answer, Chunk, Chunks, Encoded, Error, options::Options};

/// Where a call goes that is not one of a model.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) method: Method,
    pub(crate) path: String,
}

/// A call of a path of the account, not made yet; see [`Client::account_call`].
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"result": {"id": "tune-1", "name": "my-tune"}, "success": true}"#]);
/// use std::time::Duration;
///
/// use http::Method;
/// use serde_json::json;
/// use workers_ai_client::Encoded;
///
/// let body = Encoded::json(&json!({"name": "my-tune", "model": "@cf/mistral/mistral-7b-instruct-v0.2-lora"}))?;
/// let call = client.account_call(Method::POST, "/ai/finetunes").body(body).timeout(Duration::from_secs(30));
/// assert_eq!(call.send().await?.json::<serde_json::Value>()?["id"], "tune-1");
/// # Ok(())
/// # }
/// ```
///
/// A call that changes the account is sent a second time only if the service itself refused the first.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct AccountCall {
    client: Client,
    place: Place,
    /// What errors name.
    name: String,
    body: Option<Encoded>,
    timeout: Option<Duration>,
}

impl Client {
    /// Calls any path under `/accounts/{account}`, with the client's credentials, retries and errors.
    ///
    /// For what no binding covers yet:
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// use http::Method;
    ///
    /// let answer = client.account_call(Method::GET, "/ai/finetunes/public").send().await?;
    /// println!("{}", answer.json::<serde_json::Value>()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn account_call(&self, method: Method, path: impl Into<String>) -> AccountCall {
        let path = path.into();
        let name = path.trim_start_matches('/').to_owned();
        AccountCall { client: self.clone(), place: Place { method, path }, name, body: None, timeout: None }
    }
}

impl AccountCall {
    /// What is sent. Its query parameters go into the address.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// use http::Method;
    /// use serde_json::json;
    /// use workers_ai_client::Encoded;
    ///
    /// let query = Encoded::empty().with_query(&json!({"per_page": 5}))?;
    /// let answer = client.account_call(Method::GET, "/ai/models/search").body(query).send().await?;
    /// # let _ = answer;
    /// # Ok(())
    /// # }
    /// ```
    pub fn body(mut self, body: Encoded) -> Self {
        self.body = Some(body);
        self
    }

    /// The model that errors name, where the path does not.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"success": false, "errors": [{"code": 5007, "message": "No such model"}]}"#]);
    /// # use http::Method;
    /// # let body = workers_ai_client::Encoded::empty();
    /// let call = client.account_call(Method::POST, "/ai/v1/chat/completions").body(body).model("@cf/zai-org/glm-4.7-flash");
    /// let error = call.send().await.unwrap_err();
    /// assert_eq!(error.model(), Some("@cf/zai-org/glm-4.7-flash"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn model(mut self, id: impl Into<String>) -> Self {
        self.name = id.into();
        self
    }

    /// How long this call may take; for a stream, how long it may stay silent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn send(self) -> Result<Answer, Error> {
        let (client, name, outgoing) = self.outgoing(false);
        client.answer(name.into(), outgoing).await
    }

    /// Makes the call; the reply comes piece by piece. The body must ask for that itself.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// # use http::Method;
    /// use serde_json::{Value, json};
    /// use workers_ai_client::Encoded;
    ///
    /// let body = Encoded::from(json!({"model": "@cf/zai-org/glm-4.7-flash", "stream": true, "messages": []}));
    /// let mut chunks = client.account_call(Method::POST, "/ai/v1/chat/completions").body(body).stream::<Value>().await?;
    /// while let Some(chunk) = chunks.try_next().await? {
    ///     println!("{chunk}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream<C: Chunk>(self) -> Result<Chunks<C>, Error> {
        let (client, name, outgoing) = self.outgoing(true);
        let (reply, bounds) = client.dispatch(name.clone().into(), outgoing).await?;
        Chunks::open(name.into(), reply, bounds).await
    }

    fn outgoing(self, streaming: bool) -> (Client, String, Outgoing) {
        let Self { client, place, name, body, timeout } = self;
        let body = body.unwrap_or_else(Encoded::empty);
        let options = Options::limited(timeout);
        let outgoing = Outgoing { options, streaming, place: Some(place), ..Outgoing::new(body) };
        (client, name, outgoing)
    }
}
