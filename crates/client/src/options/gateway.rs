//! AI Gateway: what a call asks of the gateway it passes through.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::Error;

/// The most that the gateway attempts.
const MAX_ATTEMPTS: u32 = 5;

/// The longest it waits between two attempts.
const MAX_RETRY_DELAY: Duration = Duration::from_millis(5000);

/// An AI Gateway for calls to pass through, and what it should do with them: keep replies, log, retry.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::{Backoff, Client, Gateway};
///
/// let gateway = Gateway::new("production")
///     .cache_ttl(Duration::from_secs(3600))
///     .metadata("team", "search")
///     .max_attempts(3)
///     .backoff(Backoff::Exponential);
/// // For every call of a client; `Call::gateway` is for one.
/// let client = Client::builder("account", "token").gateway(gateway).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// Values outside their ranges are reported when the call is made, or the client built. With
/// [`max_attempts`](Self::max_attempts) the gateway retries by itself; the client's [`RetryPolicy`](crate::RetryPolicy)
/// then comes on top.
#[derive(Clone, Debug)]
#[must_use]
pub struct Gateway {
    headers: HeaderMap,
    metadata: Map<String, Value>,
    /// The first value that cannot be sent.
    refused: Option<String>,
}

/// How the gateway's waits grow from one attempt to the next.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::{Backoff, Gateway};
///
/// // After half a second, then one, then two.
/// let gateway = Gateway::new("production")
///     .max_attempts(4)
///     .retry_delay(Duration::from_millis(500))
///     .backoff(Backoff::Exponential);
/// # let _ = gateway;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backoff {
    /// They do not.
    Constant,
    /// By as much each time.
    Linear,
    /// Twice as long each time.
    Exponential,
}

impl Gateway {
    /// The gateway of this name. `default` is there in every account.
    ///
    /// ```
    /// use workers_ai_client::{Client, Gateway};
    ///
    /// let client = Client::builder("account", "token").gateway(Gateway::new("default")).build()?;
    /// # let _ = client;
    /// let error = Client::builder("account", "token").gateway(Gateway::new("")).build().unwrap_err();
    /// assert_eq!(error.message(), "the gateway needs an id");
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn new(id: impl AsRef<str>) -> Self {
        let gateway = Self { headers: HeaderMap::new(), metadata: Map::new(), refused: None };
        if id.as_ref().trim().is_empty() {
            return gateway.refuse("the gateway needs an id");
        }
        gateway.with("cf-aig-gateway-id", id.as_ref())
    }

    /// Answers from the gateway's cache do not count as fresh for longer than this; whole seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").cache_ttl(Duration::from_secs(24 * 60 * 60));
    /// # let _ = gateway;
    /// ```
    pub fn cache_ttl(self, ttl: Duration) -> Self {
        self.with("cf-aig-cache-ttl", &ttl.as_secs().to_string())
    }

    /// Asks the model even if the gateway's cache has the answer.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// // The user has pressed "another answer".
    /// let gateway = Gateway::new("production").skip_cache();
    /// # let _ = gateway;
    /// ```
    pub fn skip_cache(self) -> Self {
        self.with("cf-aig-skip-cache", "true")
    }

    /// The name under which the cache keeps the answer, in place of the request itself.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// // The prompt holds the time of day; the answer does not depend on it.
    /// let gateway = Gateway::new("production").cache_key("greeting-in-german");
    /// # let _ = gateway;
    /// ```
    ///
    /// Every call with the same key gets the same answer, whatever it asks.
    pub fn cache_key(self, key: impl AsRef<str>) -> Self {
        self.with("cf-aig-cache-key", key.as_ref())
    }

    /// Adds an entry to what the gateway logs with the call: a text, a number or a boolean.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").metadata("team", "search").metadata("trial", true).metadata("user", 17);
    /// # let _ = gateway;
    /// ```
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        if matches!(value, Value::Object(_) | Value::Array(_) | Value::Null) {
            return self.refuse(&format!("the gateway's metadata {name:?} must be a text, a number or a boolean"));
        }
        self.metadata.insert(name, value);
        // JSON, with what headers cannot carry escaped.
        match ascii(&self.metadata) {
            Some(json) => self.with("cf-aig-metadata", &json),
            None => self.refuse("the gateway's metadata cannot be written"),
        }
    }

    /// Whether the gateway logs the call.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").collect_log(false);
    /// # let _ = gateway;
    /// ```
    pub fn collect_log(self, collect: bool) -> Self {
        self.with("cf-aig-collect-log", flag(collect))
    }

    /// Whether the log holds request and reply, and not only what is known about them.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// // Counted, but not kept.
    /// let gateway = Gateway::new("production").collect_log(true).collect_log_payload(false);
    /// # let _ = gateway;
    /// ```
    pub fn collect_log_payload(self, collect: bool) -> Self {
        self.with("cf-aig-collect-log-payload", flag(collect))
    }

    /// An id of one's own for the event in the log.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").event_id("order-4711");
    /// # let _ = gateway;
    /// ```
    pub fn event_id(self, id: impl AsRef<str>) -> Self {
        self.with("cf-aig-event-id", id.as_ref())
    }

    /// How long the gateway waits for the model; whole milliseconds. Then it gives up with code 2014.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").request_timeout(Duration::from_secs(10));
    /// # let _ = gateway;
    /// ```
    pub fn request_timeout(self, timeout: Duration) -> Self {
        self.with("cf-aig-request-timeout", &timeout.as_millis().to_string())
    }

    /// How often the gateway asks the model, one to five times.
    ///
    /// ```
    /// use workers_ai_client::{Client, Gateway};
    ///
    /// // Where the gateway tries again, the client need not.
    /// let client = Client::builder("account", "token")
    ///     .gateway(Gateway::new("production").max_attempts(5))
    ///     .retry(workers_ai_client::RetryPolicy::none())
    ///     .build()?;
    /// # let _ = client;
    /// assert!(Client::builder("account", "token").gateway(Gateway::new("production").max_attempts(6)).build().is_err());
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn max_attempts(self, attempts: u32) -> Self {
        if !(1..=MAX_ATTEMPTS).contains(&attempts) {
            return self.refuse(&format!("the gateway attempts 1 to {MAX_ATTEMPTS} times, not {attempts}"));
        }
        self.with("cf-aig-max-attempts", &attempts.to_string())
    }

    /// How long the gateway waits between attempts, five seconds at most; whole milliseconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").max_attempts(3).retry_delay(Duration::from_secs(2));
    /// # let _ = gateway;
    /// ```
    pub fn retry_delay(self, delay: Duration) -> Self {
        if delay > MAX_RETRY_DELAY {
            let (most, asked) = (MAX_RETRY_DELAY.as_millis(), delay.as_millis());
            return self.refuse(&format!("the gateway waits 0 to {most} ms between attempts, not {asked} ms"));
        }
        self.with("cf-aig-retry-delay", &delay.as_millis().to_string())
    }

    /// How the waits grow from one attempt to the next.
    pub fn backoff(self, backoff: Backoff) -> Self {
        let name = match backoff {
            Backoff::Constant => "constant",
            Backoff::Linear => "linear",
            Backoff::Exponential => "exponential",
        };
        self.with("cf-aig-backoff", name)
    }

    /// What the gateway counts a token at, in US dollars, in place of the published price.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// // A contract of one's own: 0.20 dollars for a million tokens in, 0.80 out.
    /// let gateway = Gateway::new("production").custom_cost(0.20 / 1e6, 0.80 / 1e6);
    /// # let _ = gateway;
    /// ```
    pub fn custom_cost(self, per_input_token: f64, per_output_token: f64) -> Self {
        if ![per_input_token, per_output_token].iter().all(|usd| usd.is_finite() && *usd >= 0.0) {
            return self.refuse("what the gateway counts a token at cannot be less than nothing");
        }
        let cost = serde_json::json!({"per_token_in": per_input_token, "per_token_out": per_output_token});
        self.with("cf-aig-custom-cost", &cost.to_string())
    }

    /// Which of the gateway's stored provider keys to use.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// let gateway = Gateway::new("production").byok_alias("team-search");
    /// # let _ = gateway;
    /// ```
    pub fn byok_alias(self, alias: impl AsRef<str>) -> Self {
        self.with("cf-aig-byok-alias", alias.as_ref())
    }

    /// Whether the provider must keep nothing.
    ///
    /// ```
    /// use workers_ai_client::Gateway;
    ///
    /// // Nothing kept on either side.
    /// let gateway = Gateway::new("production").zero_data_retention(true).collect_log_payload(false);
    /// # let _ = gateway;
    /// ```
    pub fn zero_data_retention(self, zero: bool) -> Self {
        self.with("cf-aig-zdr", flag(zero))
    }

    /// The headers that say all this.
    pub(super) fn headers(&self) -> Result<&HeaderMap, Error> {
        match &self.refused {
            Some(reason) => Err(Error::invalid(reason)),
            None => Ok(&self.headers),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        match HeaderValue::try_from(value) {
            Ok(value) => {
                self.headers.insert(HeaderName::from_static(name), value);
                self
            }
            Err(_) => self.refuse(&format!("the value for {name} has characters that no header has")),
        }
    }

    fn refuse(mut self, reason: &str) -> Self {
        self.refused.get_or_insert_with(|| reason.to_owned());
        self
    }
}

fn flag(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

fn ascii(fields: &Map<String, Value>) -> Option<String> {
    let json = serde_json::to_string(fields).ok()?;
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            text.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    Some(text)
}
