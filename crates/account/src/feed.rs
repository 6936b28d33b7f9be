//! The public feed: the catalogue with all schemas, for which no account is needed.

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};

use crate::answer::{Answer, Fetched};
use crate::error::Error;
use crate::transport;

/// Where the public feed lies.
///
/// ```no_run
/// # async fn example() -> Result<(), workers_ai_account::Error> {
/// use workers_ai_account::{Fetched, PUBLIC_FEED, fetch_feed};
///
/// if let Fetched::Changed(feed) = fetch_feed(PUBLIC_FEED, None, 64 << 20).await? {
///     println!("{} bytes as of {}", feed.value.len(), feed.date.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
pub const PUBLIC_FEED: &str = "https://ai-cloudflare-com.pages.dev/api/models";

/// Fetches a feed as bytes, at most `limit` of them, unless it still has the given entity tag.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use workers_ai_account::{Fetched, fetch_feed};
///
/// let server = workers_ai_local::LocalServer::builder().start().await?;
/// let url = format!("http://{}/api/models", server.address());
/// let Fetched::Changed(feed) = fetch_feed(&url, None, 64 << 20).await? else { unreachable!("nothing was known") };
/// let feed: serde_json::Value = serde_json::from_slice(&feed.value)?;
/// assert!(feed["models"].is_array());
///
/// let error = fetch_feed(&url, None, 1000).await.unwrap_err();
/// assert!(!error.is_transient(), "more than 1000 bytes, this time and the next");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The server is out of reach, refuses, or sends more than `limit` bytes.
pub async fn fetch_feed(url: &str, etag: Option<&str>, limit: usize) -> Result<Fetched<Bytes>, Error> {
    let mut request = transport::anonymous()?.get(url).header(ACCEPT, "application/json");
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let mut response = request.send().await?;
    match response.status() {
        StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Fetched::Unchanged),
        status if status.is_success() => {}
        _ => return Err(Error::refused(response).await),
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(Error::too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched::Changed(Answer::new(body.freeze(), response.headers())))
}
