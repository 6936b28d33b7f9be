//! The public feed: the catalogue with all schemas, for which no account is needed.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};

use crate::answer::{Answer, Fetched};
use crate::error::Error;
use crate::{reply, transport};

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

/// Fetches a feed as bytes, at most `limit` of them, unless it still has the given entity tag. Plain `http` is for feeds on
/// this machine.
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
/// The address is not one to trust; the server is out of reach, refuses, sends more than `limit` bytes, or has not sent all after five minutes.
pub async fn fetch_feed(url: &str, etag: Option<&str>, limit: usize) -> Result<Fetched<Bytes>, Error> {
    let mut request = transport::anonymous()?.get(transport::public(url)?).header(ACCEPT, "application/json");
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let response = request.send().await?;
    match response.status() {
        StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Fetched::Unchanged),
        status if status.is_success() => {}
        _ => return Err(Error::refused(response).await),
    }
    let headers = response.headers().clone();
    let body = reply::bounded(response, limit).bytes().await?;
    // A connection without a length ends in good order wherever it is cut.
    if body.trim_ascii_start().starts_with(b"{") && !body.trim_ascii_end().ends_with(b"}") {
        return Err(Error::cut());
    }
    Ok(Fetched::Changed(Answer::new(body, &headers)))
}
