//! A reply together with what came around it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::{
    Usage,
    answer::{Unwrapped, unwrap},
};

/// A model's reply with the status, the headers and the raw body it came with.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
/// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
/// let response = call.send().await?;
/// assert_eq!(response.value["response"], "Blue.");
/// println!("request {:?}, {:?} neurons", response.request_id(), response.neurons());
/// println!("{} after {} attempts", response.status, response.attempts);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The reply.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    /// How many attempts the call took.
    pub attempts: u32,
}

/// Whether the AI Gateway's cache had the answer.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
/// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
/// use workers_ai_client::{CacheStatus, Gateway};
///
/// let response = call.gateway(Gateway::new("production")).send().await?;
/// if response.cache_status() == Some(CacheStatus::Hit) {
///     println!("answered without the model");
/// }
/// # assert_eq!(response.cache_status(), Some(CacheStatus::Hit));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheStatus {
    /// It had; the model was not asked.
    Hit,
    /// It had not.
    Miss,
    /// Some other word.
    Other,
}

impl<T> Response<T> {
    /// The id under which Cloudflare's support can find the request.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let response = call.send().await?;
    /// assert_eq!(response.request_id(), Some("cba15bde-5351-404a-bc9e-32094e768932"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        header(&self.headers, "cf-ai-req-id")
    }

    /// The neurons this call was billed: by the header, else by the usage in the body.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let response = call.send().await?;
    /// // A thousand neurons are 0.011 US dollars.
    /// let usd = response.neurons().unwrap_or_default() / 1000.0 * 0.011;
    /// assert_eq!(format!("{usd:.6}"), "0.000014");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn neurons(&self) -> Option<f64> {
        neurons(&self.headers).or_else(|| usage(&self.body)?.neurons)
    }

    /// What the call used, as far as the body says.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue.", "usage": {"prompt_tokens": 9, "completion_tokens": 3}}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let usage = call.send().await?.usage().expect("this model counts");
    /// assert_eq!((usage.prompt_tokens, usage.completion_tokens), (Some(9), Some(3)));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        usage(&self.body)
    }

    /// The id of the call in the AI Gateway's log, if it went through one.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// # use workers_ai_client::Gateway;
    /// let response = call.gateway(Gateway::new("production")).send().await?;
    /// assert_eq!(response.gateway_log_id(), Some("01JADMCQQQBWH3NXZ5GCRN98DP"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn gateway_log_id(&self) -> Option<&str> {
        header(&self.headers, "cf-aig-log-id")
    }

    /// Whether the AI Gateway's cache had the answer, if the call went through one.
    #[must_use]
    pub fn cache_status(&self) -> Option<CacheStatus> {
        let status = header(&self.headers, "cf-aig-cache-status")?;
        Some(match status.to_ascii_uppercase().as_str() {
            "HIT" => CacheStatus::Hit,
            "MISS" => CacheStatus::Miss,
            _ => CacheStatus::Other,
        })
    }

    /// The reply alone.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// // The same as awaiting the call itself.
    /// let reply: serde_json::Value = call.send().await?.into_value();
    /// assert_eq!(reply["response"], "Blue.");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(crate) fn neurons(headers: &HeaderMap) -> Option<f64> {
    header(headers, "cf-ai-neurons")?.trim().parse().ok().filter(|neurons: &f64| neurons.is_finite())
}

/// The usage in a body, enveloped or bare.
pub(crate) fn usage(body: &[u8]) -> Option<Usage> {
    struct Using {
        usage: Option<Usage>,
    }

    crate::members! {
        Using []
        @ [] usage wanted Usage;
    }

    // Where there is no such word, nothing needs to be read; the bodies of pictures are long.
    memchr::memmem::find(body, b"\"usage\"")?;
    match unwrap(body) {
        Unwrapped::Result(result) => serde_json::from_slice::<Using>(result).ok()?.usage,
        Unwrapped::Failure => None,
    }
}
