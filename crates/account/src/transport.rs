//! The HTTP client underneath: TLS by rustls with ring, and a token that never shows.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::error::Error;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a feed may say that it lies elsewhere.
const MOST_REDIRECTS: usize = 5;

const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// From the first byte sent to the last received: bytes that dribble in are no silence.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A client that sends the token with every request, and follows no redirect with it.
pub(crate) fn authorised(token: &str) -> Result<reqwest::Client, Error> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::configuration("the API token holds characters that no header can carry"))?;
    bearer.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
    build(builder()?.default_headers(headers).redirect(Policy::none()))
}

/// A client without credentials. It is redirected by https alone, so that nobody on the way can change what is read, and
/// never by somebody else to this machine.
pub(crate) fn anonymous() -> Result<reqwest::Client, Error> {
    let policy = Policy::custom(|attempt| {
        let was_local = attempt.previous().iter().all(is_loopback);
        let is_fine = if is_loopback(attempt.url()) { was_local } else { attempt.url().scheme() == "https" };
        match attempt.previous().len() {
            _ if !is_fine => attempt.error("it redirects to where nobody may be led"),
            ..=MOST_REDIRECTS => attempt.follow(),
            _ => attempt.error("it redirects again and again"),
        }
    });
    build(builder()?.redirect(policy))
}

/// The address of what is public: https, or plain http on this machine.
pub(crate) fn public(text: &str) -> Result<Url, Error> {
    // What a URL parser mends on its own is an address that people read differently.
    let is_plain = text.contains("://") && !text.contains(|letter: char| letter == '\\' || letter <= ' ');
    let url = Url::parse(text).ok().filter(|_| is_plain).filter(Url::has_host);
    // The address is not repeated: people do put secrets into URLs.
    let url = url.ok_or_else(|| Error::configuration("the feed's address is not a URL"))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(Error::configuration("the feed's address must be https: over http anybody on the way can change it")),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn builder() -> Result<reqwest::ClientBuilder, Error> {
    // The provider is named here, so that no other part of a program can change it or make its absence a panic.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier())
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .timeout(TIMEOUT)
        .user_agent(concat!("workers-ai-account/", env!("CARGO_PKG_VERSION"))))
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    builder.build().map_err(Error::from)
}
