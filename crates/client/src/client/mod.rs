//! The client: an account, a token and a way to the service.

mod account;
mod address;
mod builder;
mod environment;
mod exchange;
mod license;
mod pass;
mod session;
mod untyped;
mod watch;

use std::{fmt, sync::Arc};

use http::{HeaderValue, Uri};
use serde::Serialize;
use serde_json::Value;

pub use self::account::AccountCall;
pub(crate) use self::account::Place;
#[cfg(feature = "http")]
pub(crate) use self::address::is_loopback;
pub use self::builder::ClientBuilder;
pub(crate) use self::session::Opened;
pub use self::untyped::Untyped;
pub(crate) use self::watch::{Bounds, Watch};
use crate::{
    BatchItem, Encoded, Error, Info, Queued, Queues,
    options::Options,
    recent::Recent,
    retry::{Allowance, Repeatable},
    transport::{Clock, Transport},
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
    /// The token, as every request carries it.
    authorization: HeaderValue,
    base: Uri,
    /// What the addresses of all calls begin with.
    account: String,
    /// Where models called lately are, if nothing is asked in a query.
    addresses: Recent<String, Uri>,
    options: Options,
    allowance: Allowance,
    max_reply: usize,
    trace_content: bool,
    transport: Box<dyn Transport>,
    clock: Option<Box<dyn Clock>>,
    #[cfg(feature = "limits")]
    limiter: crate::limits::Limiter,
    budget: Option<crate::Budget>,
}

/// One request on its way: what it says, to which model, and what is asked for beside it.
pub(crate) struct Outgoing {
    pub(crate) body: Encoded,
    pub(crate) options: Options,
    /// The model, where its type is known.
    pub(crate) info: Option<&'static Info>,
    pub(crate) streaming: bool,
    pub(crate) queued: bool,
    /// What it does must not be done twice.
    pub(crate) once: bool,
    /// Anywhere but the model's own path.
    pub(crate) place: Option<Place>,
}

impl Outgoing {
    pub(crate) fn new(body: Encoded) -> Self {
        let options = Options::default();
        Self { body, options, info: None, streaming: false, queued: false, once: false, place: None }
    }

    fn repeatable(&self) -> Repeatable {
        let reads = self.place.as_ref().is_none_or(|place| place.method.is_safe());
        if self.once || !reads { Repeatable::WhenRefused } else { Repeatable::Yes }
    }
}

impl Client {
    /// A client from the environment: `CLOUDFLARE_ACCOUNT_ID` (or `CF_ACCOUNT_ID`), `CLOUDFLARE_API_TOKEN` (or
    /// `CF_API_TOKEN`), and optionally `CLOUDFLARE_API_BASE_URL` (or `CF_API_BASE_URL`, `CLOUDFLARE_BASE_URL`).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::from_env()?;
    /// println!("calling models of {} at {}", client.account_id(), client.base_url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Names every variable that is missing and where its value is found.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client from an account id and an API token.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("0123456789abcdef", "token").build()?;
    /// assert_eq!(client.account_id(), "0123456789abcdef");
    /// assert_eq!(client.base_url(), "https://api.cloudflare.com/client/v4");
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn builder(account_id: impl Into<String>, token: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(account_id.into(), token.as_ref())
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
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"shape": [1, 1024], "data": []}, "success": true, "errors": [], "messages": []}"#]);
    /// let reply = client.run("@cf/baai/bge-m3", serde_json::json!({"text": "sea"})).await?;
    /// assert_eq!(reply["shape"][1], 1024);
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
        self.answer(model.to_owned().into(), outgoing).await?.json().map_err(|error| self.blamed(error, model))
    }

    /// Puts several requests into a model's queue as one batch, to be answered later.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Queues>(client: workers_ai_client::Client)
    /// # -> Result<(), workers_ai_client::Error>
    /// # where
    /// #     M::Request: From<&'static str>,
    /// # {
    /// let queued = client.enqueue::<M>(["Describe the sea.", "Describe the sky."]).await?;
    /// for reply in queued.wait().await? {
    ///     println!("{}: {}", reply.id, reply.result.is_ok());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When a request cannot be queued in that form, when all of them are 10 MB or more, and those of any call.
    pub async fn enqueue<M: Queues>(
        &self,
        requests: impl IntoIterator<Item = impl Into<M::Request>>,
    ) -> Result<Queued<M>, Error> {
        self.enqueue_items(requests.into_iter().map(BatchItem::new)).await
    }

    /// Like [`enqueue`](Self::enqueue), with requests that have names: see [`BatchItem`].
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Queues>(client: workers_ai_client::Client)
    /// # -> Result<(), workers_ai_client::Error>
    /// # where
    /// #     M::Request: From<&'static str>,
    /// # {
    /// use workers_ai_client::BatchItem;
    ///
    /// let pages = [("home", "Welcome …"), ("imprint", "Responsible is …")];
    /// let queued = client.enqueue_items::<M>(pages.map(|(name, text)| BatchItem::new(text).reference(name))).await?;
    /// # let _ = queued;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `enqueue`.
    pub async fn enqueue_items<M: Queues>(
        &self,
        items: impl IntoIterator<Item = BatchItem<impl Into<M::Request>>>,
    ) -> Result<Queued<M>, Error> {
        let items: Vec<_> = items.into_iter().map(BatchItem::into_request).collect();
        Queued::submit(self, M::INFO.id, &items, &[], Options::default()).await
    }

    /// A batch that was queued before, by another program perhaps, from its request id.
    ///
    /// ```no_run
    /// # async fn example<M: workers_ai_client::Queues>(client: workers_ai_client::Client)
    /// # -> Result<(), workers_ai_client::Error> {
    /// let batch = client.queued::<M>("768f15b7-4fd6-4498-906e-ad94ffc7f8d2").wait().await?;
    /// println!("{} answers", batch.items.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// An id knows neither how many requests there are nor what they are called: [`Queued::ticket`] does.
    #[must_use]
    pub fn queued<M: Queues>(&self, request_id: impl Into<String>) -> Queued<M> {
        Queued::new(self.clone(), request_id.into())
    }

    /// An error of a call to a model, fit to be shown.
    pub(crate) fn blamed(&self, error: Error, model: &str) -> Error {
        let token = self.0.authorization.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        error.with_model(model).without(token.unwrap_or_default())
    }

    /// The time, where there is one: the builder's, else the transport's.
    pub(crate) fn clock(&self) -> Option<&dyn Clock> {
        self.0.clock.as_deref().or_else(|| self.0.transport.clock())
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
