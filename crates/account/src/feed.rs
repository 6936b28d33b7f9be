//! The public feed: the catalogue with all schemas, for which no account is needed.

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};

use crate::answer::{Answer, Fetched};
use crate::error::Error;
use crate::transport;

/// Where the public feed lies.
pub const PUBLIC_FEED: &str = "https://ai-cloudflare-com.pages.dev/api/models";

/// Fetches a feed as bytes, at most `limit` of them, unless it still has the given entity tag.
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
