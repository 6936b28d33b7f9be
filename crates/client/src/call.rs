//! A call as a value: awaited for the reply, or streamed, or queued.

use std::{
    borrow::Cow,
    fmt,
    future::{poll_fn, ready},
    time::Duration,
};

use serde_json::Value;

use crate::{
    BatchItem, Chunks, Client, Connects, Encoded, Error, Gateway, Model, Queued, Queues, Request, Response,
    RetryPolicy, Session, Source, Streams, client::Outgoing, options::Options, realtime, sending::Sending,
    transport::BoxFuture,
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
    options: Options,
    /// What is sent in the place of the request's bytes.
    upload: Option<Source>,
}

impl<M: Model> Call<M> {
    /// A call of a model with a request.
    pub fn new(client: Client, request: impl Into<M::Request>) -> Self {
        Self {
            client,
            model: Cow::Borrowed(M::INFO.id),
            request: request.into(),
            fields: Vec::new(),
            options: Options::default(),
            upload: None,
        }
    }

    /// Sends the request to another model than the type's, one that takes and answers the same: newer than the bindings,
    /// fine-tuned, or chosen at run time.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Model>(client: workers_ai_client::Client, request: M::Request)
    /// # -> Result<(), workers_ai_client::Error> {
    /// # use workers_ai_client::Call;
    /// let reply = Call::<M>::new(client, request).to("@cf/acme/next-version").await?;
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The other model's limits, prices and context window are not known to the client.
    pub fn to(mut self, model: impl Into<Cow<'static, str>>) -> Self {
        self.model = model.into();
        self
    }

    /// Sets a parameter by name: one that is newer than the bindings, or a value they do not allow. It is not checked
    /// and wins over the request's own.
    ///
    /// In a JSON request this is a field, in a form a part, beside raw bytes a query parameter.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Model>(client: workers_ai_client::Client, request: M::Request)
    /// # -> Result<(), workers_ai_client::Error> {
    /// # use workers_ai_client::Call;
    /// use serde_json::json;
    ///
    /// let reply = Call::<M>::new(client, request).set("min_p", 0.05).set("stop", json!(["\n\n"])).await?;
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Sends a file as the body, read while it is sent, in the place of the bytes that the request holds: recordings to
    /// transcribe, pictures to look at.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Model>(client: workers_ai_client::Client)
    /// # -> Result<(), Box<dyn std::error::Error>>
    /// # where
    /// #     M::Request: From<workers_ai_client::Media>,
    /// # {
    /// use workers_ai_client::{Call, Media, Source};
    ///
    /// // The request is made without bytes of its own.
    /// let call = Call::<M>::new(client, Media::from(b"")).upload(Source::file("meeting.mp3")?);
    /// let reply = call.await?;
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A call of a model that takes JSON or a form is refused before it is sent.
    pub fn upload(mut self, file: Source) -> Self {
        self.upload = Some(file);
        self
    }

    /// How long this call may take, all attempts together; for a stream, how long it may stay silent.
    ///
    /// ```no_run
    /// # async fn example(call: workers_ai_client::Call<impl workers_ai_client::Streams>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// use std::time::Duration;
    ///
    /// // A stream may last for minutes, but not pause for longer than this.
    /// let chunks = call.timeout(Duration::from_secs(15)).stream().await?;
    /// # let _ = chunks;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How long the reply may pause once it has begun; for a stream, how long it may go on without a whole chunk, and for
    /// a session, without a message.
    ///
    /// ```no_run
    /// # async fn example(call: workers_ai_client::Call<impl workers_ai_client::Streams>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// use std::time::Duration;
    ///
    /// // A model may think for three minutes before its first word, but not for ten seconds in between.
    /// let chunks = call.timeout(Duration::from_secs(180)).idle_timeout(Duration::from_secs(10)).stream().await?;
    /// # let _ = chunks;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// See [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout) for what holds unless this is set.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle = Some(timeout);
        self
    }

    /// When this call is attempted again, and how often.
    ///
    /// ```no_run
    /// # async fn example(call: workers_ai_client::Call<impl workers_ai_client::Model>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_client::RetryPolicy;
    ///
    /// let reply = call.retry(RetryPolicy::none()).await?;
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Names the session this call belongs to. Calls of one session go to the same replica of the model, which remembers
    /// what their prompts begin with: those tokens are cheaper and faster.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue.", "usage": {"prompt_tokens": 20, "prompt_tokens_details": {"cached_tokens": 16}}}, "success": true}"#]);
    /// # let (call, conversation) = (client.untyped("@cf/a/b", serde_json::json!({})), 17);
    /// let response = call.session_affinity(format!("conversation-{conversation}")).send().await?;
    /// assert_eq!(response.usage().and_then(|usage| usage.cached_tokens), Some(16));
    /// # Ok(())
    /// # }
    /// ```
    pub fn session_affinity(mut self, session: impl AsRef<str>) -> Self {
        self.options.session_affinity(session.as_ref());
        self
    }

    /// Has the call refused at once while the model is busy, instead of waiting for its turn. The refusal
    /// [`is_out_of_capacity`](Error::is_out_of_capacity) and is retried like any other unless
    /// [`retry`](Self::retry) says otherwise. It means nothing to a queue.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"success": false, "errors": [{"code": 3040, "message": "Capacity temporarily exceeded, please try again."}]}"#,
    /// #     r#"{"result": {"response": "Blue."}, "success": true}"#,
    /// # ]);
    /// # let large = client.untyped("@cf/a/large", serde_json::json!({}));
    /// # let small = client.untyped("@cf/a/small", serde_json::json!({}));
    /// use workers_ai_client::RetryPolicy;
    ///
    /// // Rather a small model at once than a large one later.
    /// let reply = match large.reject_if_busy().retry(RetryPolicy::none()).await {
    ///     Err(error) if error.is_out_of_capacity() => small.await?,
    ///     reply => reply?,
    /// };
    /// # assert_eq!(reply["response"], "Blue.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn reject_if_busy(mut self) -> Self {
        self.options.reject_if_busy = Some(true);
        self
    }

    /// Sends the call through an AI Gateway.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// use workers_ai_client::Gateway;
    ///
    /// let response = call.gateway(Gateway::new("production").skip_cache()).send().await?;
    /// println!("logged as {:?}", response.gateway_log_id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn gateway(mut self, gateway: Gateway) -> Self {
        self.options.gateway(gateway);
        self
    }

    /// Adds tags by which the account's usage can be told apart: at most five, each of 1 to 50 letters, digits and any of
    /// `: - . / @`.
    ///
    /// The service documents tags for calls from a Worker. Over HTTP they are sent as the query parameter `tags`, with
    /// commas in between, as other options of a Worker's calls are.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let reply = call.tags(["team:search", "env:production"]).await?;
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.tags(tags);
        self
    }

    /// Adds a header. The API token cannot be replaced.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let reply = call.clone().header("x-correlation-id", "order-4711").await?;
    /// # let _ = reply;
    /// assert!(call.header("no such name", "1").await.unwrap_err().is_invalid_request());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A name or a value that no header can have is reported when the call is made.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.header(name.as_ref(), value.as_ref());
        self
    }

    /// Makes the call; the reply comes with its status, headers, request id and neurons.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let response = call.send().await?;
    /// assert_eq!((response.value["response"].as_str(), response.neurons()), (Some("Blue."), Some(1.25)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<Response<M::Reply>, Error> {
        let mut sending = self.sending();
        poll_fn(|cx| sending.poll_response(cx)).await
    }

    /// Makes the call; the reply comes piece by piece.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client(["data: {\"response\": \"Blue\"}\n\ndata: {\"response\": \".\"}\n\ndata: [DONE]\n\n"]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let mut text = String::new();
    /// let mut chunks = call.stream().await?;
    /// while let Some(chunk) = chunks.try_next().await? {
    ///     text += chunk["response"].as_str().unwrap_or_default();
    /// }
    /// assert_eq!(text, "Blue.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. Failures on the way come out of the stream.
    pub async fn stream(self) -> Result<Chunks<M::Chunk>, Error>
    where
        M: Streams,
    {
        // Boxed, so that callers that are generic over models need not see through it to know that it is `Send`.
        let opened: BoxFuture<'static, Result<Chunks<M::Chunk>, Error>> = Box::pin(async move {
            let (client, model, outgoing) = self.outgoing(true)?;
            let (reply, bounds) = client.dispatch(model.clone(), outgoing).await?;
            Chunks::open(model, reply, bounds).await
        });
        opened.await
    }

    /// Puts the request into the model's queue, to be answered later. For many at once see [`Client::enqueue`].
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#,
    /// # ]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let queued = call.enqueue().await?;
    /// println!("{} is in the queue", queued.request_id());
    /// let batch = queued.wait().await?;
    /// assert!(batch.items.iter().all(|reply| reply.result.is_ok()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the queue does not take a field of the request, and as in [`Error`].
    pub async fn enqueue(self) -> Result<Queued<M>, Error>
    where
        M: Queues,
    {
        let Self { client, model, request, fields, options, upload } = self;
        if upload.is_some() {
            return Err(Error::invalid("a file cannot be queued").with_model(&model));
        }
        options.check().map_err(|refused| refused.with_model(&model))?;
        Queued::submit(&client, &model, &[BatchItem::new(request)], &fields, options).await
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
        let (client, model, outgoing) = self.outgoing(false)?;
        realtime::connect::<M>(&client, &model, outgoing).await
    }

    /// The request is made ready at once, so that what waits holds no more than the exchange: thousands may wait together.
    pub(crate) fn sending(self) -> Sending<M> {
        let (client, model) = (self.client.clone(), self.model.clone());
        let answer = match self.outgoing(false) {
            Ok((client, model, outgoing)) => client.answer(model, outgoing),
            Err(error) => Box::pin(ready(Err(error))),
        };
        Sending::new(client, model, answer)
    }

    fn outgoing(self, streaming: bool) -> Result<(Client, Cow<'static, str>, Outgoing), Error> {
        let Self { client, model, request, fields, options, upload } = self;
        let encode = || {
            options.check()?;
            let mut body: Encoded = request.encode()?;
            if streaming {
                body.set(&[("stream".to_owned(), Value::Bool(true))])?;
            }
            body.set(&fields)?;
            if let Some(file) = upload {
                body.upload(file)?;
            }
            Ok(body)
        };
        let body = encode().map_err(|error: Error| error.with_model(&model))?;
        let info = (model == M::INFO.id).then_some(M::INFO);
        Ok((client, model, Outgoing { options, info, streaming, ..Outgoing::new(body) }))
    }
}

impl<M: Model> Clone for Call<M>
where
    M::Request: Clone,
{
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            model: self.model.clone(),
            request: self.request.clone(),
            fields: self.fields.clone(),
            options: self.options.clone(),
            upload: self.upload.clone(),
        }
    }
}

/// Shows which model and what was set, not the request: prompts are private, and files long.
impl<M: Model> fmt::Debug for Call<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("model", &self.model)
            .field("client", &self.client)
            .field("timeout", &self.options.timeout)
            .finish_non_exhaustive()
    }
}
