//! The HTTP client underneath: TLS by rustls with ring, and a token that never shows.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// From the first byte sent to the last received: bytes that dribble in are no silence.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A client that sends the token with every request, and follows no redirect with it.
pub(crate) fn authorised(token: &SecretString) -> Result<reqwest::Client, Error> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Error::configuration("the API token holds characters that no header can carry"))?;
    bearer.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
    build(builder()?.default_headers(headers).redirect(Policy::none()))
}

/// A client without credentials.
pub(crate) fn anonymous() -> Result<reqwest::Client, Error> {
    build(builder()?.redirect(Policy::limited(5)))
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
