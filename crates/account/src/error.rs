//! What can go wrong with an account call.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde::Deserialize;

use crate::reply::{self, Unread};

/// An account call failed.
///
/// The predicates say what to do about it: see [`is_unauthorised`](Self::is_unauthorised) for credentials and
/// [`is_transient`](Self::is_transient) for what is worth another try.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use workers_ai_account::Account;
///
/// let server = workers_ai_local::LocalServer::builder().token("right").start().await?;
/// let account = Account::with_base_url(server.account_id(), "wrong", server.base_url())?;
/// let error = account.models().await.unwrap_err();
/// if error.is_unauthorised() {
///     eprintln!("make a new token, then start again: {error}");
/// } else if error.is_transient() {
///     eprintln!("in {} seconds again: {error}", error.retry_after().unwrap_or(30));
/// }
/// assert_eq!((error.status(), error.code()), (Some(400), Some(9106)));
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Kind>);

enum Kind {
    Configuration(String),
    Connection(reqwest::Error),
    /// A call that the client of the models made.
    Call(workers_ai_client::Error),
    File {
        path: PathBuf,
        source: io::Error,
    },
    Refused {
        status: u16,
        code: Option<i64>,
        message: String,
        retry_after: Option<u64>,
    },
    Undecodable {
        body: String,
        source: serde_json::Error,
    },
    /// The service answers, and has nothing to say of this model.
    NoSchema {
        model: String,
    },
    /// JSON that does not end.
    Cut,
    TooLarge {
        limit: usize,
    },
    Encoded {
        encoding: String,
    },
}

#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    errors: Vec<Complaint>,
}

#[derive(Default, Deserialize)]
struct Complaint {
    code: Option<i64>,
    message: Option<String>,
}

const SHOWN: usize = 300;

/// So much of a refusal is read.
const LONGEST_REFUSAL: usize = 1 << 20;

impl Error {
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Configuration(message.into())))
    }

    pub(crate) fn file(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self(Box::new(Kind::File { path: path.into(), source }))
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self(Box::new(Kind::TooLarge { limit }))
    }

    pub(crate) fn undecodable(body: &[u8], source: serde_json::Error) -> Self {
        // A connection without a length ends in good order wherever it is cut.
        if source.is_eof() {
            return Self::cut();
        }
        let text = String::from_utf8_lossy(body);
        let body = text.chars().filter(|character| !character.is_control()).take(SHOWN).collect();
        Self(Box::new(Kind::Undecodable { body, source }))
    }

    pub(crate) fn cut() -> Self {
        Self(Box::new(Kind::Cut))
    }

    pub(crate) fn no_schema(model: &str) -> Self {
        Self(Box::new(Kind::NoSchema { model: model.to_owned() }))
    }

    /// A refusal that came as a success.
    pub(crate) fn without_result(complaints: Vec<serde_json::Value>) -> Self {
        let complaint = complaints.into_iter().next().and_then(|complaint| serde_json::from_value(complaint).ok());
        let Complaint { code, message } = complaint.unwrap_or_default();
        let message = message.unwrap_or_else(|| "no reason given".to_owned());
        Self(Box::new(Kind::Refused { status: StatusCode::OK.as_u16(), code, message, retry_after: None }))
    }

    /// Reads what the service says about its refusal.
    pub(crate) async fn refused(response: reqwest::Response) -> Self {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        // A refusal whose body breaks off, or never ends, is still that refusal.
        let body = reply::bounded(response, LONGEST_REFUSAL).bytes().await.unwrap_or_default();
        let envelope: Envelope = serde_json::from_slice(&body).unwrap_or_default();
        let complaint = envelope.errors.into_iter().next();
        let (code, message) = match complaint {
            Some(complaint) => (complaint.code, complaint.message.unwrap_or_default()),
            None => (None, unexplained(status, &body)),
        };
        Self(Box::new(Kind::Refused { status: status.as_u16(), code, message, retry_after }))
    }

    pub(crate) async fn generated(error: progenitor_client::Error<()>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::UnexpectedResponse(response) => Self::refused(response).await,
            Generated::CommunicationError(error)
            | Generated::ResponseBodyError(error)
            | Generated::InvalidUpgrade(error) => error.into(),
            Generated::InvalidResponsePayload(body, source) => Self::undecodable(&body, source),
            Generated::InvalidRequest(message) | Generated::Custom(message) => Self::configuration(message),
            Generated::ErrorResponse(response) => {
                Self::configuration(format!("unexpected answer {}", response.status()))
            }
        }
    }

    /// The HTTP status, if the service answered.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let error = account.schema("@cf/acme/none").await.unwrap_err();
    /// assert!(error.status().is_some_and(|status| (400..500).contains(&status)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> Option<u16> {
        match &*self.0 {
            Kind::Refused { status, .. } => Some(*status),
            Kind::Call(error) => error.status(),
            _ => None,
        }
    }

    /// The service's own error code, such as 10000.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// let error = account.schema("@cf/acme/none").await.unwrap_err();
    /// assert_eq!(error.code(), Some(5007));
    /// # Ok(())
    /// # }
    /// ```
    pub fn code(&self) -> Option<i64> {
        match &*self.0 {
            Kind::Refused { code, .. } => *code,
            Kind::Call(error) => error.code().map(i64::from),
            _ => None,
        }
    }

    /// Seconds to wait before another try, where the service names them.
    ///
    /// ```no_run
    /// # async fn example(account: workers_ai_account::Account) -> Result<(), workers_ai_account::Error> {
    /// use std::time::Duration;
    ///
    /// let models = match account.models().await {
    ///     Err(error) if error.is_transient() => {
    ///         tokio::time::sleep(Duration::from_secs(error.retry_after().unwrap_or(30))).await;
    ///         account.models().await?
    ///     }
    ///     models => models?,
    /// };
    /// # let _ = models;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_after(&self) -> Option<u64> {
        match &*self.0 {
            Kind::Refused { retry_after, .. } => *retry_after,
            Kind::Call(error) => error.retry_after().map(|pause| pause.as_secs()),
            _ => None,
        }
    }

    /// The token is wrong, expired, or lacks a permission.
    ///
    /// Make or edit tokens at <https://dash.cloudflare.com/profile/api-tokens>; reading needs the permission
    /// "Workers AI Read", changing needs "Workers AI Write".
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use workers_ai_account::Account;
    /// # let server = workers_ai_local::LocalServer::builder().token("right").start().await?;
    /// # let account = Account::with_base_url(server.account_id(), "cfut_wrong", server.base_url())?;
    /// let error = account.tasks().await.unwrap_err();
    /// assert!(error.is_unauthorised() && !error.is_transient(), "no use in trying again");
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unauthorised(&self) -> bool {
        matches!(self.status(), Some(401 | 403)) || self.code() == Some(9106)
    }

    /// There is no such model (code 5007, which comes with status 400), fine-tune or account (status 404), or no schema of
    /// the model.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let account = workers_ai_account::Account::with_base_url(server.account_id(), "token", server.base_url())?;
    /// // A model that may have left.
    /// let schema = match account.schema("@cf/acme/old").await {
    ///     Err(error) if error.is_not_found() => None,
    ///     schema => Some(schema?),
    /// };
    /// assert!(schema.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_not_found(&self) -> bool {
        let is_unpublished = matches!(&*self.0, Kind::NoSchema { .. });
        is_unpublished || self.status() == Some(404) || matches!(self.code(), Some(5007 | 3042))
    }

    /// Trying again later may help: the service was busy, failing, or out of reach.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_account::Account;
    ///
    /// # let server = workers_ai_local::LocalServer::builder().start().await?;
    /// # let url = server.base_url();
    /// # server.shutdown().await;
    /// // Nobody listens there any more.
    /// let account = Account::with_base_url("0123456789abcdef0123456789abcdef", "token", url)?;
    /// let error = account.models().await.unwrap_err();
    /// assert!(error.is_transient() && error.status().is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_transient(&self) -> bool {
        match &*self.0 {
            // The day's allocation comes back at midnight, and not before.
            Kind::Refused { code: Some(3036 | 4006), .. } => false,
            Kind::Refused { status, .. } => matches!(status, 408 | 429 | 500..=599),
            Kind::Connection(error) => !error.is_builder() && !error.is_redirect() && !is_untrusted(error),
            Kind::Call(error) => error.is_retryable(),
            Kind::Cut => true,
            Kind::Configuration(_)
            | Kind::File { .. }
            | Kind::Undecodable { .. }
            | Kind::NoSchema { .. }
            | Kind::TooLarge { .. }
            | Kind::Encoded { .. } => false,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(mut error: reqwest::Error) -> Self {
        // The host says enough; the rest may hold a user, a key or an account.
        if let Some(url) = error.url_mut() {
            let host = url.host_str().unwrap_or_default().to_owned();
            if let Ok(shown) = format!("{}://{host}", url.scheme()).parse() {
                *url = shown;
            }
        }
        match unread(&error) {
            Some(Unread::TooLong(limit)) => Self::too_large(*limit),
            Some(Unread::Encoded(encoding)) => Self(Box::new(Kind::Encoded { encoding: encoding.clone() })),
            None => Self(Box::new(Kind::Connection(error))),
        }
    }
}

impl From<workers_ai_client::Error> for Error {
    fn from(error: workers_ai_client::Error) -> Self {
        Self(Box::new(Kind::Call(error)))
    }
}

impl From<workers_ai_client::Invalid> for Error {
    fn from(invalid: workers_ai_client::Invalid) -> Self {
        workers_ai_client::Error::from(invalid).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Configuration(message) => formatter.write_str(message),
            Kind::Connection(error) if error.is_timeout() => formatter.write_str("no answer in time"),
            Kind::Connection(error) if error.is_decode() || error.is_body() => {
                formatter.write_str("the answer broke off")
            }
            Kind::Connection(error) if is_untrusted(error) => {
                formatter.write_str("the server's certificate is not trusted")
            }
            Kind::Connection(error) => match error.url() {
                Some(url) => write!(formatter, "no answer from {}", url.host_str().unwrap_or("the server")),
                None => formatter.write_str("no answer from the server"),
            },
            Kind::Call(error) => error.fmt(formatter),
            Kind::File { path, .. } => write!(formatter, "cannot read {}", path.display()),
            Kind::Refused { status, code: Some(code), message, .. } => {
                write!(formatter, "the service refused with status {status}, code {code}: {message}")
            }
            Kind::Refused { status, message, .. } => {
                write!(formatter, "the service refused with status {status}: {message}")
            }
            Kind::Undecodable { body, .. } => {
                write!(formatter, "the answer is not what the API describes: {body}")
            }
            Kind::NoSchema { model } => write!(formatter, "the service has no schema of {model}"),
            Kind::Cut => formatter.write_str("the answer breaks off before its end"),
            Kind::Encoded { encoding } => {
                write!(formatter, "the answer is encoded as {encoding:?}, which was not asked for")
            }
            Kind::TooLarge { limit } => {
                write!(formatter, "the answer is larger than {} MB", limit / (1024 * 1024))
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Error").field(&self.to_string()).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Connection(error) => Some(error),
            Kind::Call(error) => std::error::Error::source(error),
            Kind::File { source, .. } => Some(source),
            Kind::Undecodable { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// What to say of a refusal that does not explain itself.
fn unexplained(status: StatusCode, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if status.is_redirection() {
        return "redirects are not followed; is the URL right?".to_owned();
    }
    // A page says nothing in its first words.
    if text.is_empty() || text.starts_with('<') || text == "{}" {
        return status.canonical_reason().unwrap_or("no reason given").to_owned();
    }
    text.chars().filter(|character| !character.is_control()).take(SHOWN).collect()
}

/// In seconds, or until a date; by the service's own clock where it shows it.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let date = |name| httpdate::parse_http_date(text(name)?).ok();
    let asked = text(RETRY_AFTER)?;
    asked.parse().ok().or_else(|| {
        let now = date(DATE).unwrap_or_else(SystemTime::now);
        // A date that has passed says nothing.
        date(RETRY_AFTER)?.duration_since(now).as_ref().map(Duration::as_secs).ok()
    })
}

/// What kept a body from being read, where that was decided here.
fn unread(error: &reqwest::Error) -> Option<&Unread> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(unread) = error.downcast_ref() {
            return Some(unread);
        }
        source = error.source();
    }
    None
}

/// Whether it is the certificate that is wrong, which another try does not change.
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // An error of I/O passes over what it holds when it is asked for its source.
        source = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    false
}
