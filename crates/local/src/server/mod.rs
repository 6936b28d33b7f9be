//! The HTTP server: starts, listens and stops.

mod answering;
mod auth;
mod binding;
mod caps;
mod control;
mod disturb;
mod finetunes;
mod gateway;
#[cfg(feature = "in-process")]
mod in_process;
mod lists;
mod markdown;
mod openai;
mod options;
mod playground;
mod proxied;
mod replaying;
mod respond;
mod responses;
mod routes;
mod run;
mod sessions;
mod sources;
mod visit;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::answer::{Question, Reply};
use crate::answering::Source;
use crate::catalog::Catalog;
use crate::refusal::Refusal;
use crate::sandbox::{DEFAULT, Fault, Limits, Recorded, Sandbox, Sandboxes};

use self::sources::{Sources, Wanted};

pub(crate) use self::finetunes::Store as Finetunes;
#[cfg(feature = "in-process")]
pub use self::in_process::Doorway;
pub(crate) use self::visit::Visit;

/// The account of a server that was given none; it takes every other well-formed id too.
const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";

/// What becomes of calls to models that have left the catalogue.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use workers_ai_local::{LocalServer, Retired};
///
/// // As strict as the service, to find calls of models that have left.
/// let server = LocalServer::builder().retired(Retired::Gone).start().await?;
/// # let _ = server;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retired {
    /// They are answered, with the date in the header `x-workers-ai-retired`.
    #[default]
    Serve,
    /// They are refused with status 410 and code 5028, as the service does.
    Gone,
}

/// What the handlers share.
pub(crate) struct Shared {
    catalog: RwLock<Arc<Catalog>>,
    sources: Sources,
    sandboxes: Sandboxes,
    playground: playground::Playground,
    /// The places for sessions that are free.
    sessions: Arc<Semaphore>,
    /// Becomes true when the server is to stop.
    stopping: watch::Receiver<bool>,
    account: String,
    token: Option<String>,
    gateways: Vec<String>,
    retired: Retired,
    local_only: bool,
}

/// Settings of a server that has not started yet.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::net::{Ipv4Addr, SocketAddr};
///
/// use workers_ai_local::LocalServer;
///
/// let server = LocalServer::builder()
///     .address(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
///     .account("my-account")
///     .token("secret")
///     .seed(7)
///     .start()
///     .await?;
/// assert_eq!(server.account_id(), "my-account");
/// assert!(server.address().port() > 0);
/// # Ok(())
/// # }
/// ```
pub struct Builder {
    address: SocketAddr,
    account: String,
    token: Option<String>,
    gateways: Vec<String>,
    retired: Retired,
    seed: u64,
    limits: Limits,
    faults: Vec<Fault>,
    catalog: Option<Catalog>,
    sources: Wanted,
}

/// A local Workers AI that listens until it is dropped.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let server = workers_ai_local::LocalServer::builder().token("secret").start().await?;
/// assert!(server.base_url().ends_with("/client/v4"));
/// server.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct LocalServer {
    address: SocketAddr,
    account: String,
    shared: Arc<Shared>,
    stop: Option<watch::Sender<bool>>,
    task: Option<JoinHandle<()>>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            account: ACCOUNT.to_owned(),
            token: None,
            gateways: Vec::new(),
            retired: Retired::default(),
            seed: 0,
            limits: Limits::published(),
            faults: Vec::new(),
            catalog: None,
            sources: Wanted::default(),
        }
    }
}

impl Builder {
    /// Where to listen; a free port on the loopback interface unless set.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// // A port that others know.
    /// # let free = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    /// # let port = free;
    /// let server = LocalServer::builder().address(([127, 0, 0, 1], port).into()).start().await?;
    /// assert_eq!(server.address().port(), port);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn address(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// An account id to accept besides every id of 32 hexadecimal digits.
    #[must_use]
    pub fn account(self, id: impl Into<String>) -> Self {
        Self { account: id.into(), ..self }
    }

    /// The only bearer token to accept; any that is not empty unless set.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// An AI Gateway that calls may pass through. Once one is set, calls that name another are refused with status 400 and
    /// code 2001; every name is taken until then.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// let server = LocalServer::builder().gateway("production").gateway("staging").start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn gateway(mut self, id: impl Into<String>) -> Self {
        self.gateways.push(id.into());
        self
    }

    /// What becomes of calls to retired models.
    #[must_use]
    pub fn retired(self, retired: Retired) -> Self {
        Self { retired, ..self }
    }

    /// Seed of the synthetic answers, 0 unless set; see [`Synthetic::new`](crate::Synthetic::new).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// // Other pictures and other scores, and still the same every time.
    /// let server = LocalServer::builder().seed(7).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The limits to keep, in every sandbox; the published ones unless set. [`Limits::off`] turns them off.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Something that goes wrong from the start, in the default sandbox.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The models to answer for; those this crate was built with unless set.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::{Catalog, LocalServer};
    ///
    /// let server = LocalServer::builder().catalog(Catalog::embedded()?).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn catalog(self, catalog: Catalog) -> Self {
        Self { catalog: Some(catalog), ..self }
    }

    /// Starts to listen.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// let server = LocalServer::builder().start().await?;
    /// assert!(server.address().ip().is_loopback());
    ///
    /// // For other machines only with a token.
    /// assert!(LocalServer::builder().address(([0, 0, 0, 0], 0).into()).start().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the address is taken, where it can be reached from other machines but no token is set, where answers are to
    /// come from a source that is not set up, where recordings cannot be read or written, and where the bundled schemas are
    /// broken.
    pub async fn start(self) -> io::Result<LocalServer> {
        let local_only = self.address.ip().is_loopback();
        if !local_only && self.token.is_none() {
            let reason = "a server that other machines can reach needs a token";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        self.serve(listener, address)
    }

    /// Starts without a socket; see [`Doorway`].
    #[cfg(feature = "in-process")]
    #[doc(hidden)]
    pub async fn start_in_process(self) -> io::Result<(LocalServer, Doorway)> {
        let (doorway, arriving) = in_process::doorway();
        let address = self.address;
        Ok((self.serve(arriving, address)?, doorway))
    }

    /// Answers what a listener accepts.
    fn serve(self, listener: impl Listener<Addr: fmt::Debug>, address: SocketAddr) -> io::Result<LocalServer> {
        let catalog = match self.catalog {
            Some(catalog) => catalog,
            None => Catalog::embedded().map_err(io::Error::other)?,
        };
        let sources = self.sources.set_up(self.seed)?;
        let (stop, mut stopped) = watch::channel(false);
        let shared = Arc::new(Shared {
            catalog: RwLock::new(Arc::new(catalog)),
            sources,
            sandboxes: Sandboxes::new(self.limits, self.seed),
            playground: playground::Playground::default(),
            sessions: Arc::new(Semaphore::new(sessions::MOST)),
            stopping: stopped.clone(),
            account: self.account.clone(),
            token: self.token,
            gateways: self.gateways,
            retired: self.retired,
            local_only: address.ip().is_loopback(),
        });
        for fault in self.faults {
            shared.sandboxes.get(DEFAULT).add_fault(fault);
        }
        let serving = axum::serve(listener, routes::router(Arc::clone(&shared))).with_graceful_shutdown(async move {
            // An error means that the server was dropped, which stops it as well.
            let _ = stopped.wait_for(|stops| *stops).await;
        });
        let task = tokio::spawn(async move {
            // Accepting connections retries by itself and never ends with an error.
            let _ = serving.await;
        });
        Ok(LocalServer { address, account: self.account, shared, stop: Some(stop), task: Some(task) })
    }
}

impl Shared {
    /// Has a question answered by one of the sources.
    pub(crate) async fn ask(&self, source: Source, question: Question) -> Result<Reply, Refusal> {
        self.sources.ask(source, question).await
    }

    /// The models as they are now.
    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells when the server stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.clone()
    }
}

impl LocalServer {
    /// Settings for a server.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What takes the place of `https://api.cloudflare.com/client/v4`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// let run = format!("{}/accounts/{}/ai/run/@cf/baai/bge-m3", server.base_url(), server.account_id());
    /// # assert!(run.starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/client/v4", self.address)
    }

    /// An account id that the server accepts.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.account
    }

    /// The models that the server answers for now.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// assert!(server.catalog().get("@cf/baai/bge-m3").is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn catalog(&self) -> Arc<Catalog> {
        self.shared.catalog()
    }

    /// Answers for these models from now on; calls that are being answered end as they began.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::Catalog;
    ///
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// server.set_catalog(Catalog::from_files([])?);
    /// assert_eq!(server.catalog().models().count(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_catalog(&self, catalog: Catalog) {
        *self.shared.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalog);
    }

    /// The sandbox of this name. Calls happen in it that have the name in the header `x-workers-ai-sandbox`, or as their
    /// token where it begins with `sandbox-`; the others happen in [`default`](Self::default_sandbox).
    #[must_use]
    pub fn sandbox(&self, name: &str) -> Sandbox {
        Sandbox::new(self.shared.sandboxes.get(name))
    }

    /// The sandbox of calls that name none.
    #[must_use]
    pub fn default_sandbox(&self) -> Sandbox {
        self.sandbox(DEFAULT)
    }

    /// The requests to the default sandbox so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.default_sandbox().requests()
    }

    /// Neurons charged in the default sandbox so far.
    #[must_use]
    pub fn neurons_used(&self) -> f64 {
        self.default_sandbox().neurons_used()
    }

    /// Stops to listen, ends sessions, and waits for the calls that are being answered.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// let address = server.address();
    /// server.shutdown().await;
    /// assert!(std::net::TcpListener::bind(address).is_ok(), "the port is free again");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            // A panic while serving has already been reported where it happened.
            let _ = task.await;
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Builder")
            .field("address", &self.address)
            .field("account", &self.account)
            .field("retired", &self.retired)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for LocalServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LocalServer").field("address", &self.address).finish_non_exhaustive()
    }
}
