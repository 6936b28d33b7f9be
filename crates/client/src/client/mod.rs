//! The client: an account, a token and a way to the service.

mod account;
mod address;
mod builder;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response as HttpResponse, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;

pub use self::account::AccountCall;
pub(crate) use self::account::Place;
#[cfg(feature = "http")]
pub(crate) use self::address::is_loopback;
pub use self::builder::ClientBuilder;
use crate::{
    Answer, Encoded, Error, Queued, Queues,
    transport::{self, ByteStream, Clock, Handshake, Socket, Timeout, Transport, TransportErrorKind},
};

/// A client of Workers AI. Copies share one connection pool; make one and hand out copies.
///
/// ```no_run
/// # async fn example() -> Result<(), workers_ai_client::Error> {
/// use workers_ai_client::Client;
///
/// // CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN:
/// let client = Client::from_env()?;
/// // Or from anywhere else, here to a server on this machine:
/// let local = Client::builder("account", "token").base_url("http://127.0.0.1:8787/client/v4").build()?;
/// # let _ = (client, local);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    account_id: String,
    token: SecretString,
    base: Uri,
    timeout: Option<Duration>,
    transport: Box<dyn Transport>,
    clock: Option<Box<dyn Clock>>,
}

/// One request on its way: what it says, to which model, and how long it may take.
pub(crate) struct Outgoing {
    pub(crate) body: Encoded,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) streaming: bool,
    pub(crate) queued: bool,
    /// Anywhere but the model's own path.
    pub(crate) place: Option<Place>,
}

impl Outgoing {
    pub(crate) fn new(body: Encoded) -> Self {
        Self { body, headers: HeaderMap::new(), timeout: None, streaming: false, queued: false, place: None }
    }
}

impl Client {
    /// A client from the environment: `CLOUDFLARE_ACCOUNT_ID` (or `CF_ACCOUNT_ID`), `CLOUDFLARE_API_TOKEN` (or
    /// `CF_API_TOKEN`), and optionally `CLOUDFLARE_API_BASE_URL` (or `CF_API_BASE_URL`, `CLOUDFLARE_BASE_URL`).
    ///
    /// # Errors
    ///
    /// Names every variable that is missing and where its value is found.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client from an account id and an API token.
    pub fn builder(account_id: impl Into<String>, token: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(account_id.into(), token.into())
    }

    /// The account whose models are called.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.0.account_id
    }

    /// The address that requests go to, up to and without `/accounts`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.0.base.to_string().trim_end_matches('/').to_owned()
    }

    /// Calls any model by its id with any JSON, typed bindings or not, and returns the result out of its envelope.
    ///
    /// ```no_run
    /// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
    /// let reply = client.run("@cf/baai/bge-m3", serde_json::json!({"text": "sea"})).await?;
    /// println!("{}", reply["shape"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn run(&self, model: &str, request: impl Serialize) -> Result<Value, Error> {
        let outgoing =
            Encoded::json(&request).map(Outgoing::new).map_err(|invalid| Error::from(invalid).with_model(model))?;
        self.answer(model, outgoing).await?.json().map_err(|error| error.with_model(model))
    }

    /// Puts several requests into a model's queue as one batch, to be answered later.
    ///
    /// # Errors
    ///
    /// When a request cannot be queued in that form, and those of any call.
    pub async fn enqueue<M: Queues>(
        &self,
        requests: impl IntoIterator<Item = impl Into<M::Request>>,
    ) -> Result<Queued<M>, Error> {
        let requests: Vec<M::Request> = requests.into_iter().map(Into::into).collect();
        Queued::submit(self, &requests).await
    }

    /// A batch that was queued before, by another program perhaps, from its request id.
    #[must_use]
    pub fn queued<M: Queues>(&self, request_id: impl Into<String>) -> Queued<M> {
        Queued::new(self.clone(), request_id.into())
    }

    /// The time, where there is one: the builder's, else the transport's.
    pub(crate) fn clock(&self) -> Option<&dyn Clock> {
        self.0.clock.as_deref().or_else(|| self.0.transport.clock())
    }

    /// Sends and reads the whole reply; failures of the service are errors.
    pub(crate) async fn answer(&self, model: &str, outgoing: Outgoing) -> Result<Answer, Error> {
        let reply = self.dispatch(model, outgoing).await?;
        let (head, body) = reply.into_parts();
        let body = transport::collect(body).await.map_err(|error| Error::from(error).with_model(model))?;
        Ok(Answer::new(head.status, head.headers, body))
    }

    /// Sends; ready when the reply's head is there and is not a failure.
    pub(crate) async fn dispatch(&self, model: &str, outgoing: Outgoing) -> Result<HttpResponse<ByteStream>, Error> {
        let named = |error: Error| error.with_model(model);
        let request = self.request(model, outgoing).map_err(named)?;
        let reply = self.0.transport.send(request).await.map_err(|error| named(error.into()))?;
        if reply.status().is_success() {
            return Ok(reply);
        }
        let (head, body) = reply.into_parts();
        // A failure whose body breaks off is still that failure.
        let body = transport::collect(body).await.unwrap_or_else(|_| Bytes::new());
        Err(named(Error::service(head.status.as_u16(), &head.headers, body)))
    }

    fn request(&self, model: &str, outgoing: Outgoing) -> Result<Request<transport::Body>, Error> {
        let (body, mut query) = outgoing.body.into_parts();
        if outgoing.queued {
            query.push(("queueRequest".to_owned(), "true".to_owned()));
        }
        let (method, uri) = match outgoing.place {
            None => (Method::POST, address::run(&self.0.base, &self.0.account_id, model, &query)?),
            Some(Place { method, path }) => {
                (method, address::under_account(&self.0.base, &self.0.account_id, &path, &query)?)
            }
        };
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let accept = if outgoing.streaming { "text/event-stream, application/json" } else { "*/*" };
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static(accept));
        request.headers_mut().extend(outgoing.headers);
        // Last, so that no header of the caller's can take its place.
        request.headers_mut().insert(header::AUTHORIZATION, self.authorization()?);
        if let Some(limit) = outgoing.timeout.or(self.0.timeout) {
            let timeout = if outgoing.streaming { Timeout::Silence(limit) } else { Timeout::Whole(limit) };
            request.extensions_mut().insert(timeout);
        }
        Ok(request)
    }

    /// Opens a WebSocket with a model; ready when it is open. The timeout is for that only: a session may be silent.
    pub(crate) async fn open(&self, model: &str, outgoing: Outgoing) -> Result<(HeaderMap, Box<dyn Socket>), Error> {
        let named = |error: Error| error.with_model(model);
        let mut request = Request::new(());
        let query = outgoing.body.into_query();
        *request.uri_mut() = address::run(&self.0.base, &self.0.account_id, model, &query).map_err(named)?;
        request.headers_mut().extend(outgoing.headers);
        request.headers_mut().insert(header::AUTHORIZATION, self.authorization()?);
        if let Some(limit) = outgoing.timeout.or(self.0.timeout) {
            request.extensions_mut().insert(Timeout::Whole(limit));
        }
        let reply = self.0.transport.connect(request).await.map_err(|error| named(unopened(error)))?;
        let (head, handshake) = reply.into_parts();
        match handshake {
            Handshake::Open(socket) => Ok((head.headers, socket)),
            Handshake::Refused(body) if head.status.is_success() => {
                let error = Error::decode("the service answered without opening a session");
                Err(named(error.with_reply(head.status.as_u16(), &head.headers, &body)))
            }
            Handshake::Refused(body) => Err(named(Error::service(head.status.as_u16(), &head.headers, body))),
        }
    }

    fn authorization(&self) -> Result<HeaderValue, Error> {
        let value = format!("Bearer {}", self.0.token.expose_secret());
        // The source is left out on purpose: it must not be possible for it to quote the token.
        let mut value = HeaderValue::try_from(value).map_err(|_| builder::unusable_token())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// A transport that cannot open sessions is not the request's fault.
fn unopened(error: transport::TransportError) -> Error {
    let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    match error.kind() {
        TransportErrorKind::Request => Error::configuration(format!("no session can be opened: {reason}")),
        _ => error.into(),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account_id", &self.0.account_id)
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}
