//! Setting up a client: credentials, address, transport.

use std::{env, fmt, sync::Arc, time::Duration};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{Client, Inner, address};
use crate::{
    Error,
    transport::{Clock, Transport},
};

const BASE_URL: &str = "https://api.cloudflare.com/client/v4";

/// The service itself gives up on an answer in one piece after about two minutes; a little more lets its own error arrive.
const TIMEOUT: Duration = Duration::from_secs(180);

const ACCOUNT_ID: &[&str] = &["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID"];
const API_TOKEN: &[&str] = &["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"];
const API_BASE_URL: &[&str] = &["CLOUDFLARE_API_BASE_URL", "CF_API_BASE_URL", "CLOUDFLARE_BASE_URL"];

/// Sets up a [`Client`].
#[must_use]
pub struct ClientBuilder {
    account_id: String,
    token: SecretString,
    base_url: String,
    timeout: Option<Duration>,
    transport: Option<Box<dyn Transport>>,
    clock: Option<Box<dyn Clock>>,
}

impl ClientBuilder {
    pub(super) fn new(account_id: String, token: String) -> Self {
        Self {
            account_id,
            token: token.into(),
            base_url: BASE_URL.to_owned(),
            timeout: Some(TIMEOUT),
            transport: None,
            clock: None,
        }
    }

    /// A builder from the environment, with the variables of [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// Names every variable that is missing and where its value is found.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| env::var(name).ok())
    }

    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let first = |names: &[&str]| {
            names
                .iter()
                .filter_map(|name| get(name))
                .map(|value| value.trim().to_owned())
                .find(|value| !value.is_empty())
        };
        let mut missing = Vec::new();
        let account_id = first(ACCOUNT_ID).unwrap_or_else(|| {
            missing.push("CLOUDFLARE_ACCOUNT_ID (on the dashboard's Workers AI page, and in its address)");
            String::new()
        });
        let token = first(API_TOKEN).unwrap_or_else(|| {
            missing.push("CLOUDFLARE_API_TOKEN (made at https://dash.cloudflare.com/profile/api-tokens with the Workers AI permission)");
            String::new()
        });
        if !missing.is_empty() {
            return Err(Error::configuration(format!("the environment lacks {}", missing.join(" and "))));
        }
        let mut builder = Self::new(account_id, token);
        if let Some(base_url) = first(API_BASE_URL) {
            builder.base_url = base_url;
        }
        Ok(builder)
    }

    /// Sends requests somewhere else: to a local server, a proxy, a test. Everything up to `/accounts`.
    ///
    /// Must be `https`, except to this machine.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long a call may take unless it says otherwise; three minutes at first. For a stream this is how long it may
    /// stay silent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets calls take as long as they take.
    pub fn no_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }

    /// Moves requests by other means than the built-in HTTP.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Takes the time from somewhere else than the transport: for a transport without a clock, and for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// When the account id, the token or the base URL cannot be used, or HTTP cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let account_id = self.account_id.trim();
        if account_id.is_empty()
            || !account_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(Error::configuration("the account id must be letters and digits"));
        }
        let token = self.token.expose_secret().trim();
        if token.is_empty() || HeaderValue::try_from(token).is_err() {
            return Err(unusable_token());
        }
        let base = address::base(&self.base_url)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&base)?,
        };
        Ok(Client(Arc::new(Inner {
            account_id: account_id.to_owned(),
            token: token.to_owned().into(),
            base,
            timeout: self.timeout,
            transport,
            clock: self.clock,
        })))
    }
}

pub(super) fn unusable_token() -> Error {
    Error::configuration("the API token is empty or has characters no token has")
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn builder(variables: &[(&str, &str)]) -> Result<ClientBuilder, Error> {
        ClientBuilder::from_variables(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn every_missing_variable_is_named() {
        let error = builder(&[]).unwrap_err().to_string();
        assert!(
            error.contains("CLOUDFLARE_ACCOUNT_ID")
                && error.contains("CLOUDFLARE_API_TOKEN")
                && error.contains("https://"),
            "{error}"
        );
        let error = builder(&[("CLOUDFLARE_ACCOUNT_ID", "a"), ("CLOUDFLARE_API_TOKEN", " ")]).unwrap_err().to_string();
        assert!(!error.contains("CLOUDFLARE_ACCOUNT_ID") && error.contains("CLOUDFLARE_API_TOKEN"), "{error}");
    }

    #[test]
    fn short_names_serve_where_the_long_ones_are_missing() {
        let found = builder(&[
            ("CF_ACCOUNT_ID", "short"),
            ("CF_API_TOKEN", "t\n"),
            ("CLOUDFLARE_BASE_URL", "http://localhost:1"),
        ])
        .unwrap();
        assert_eq!(
            (found.account_id.as_str(), found.base_url.as_str(), found.token.expose_secret()),
            ("short", "http://localhost:1", "t")
        );
        let found =
            builder(&[("CF_ACCOUNT_ID", "short"), ("CLOUDFLARE_ACCOUNT_ID", "long"), ("CF_API_TOKEN", "t")]).unwrap();
        assert_eq!((found.account_id.as_str(), found.base_url.as_str()), ("long", BASE_URL));
    }
}
