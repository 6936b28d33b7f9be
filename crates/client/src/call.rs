//! A call as a value: awaited for the reply, or streamed, or queued.

use std::{borrow::Cow, fmt, future::IntoFuture, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::{
    Chunks, Client, Connects, Encoded, Error, Model, Queued, Queues, Reply, Request, Response, Session, Streams,
    client::Outgoing, realtime, transport::BoxFuture,
};

/// A call that has not been made yet. Awaiting it sends the request and gives the model's reply.
///
/// ```no_run
/// # async fn example<M: workers_ai_client::Streams>(client: workers_ai_client::Client, request: M::Request)
/// # -> Result<(), workers_ai_client::Error> {
/// use std::time::Duration;
///
/// use workers_ai_client::Call;
///
/// let call = Call::<M>::new(client, request).timeout(Duration::from_secs(30));
/// let reply = call.await?;
/// # let _ = reply;
/// # Ok(())
/// # }
/// ```
///
/// A call owns all it needs: it can be stored, sent to another thread and spawned. Dropping it, or the future it became,
/// ends the exchange.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<M: Model> {
    client: Client,
    /// Where the request goes: the type's model, or one that takes and answers the same.
    model: Cow<'static, str>,
    request: M::Request,
    fields: Vec<(String, Value)>,
    headers: HeaderMap,
    timeout: Option<Duration>,
    /// A header that cannot be sent, reported when the call is made: setters chain better than they fail.
    refused: Option<Error>,
}

impl<M: Model> Call<M> {
    /// A call of a model with a request.
    pub fn new(client: Client, request: impl Into<M::Request>) -> Self {
        Self {
            client,
            model: Cow::Borrowed(M::INFO.id),
            request: request.into(),
            fields: Vec::new(),
            headers: HeaderMap::new(),
            timeout: None,
            refused: None,
        }
    }

    /// Sends the request to another model than the type's, one that takes and answers the same: newer than the bindings,
    /// fine-tuned, or chosen at run time.
    pub fn to(mut self, model: impl Into<Cow<'static, str>>) -> Self {
        self.model = model.into();
        self
    }

    /// Sets a parameter by name: one that is newer than the bindings, or a value they do not allow. It is not checked
    /// and wins over the request's own.
    ///
    /// In a JSON request this is a field, in a form a part, beside raw bytes a query parameter.
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// How long this call may take; for a stream, how long it may stay silent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Adds a header, for example `x-session-affinity` or `cf-aig-gateway-id`. The API token cannot be replaced.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match (HeaderName::try_from(name.as_ref()), HeaderValue::try_from(value.as_ref())) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value is not repeated: headers carry secrets.
            _ => self.refused = Some(Error::invalid(format!("the header {:?} cannot be sent", name.as_ref()))),
        }
        self
    }

    /// Makes the call; the reply comes with its status, headers, request id and neurons.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<M::Reply>, Error> {
        let model = self.model.clone();
        let named = |error: Error| error.with_model(&model);
        let (client, outgoing) = self.outgoing(false).map_err(named)?;
        let answer = client.answer(&model, outgoing).await?;
        let (status, headers, body) = (answer.status(), answer.headers().clone(), answer.body().clone());
        let value =
            M::Reply::decode(answer).map_err(|error| named(error.with_reply(status.as_u16(), &headers, &body)))?;
        Ok(Response { value, status, headers, body })
    }

    /// Makes the call; the reply comes piece by piece.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream(self) -> Result<Chunks<M::Chunk>, Error>
    where
        M: Streams,
    {
        let model = self.model.clone();
        let (client, outgoing) = self.outgoing(true).map_err(|error| error.with_model(&model))?;
        let reply = client.dispatch(&model, outgoing).await?;
        Chunks::open(model, reply).await
    }

    /// Puts the request into the model's queue, to be answered later. For many at once see [`Client::enqueue`].
    ///
    /// # Errors
    ///
    /// When the queue does not take a field of the request, and as in [`Error`].
    pub async fn enqueue(self) -> Result<Queued<M>, Error>
    where
        M: Queues,
    {
        let Self { client, model, request, fields, headers, timeout, refused } = self;
        if let Some(refused) = refused {
            return Err(refused.with_model(&model));
        }
        if model != M::INFO.id {
            return Err(Error::invalid("a queue is of the type's own model").with_model(&model));
        }
        Queued::submit_with(&client, &[request], &fields, headers, timeout).await
    }

    /// Opens a session with the model, over a WebSocket: events go in and come out until one side ends it.
    ///
    /// The request gives the session's parameters. What it holds to be spoken or heard is sent first; where that is
    /// empty, nothing is. The timeout is for the opening. Needs the feature `realtime`, or a transport with WebSockets.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Connects>(call: workers_ai_client::Call<M>, event: M::Sent)
    /// # -> Result<(), workers_ai_client::Error> {
    /// let mut session = call.connect().await?;
    /// session.send(event).await?;
    /// while let Some(event) = session.try_next().await? {
    ///     // …
    /// #   let _ = event;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]: a service that refuses the session says why as it does for any call.
    pub async fn connect(self) -> Result<Session<M::Sent, M::Received>, Error>
    where
        M: Connects,
    {
        let model = self.model.clone();
        let (client, outgoing) = self.outgoing(false).map_err(|error| error.with_model(&model))?;
        realtime::connect::<M>(&client, &model, outgoing).await
    }

    fn outgoing(self, streaming: bool) -> Result<(Client, Outgoing), Error> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let mut body: Encoded = self.request.encode()?;
        if streaming {
            body.set(&[("stream".to_owned(), Value::Bool(true))])?;
        }
        body.set(&self.fields)?;
        let outgoing = Outgoing { headers: self.headers, timeout: self.timeout, streaming, ..Outgoing::new(body) };
        Ok((self.client, outgoing))
    }
}

impl<M: Model> IntoFuture for Call<M> {
    type Output = Result<M::Reply, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await.map(Response::into_value) })
    }
}

impl<M: Model> Clone for Call<M>
where
    M::Request: Clone,
{
    /// A header that cannot be sent stays refused in the copy.
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            model: self.model.clone(),
            request: self.request.clone(),
            fields: self.fields.clone(),
            headers: self.headers.clone(),
            timeout: self.timeout,
            refused: self.refused.as_ref().map(|refused| Error::invalid(refused.message())),
        }
    }
}

/// Shows which model and what was set, not the request: prompts are private, and files long.
impl<M: Model> fmt::Debug for Call<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("model", &self.model)
            .field("client", &self.client)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
