//! Cloudflare itself: requests go there as they came, and answers come back as they are.

use std::pin::Pin;
use std::{fmt, io};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use percent_encoding::percent_decode_str;
use reqwest::{Client, Url};

use super::{SILENCE, address, client, is_loopback};
use crate::exchange::{Exchange, Forward, Secrets};
use crate::refusal::Refusal;

/// Where the real API is.
const API: &str = "https://api.cloudflare.com/client/v4";

/// Headers that belong to one connection.
const OF_THE_CONNECTION: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
];

/// Headers of a request that are for this server, or of the page on this machine that sent it.
const FOR_THIS_SERVER: &[&str] = &["host", "cookie", "origin", "referer", "accept-encoding", "expect"];

/// Headers of an answer that are about another origin than this server.
const OF_THE_ORIGIN: &[&str] = &["set-cookie", "alt-svc", "strict-transport-security"];

/// The real Workers AI, as a source of answers.
///
/// A call is passed on with the account of its path and the token of its `Authorization` header, or with those that are
/// set here. They go to that one address and nowhere else, and redirects are not followed.
///
/// ```
/// use workers_ai_local::{Cloudflare, LocalServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cloudflare = Cloudflare::new()?.account("0af3c4d9a8b74d5e9f0a1b2c3d4e5f60").token("secret");
/// assert!(!format!("{cloudflare:?}").contains("secret"));
/// let server = LocalServer::builder().cloudflare(cloudflare).start().await?;
/// # let _ = server;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cloudflare {
    base: Url,
    client: Client,
    account: Option<String>,
    token: Option<String>,
}

impl Cloudflare {
    /// The API at `https://api.cloudflare.com/client/v4`.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up, for example without the system's certificates.
    pub fn new() -> io::Result<Self> {
        Self::at(API)
    }

    /// The API at another address, such as that of another local server.
    ///
    /// ```
    /// use workers_ai_local::Cloudflare;
    ///
    /// let cloudflare = Cloudflare::at("http://127.0.0.1:8788/client/v4")?;
    /// // Tokens would travel in the clear.
    /// assert!(Cloudflare::at("http://api.example.com/client/v4").is_err());
    /// # let _ = cloudflare;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the address is no URL, where it is that of another machine without TLS, and where TLS cannot be set up.
    pub fn at(base: &str) -> io::Result<Self> {
        let base = address(base)?;
        if base.scheme() != "https" && !is_loopback(&base) {
            let reason = format!("{base} is not encrypted, and tokens are sent there: it must be https");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        Ok(Self { client: client(&base, SILENCE)?, base, account: None, token: None })
    }

    /// The account that is asked, whichever the caller names.
    #[must_use]
    pub fn account(self, id: impl Into<String>) -> Self {
        Self { account: Some(id.into()), ..self }
    }

    /// The token that is used, whichever the caller has.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    fn url(&self, exchange: &Exchange) -> Result<Url, Refusal> {
        let account = self.account.as_deref().filter(|_| !exchange.by_caller).unwrap_or(&exchange.account);
        let path = format!("/accounts/{account}{}", exchange.path);
        // Steps upwards would lead out of Workers AI, with a token that may do more.
        let leads_out = |step: &str| {
            let step = percent_decode_str(step).decode_utf8_lossy();
            step == "." || step == ".." || step.contains(['/', '\\'])
        };
        let is_whole_id = account.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        // Clients may encode the slashes of a model's id as one step; those are put back.
        let path = path.replace("%2F", "/").replace("%2f", "/");
        if !is_whole_id || path.split('/').any(leads_out) {
            return Err(Refusal::no_route());
        }
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(exchange.query.as_deref());
        Ok(url)
    }

    fn headers(&self, exchange: &Exchange) -> Result<HeaderMap, Refusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in &exchange.headers {
            let text = name.as_str();
            let stays = OF_THE_CONNECTION.contains(&text)
                || FOR_THIS_SERVER.contains(&text)
                || text.starts_with("x-workers-ai-")
                || text.starts_with("sec-")
                || is_named_by_connection(&exchange.headers, name);
            if !stays {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(token) = self.token.as_deref().filter(|_| !exchange.by_caller) {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Refusal::failed("the token for Cloudflare is no text"))?;
            value.set_sensitive(true);
            headers.remove("x-auth-key");
            headers.remove("x-auth-email");
            headers.insert(header::AUTHORIZATION, value);
        }
        // Tokens that only name a sandbox, or stand for none, are of this server.
        let is_local = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            let token = value.rsplit(' ').next().unwrap_or_default();
            token == "local" || token.starts_with("sandbox-")
        });
        if is_local || !(headers.contains_key(header::AUTHORIZATION) || headers.contains_key("x-auth-key")) {
            return Err(Refusal::token_for_cloudflare());
        }
        Ok(headers)
    }

    async fn pass(&self, exchange: Exchange) -> Result<Response, Refusal> {
        let (url, headers) = (self.url(&exchange)?, self.headers(&exchange)?);
        let sent = self.client.request(exchange.method, url).headers(headers).body(exchange.body).send().await;
        let answer = sent.map_err(|error| {
            if error.is_timeout() && !error.is_connect() {
                return Refusal::of_code(3046, "");
            }
            Refusal::failed(&format!("{} cannot be reached: {}", self.base, cause(&error)))
        })?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = answer.status();
        for (name, value) in answer.headers() {
            let text = name.as_str();
            let stays = OF_THE_CONNECTION.contains(&text)
                || OF_THE_ORIGIN.contains(&text)
                || is_named_by_connection(answer.headers(), name);
            if !stays {
                response.headers_mut().append(name.clone(), value.clone());
            }
        }
        let pieces = stream::try_unfold(answer, |mut answer| async move {
            Ok::<_, reqwest::Error>(
                answer.chunk().await.map_err(reqwest::Error::without_url)?.map(|piece| (piece, answer)),
            )
        });
        *response.body_mut() = Body::from_stream(pieces);
        Ok(response)
    }
}

/// What went wrong, down to the system's own words.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

fn is_named_by_connection(headers: &HeaderMap, name: &HeaderName) -> bool {
    let named = headers.get_all(header::CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|named| named.trim().eq_ignore_ascii_case(name.as_str()))
}

impl Forward for Cloudflare {
    fn secrets(&self) -> Secrets {
        Secrets { account: self.account.clone(), token: self.token.clone() }
    }

    fn forward(&self, exchange: Exchange) -> Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send + '_>> {
        Box::pin(self.pass(exchange))
    }
}

impl fmt::Debug for Cloudflare {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cloudflare")
            .field("base", &self.base.as_str())
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
