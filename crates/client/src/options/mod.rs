//! What a call can ask for beside its request: set on the client for every call, or on the call itself.

mod gateway;

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

pub use self::gateway::{Backoff, Gateway};
use crate::{Error, RetryPolicy};

/// The most tags a call may have.
const MAX_TAGS: usize = 5;

/// The longest tag.
const MAX_TAG: usize = 50;

/// What is set on a call or on a client. What is not set on a call comes from its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    headers: HeaderMap,
    /// Boxed: most calls have none.
    gateway: Option<Box<Gateway>>,
    tags: Vec<String>,
    pub(crate) reject_if_busy: Option<bool>,
    pub(crate) timeout: Option<Duration>,
    /// How long a reply may pause once it has begun.
    pub(crate) idle: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// The first thing that cannot be sent, reported when the call is made: setters chain better than they fail.
    refused: Option<String>,
}

impl Options {
    /// Only a limit of time.
    pub(crate) fn limited(timeout: Option<Duration>) -> Self {
        Self { timeout, ..Self::default() }
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value is not repeated: headers carry secrets.
            _ => self.refuse(format!("the header {name:?} cannot be sent")),
        }
    }

    pub(crate) fn session_affinity(&mut self, session: &str) {
        self.header("x-session-affinity", session);
    }

    pub(crate) fn gateway(&mut self, gateway: Gateway) {
        self.gateway = Some(Box::new(gateway));
    }

    pub(crate) fn tags(&mut self, tags: impl IntoIterator<Item = impl Into<String>>) {
        for tag in tags.into_iter().map(Into::into) {
            let is_fine = |character: char| character.is_ascii_alphanumeric() || ":-./@".contains(character);
            if !(1..=MAX_TAG).contains(&tag.chars().count()) || !tag.chars().all(is_fine) {
                self.refuse(format!("the tag {tag:?} must be 1 to {MAX_TAG} letters, digits and any of : - . / @"));
            }
            self.tags.push(tag);
        }
        if self.tags.len() > MAX_TAGS {
            self.refuse(format!("a call has at most {MAX_TAGS} tags, not {}", self.tags.len()));
        }
    }

    /// The first thing that cannot be sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.refused {
            Some(reason) => Err(Error::invalid(reason)),
            None => self.gateway.as_ref().map_or(Ok(()), |gateway| gateway.headers().map(|_| ())),
        }
    }

    /// These over others. A gateway replaces the other with all it says, and tags the other tags.
    pub(crate) fn over(self, defaults: &Self) -> Self {
        let mut headers = defaults.headers.clone();
        headers.extend(self.headers);
        Self {
            headers,
            gateway: self.gateway.or_else(|| defaults.gateway.clone()),
            tags: if self.tags.is_empty() { defaults.tags.clone() } else { self.tags },
            reject_if_busy: self.reject_if_busy.or(defaults.reject_if_busy),
            timeout: self.timeout.or(defaults.timeout),
            idle: self.idle.or(defaults.idle),
            retry: self.retry.or_else(|| defaults.retry.clone()),
            refused: self.refused.or_else(|| defaults.refused.clone()),
        }
    }

    /// What is left for calls of the account that are not calls of a model.
    pub(crate) fn without_models(self) -> Self {
        Self { gateway: None, tags: Vec::new(), reject_if_busy: None, ..self }
    }

    /// The headers that say all this; single headers win over the gateway's.
    pub(crate) fn to_headers(&self) -> Result<HeaderMap, Error> {
        self.check()?;
        let mut headers = match &self.gateway {
            Some(gateway) => gateway.headers()?.clone(),
            None => HeaderMap::new(),
        };
        headers.extend(self.headers.clone());
        Ok(headers)
    }

    /// The query parameter that says all this. The service documents tags for its binding only; over HTTP they
    /// are sent as other options of the binding are, as a query parameter; commas are not among a tag's characters.
    pub(crate) fn to_query(&self) -> Option<(String, String)> {
        (!self.tags.is_empty()).then(|| ("tags".to_owned(), self.tags.join(",")))
    }

    fn refuse(&mut self, reason: String) {
        self.refused.get_or_insert(reason);
    }
}
