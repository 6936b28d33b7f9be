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
    pub fn body(mut self, body: Encoded) -> Self {
        self.body = Some(body);
        self
    }

    /// The model that errors name, where the path does not.
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
        client.answer(&name, outgoing).await
    }

    /// Makes the call; the reply comes piece by piece. The body must ask for that itself.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream<C: Chunk>(self) -> Result<Chunks<C>, Error> {
        let (client, name, outgoing) = self.outgoing(true);
        let reply = client.dispatch(&name, outgoing).await?;
        Chunks::open(name.into(), reply, client.max_reply()).await
    }

    fn outgoing(self, streaming: bool) -> (Client, String, Outgoing) {
        let Self { client, place, name, body, timeout } = self;
        let body = body.unwrap_or_else(Encoded::empty);
        let options = Options::limited(timeout);
        let outgoing = Outgoing { options, streaming, place: Some(place), ..Outgoing::new(body) };
        (client, name, outgoing)
    }
}
