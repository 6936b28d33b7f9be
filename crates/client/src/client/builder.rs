//! Setting up a client: credentials, address, transport.

use std::{env, fmt, sync::Arc, time::Duration};

use http::HeaderValue;

use super::{Client, Inner, address, environment};
use crate::{
    Error, Gateway, RetryPolicy,
    options::Options,
    retry::Allowance,
    transport::{Clock, Transport},
};

pub(super) const BASE_URL: &str = "https://api.cloudflare.com/client/v4";

/// The service itself gives up on an answer in one piece after about two minutes; a little more lets its own error arrive.
const TIMEOUT: Duration = Duration::from_secs(180);

/// How many retries a burst of failures gets, all calls of a client together.
const ALLOWANCE: u32 = 50;

/// The longest reply; what models answer is far shorter.
const MAX_REPLY: usize = 256 << 20;

/// Sets up a [`Client`].
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::{Budget, Client, RetryPolicy};
///
/// let client = Client::builder("0123456789abcdef", "token")
///     .timeout(Duration::from_secs(60))
///     .retry(RetryPolicy::default().max_attempts(6))
///     .budget(Budget::free_daily())
///     .tags(["env:production"])
///     .build()?;
/// assert_eq!(client.account_id(), "0123456789abcdef");
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// Nothing is sent to set it up: a token that the service does not know shows in the first call.
#[must_use]
pub struct ClientBuilder {
    pub(super) account_id: String,
    /// None where no token is like this.
    pub(super) authorization: Option<HeaderValue>,
    pub(super) base_url: String,
    options: Options,
    allowance: u32,
    max_reply: usize,
    trace_content: bool,
    transport: Option<Box<dyn Transport>>,
    clock: Option<Box<dyn Clock>>,
    #[cfg(feature = "limits")]
    limits: crate::RateLimits,
    budget: Option<crate::Budget>,
}

impl ClientBuilder {
    pub(super) fn new(account_id: String, token: &str) -> Self {
        Self {
            account_id,
            authorization: authorization(token.trim()),
            base_url: BASE_URL.to_owned(),
            options: Options::limited(Some(TIMEOUT)),
            allowance: ALLOWANCE,
            max_reply: MAX_REPLY,
            trace_content: false,
            transport: None,
            clock: None,
            #[cfg(feature = "limits")]
            limits: crate::RateLimits::published(),
            budget: None,
        }
    }

    /// A builder from the environment, with the variables of [`Client::from_env`].
    ///
    /// ```no_run
    /// # fn main() -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_client::{ClientBuilder, RetryPolicy};
    ///
    /// let client = ClientBuilder::from_env()?.retry(RetryPolicy::none()).build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Names every variable that is missing and where its value is found.
    pub fn from_env() -> Result<Self, Error> {
        environment::builder(|name| env::var(name).ok())
    }

    /// Sends requests somewhere else: to a local server, a proxy, a test. Everything up to `/accounts`.
    ///
    /// Must be `https`, except to this machine.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let local = Client::builder("account", "token").base_url("http://127.0.0.1:8787/client/v4/").build()?;
    /// assert_eq!(local.base_url(), "http://127.0.0.1:8787/client/v4");
    ///
    /// // Over plain http to elsewhere, anybody on the way could read the token.
    /// assert!(Client::builder("account", "token").base_url("http://example.com/client/v4").build().is_err());
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long a call may take with all its attempts, unless it says otherwise; three minutes at first. For a stream this
    /// is how long it may stay silent.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("account", "token").timeout(Duration::from_secs(20)).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How long a reply may pause once it has begun, beside what [`timeout`](Self::timeout) says of the whole.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::Client;
    ///
    /// // A long answer has time; a connection that died on the way does not take all of it.
    /// let client = Client::builder("account", "token")
    ///     .timeout(Duration::from_secs(600))
    ///     .idle_timeout(Duration::from_secs(30))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// Unless it is set, the body of a reply in one piece may pause for two minutes, and a stream for as long as `timeout`
    /// says. A stream pauses while no whole chunk arrives, whatever else does. Sessions may be silent unless this is set:
    /// then it is how long they may be.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle = Some(timeout);
        self
    }

    /// Lets calls take as long as they take. A reply that has begun must go on all the same:
    /// see [`idle_timeout`](Self::idle_timeout).
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// // For long uploads over a slow line.
    /// let client = Client::builder("account", "token").no_timeout().build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn no_timeout(mut self) -> Self {
        self.options.timeout = None;
        self
    }

    /// When calls are attempted again, and how often; see [`RetryPolicy`].
    ///
    /// ```
    /// use workers_ai_client::{Client, RetryPolicy};
    ///
    /// let client = Client::builder("account", "token").retry(RetryPolicy::default().max_attempts(2)).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// How many retries all calls of this client may spend together when much fails at once; 50 unless set. Every tenth
    /// success earns one back, so that in a lasting trouble at most a tenth more is sent than without retries. With 0
    /// nothing is retried.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// // A batch job that does nothing but call, and may knock more often.
    /// let client = Client::builder("account", "token").retry_allowance(500).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn retry_allowance(mut self, retries: u32) -> Self {
        self.allowance = retries;
        self
    }

    /// The AI Gateway that calls pass through, unless they name another.
    ///
    /// ```
    /// use workers_ai_client::{Client, Gateway};
    ///
    /// let client = Client::builder("account", "token").gateway(Gateway::new("production")).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn gateway(mut self, gateway: Gateway) -> Self {
        self.options.gateway(gateway);
        self
    }

    /// The session that calls belong to, unless they name another; see [`Call::session_affinity`](crate::Call::session_affinity).
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// // One client for each conversation: copies are cheap, and so is this.
    /// let client = Client::builder("account", "token").session_affinity("conversation-17").build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn session_affinity(mut self, session: impl AsRef<str>) -> Self {
        self.options.session_affinity(session.as_ref());
        self
    }

    /// Refuses calls at once while a model is busy; see [`Call::reject_if_busy`](crate::Call::reject_if_busy).
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("account", "token").reject_if_busy().build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn reject_if_busy(mut self) -> Self {
        self.options.reject_if_busy = Some(true);
        self
    }

    /// The tags of calls that have none of their own; see [`Call::tags`](crate::Call::tags).
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("account", "token").tags(["team:search", "env:test"]).build()?;
    /// # let _ = client;
    /// let error = Client::builder("account", "token").tags(["no spaces"]).build().unwrap_err();
    /// assert!(error.message().contains("no spaces"));
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.tags(tags);
        self
    }

    /// Adds a header to every call. The API token cannot be replaced.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("account", "token").header("cf-aig-authorization", "Bearer secret").build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.header(name.as_ref(), value.as_ref());
        self
    }

    /// The longest reply, in bytes, that is read into memory: 256 MiB unless set. A longer one is an error that
    /// [`is_too_large`](Error::is_too_large). Streams may be as long as they like, a single chunk of one may not.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let client = Client::builder("account", "token").max_reply(16 << 20).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn max_reply(mut self, bytes: usize) -> Self {
        self.max_reply = bytes;
        self
    }

    /// Puts requests and replies into the spans of the feature `tracing`: whatever collects spans then has the prompts.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// // While looking for a bug, on a machine of one's own.
    /// let client = Client::builder("account", "token").trace_content().build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    #[cfg(feature = "tracing")]
    pub fn trace_content(mut self) -> Self {
        self.trace_content = true;
        self
    }

    /// Moves requests by other means than the built-in HTTP.
    ///
    /// ```
    /// use workers_ai_client::{
    ///     Client,
    ///     transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError, TransportErrorKind},
    /// };
    ///
    /// /// For tests of what a program does when nobody can be reached.
    /// struct Offline;
    ///
    /// impl Transport for Offline {
    ///     fn send(
    ///         &self,
    ///         _: http::Request<Body>,
    ///         _: Limits,
    ///     ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
    ///         Box::pin(async { Err(TransportError::new(TransportErrorKind::Connection, "offline")) })
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workers_ai_client::Error> {
    /// let client = Client::builder("account", "token").transport(Offline).build()?;
    /// let error = client.run("@cf/baai/bge-m3", serde_json::json!({"text": "sea"})).await.unwrap_err();
    /// assert!(error.is_connection());
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Takes the time from somewhere else than the transport: for a transport without a clock, and for tests.
    ///
    /// ```
    /// use workers_ai_client::{Client, transport::TokioClock};
    ///
    /// let client = Client::builder("account", "token").clock(TokioClock).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// How many requests a minute leave for each model, the others waiting their turn; what the service publishes, unless
    /// this says otherwise. [`RateLimits::off`](crate::RateLimits::off) lets them all leave at once.
    ///
    /// ```
    /// use workers_ai_client::{Client, RateLimits};
    ///
    /// let client = Client::builder("account", "token").rate_limits(RateLimits::off()).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    #[cfg(feature = "limits")]
    pub fn rate_limits(mut self, limits: crate::RateLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Counts the neurons of the day, and stops or warns at a limit. Clients that are given copies of one budget share it.
    ///
    /// ```
    /// use workers_ai_client::{Budget, Client};
    ///
    /// let budget = Budget::free_daily();
    /// let [ours, theirs] = ["0123", "4567"].map(|account| Client::builder(account, "token").budget(budget.clone()).build());
    /// # let _ = (ours?, theirs?);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn budget(mut self, budget: crate::Budget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The client.
    ///
    /// ```
    /// use workers_ai_client::Client;
    ///
    /// let error = Client::builder("", "token").build().unwrap_err();
    /// assert_eq!(error.message(), "the account id must be letters and digits");
    /// ```
    ///
    /// # Errors
    ///
    /// When the account id, the token, the base URL or an option cannot be used, or HTTP cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let account_id = self.account_id.trim();
        if account_id.is_empty()
            || !account_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(Error::configuration("the account id must be letters and digits"));
        }
        let Some(authorization) = self.authorization else {
            return Err(Error::configuration("the API token is empty or has characters no token has"));
        };
        let base = address::base(&self.base_url)?;
        self.options.check().map_err(|refused| Error::configuration(refused.message()))?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&base)?,
        };
        Ok(Client(Arc::new(Inner {
            account_id: account_id.to_owned(),
            authorization,
            account: address::account(&base, account_id),
            addresses: crate::recent::Recent::default(),
            base,
            options: self.options,
            allowance: Allowance::new(self.allowance),
            max_reply: self.max_reply,
            trace_content: self.trace_content,
            transport,
            clock: self.clock,
            #[cfg(feature = "limits")]
            limiter: crate::limits::Limiter::new(self.limits),
            budget: self.budget,
        })))
    }
}

/// The header of every request. What it holds does not show when it is printed.
fn authorization(token: &str) -> Option<HeaderValue> {
    if token.is_empty() {
        return None;
    }
    // Why not is not said on purpose: it must not be possible for that to quote the token.
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(feature = "http")]
fn default_transport(base: &http::Uri) -> Result<Box<dyn Transport>, Error> {
    Ok(Box::new(crate::transport::HttpTransport::new(base)?))
}

#[cfg(not(feature = "http"))]
fn default_transport(_: &http::Uri) -> Result<Box<dyn Transport>, Error> {
    Err(Error::configuration("without the feature `http` a client needs a transport: ClientBuilder::transport"))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account_id", &self.account_id)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
