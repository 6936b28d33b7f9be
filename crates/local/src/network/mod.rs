//! Answers from elsewhere, over HTTP.

mod cloudflare;
mod upstream;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

pub use self::cloudflare::Cloudflare;
pub use self::upstream::Upstream;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// How long the other side may be silent. A model that is loaded first takes minutes to say its first word.
const SILENCE: Duration = Duration::from_secs(300);

/// A client for one server, which follows no redirects: what it sends is for that server alone.
fn client(base: &Url, silence: Duration) -> io::Result<Client> {
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .http1_only()
        .user_agent(concat!("workers-ai-local/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls(base.scheme() == "https")?);
    if is_loopback(base) {
        // A proxy named in the environment is for the network.
        builder = builder.no_proxy();
    }
    builder.build().map_err(io::Error::other)
}

/// TLS by ring, with the operating system's certificates; where there is no TLS nothing is trusted, and nothing loaded.
fn tls(is_needed: bool) -> io::Result<ClientConfig> {
    let failed = |error: rustls::Error| {
        let what =
            "TLS cannot be set up: the system's CA certificates are needed (package ca-certificates, or SSL_CERT_FILE)";
        io::Error::other(format!("{what}: {error}"))
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let trusting = if is_needed {
        versions.with_platform_verifier().map_err(failed)?
    } else {
        versions.with_root_certificates(RootCertStore::empty())
    };
    Ok(trusting.with_no_client_auth())
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// An address of HTTP, without a slash at its end and without a name and password.
fn address(text: &str) -> io::Result<Url> {
    let wrong = |reason: &str| io::Error::new(io::ErrorKind::InvalidInput, format!("`{text}` {reason}"));
    let url: Url = text.trim_end_matches('/').parse().map_err(|error| wrong(&format!("is no URL: {error}")))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(wrong("is no URL of http or https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let reason = "the URL must hold no password: tokens have options of their own";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(url)
}
