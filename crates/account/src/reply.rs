//! Replies within bounds: as long as is allowed, and in the encoding that was asked for, which is none.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::header::CONTENT_ENCODING;
use reqwest::{Body, Response};

use crate::generated::Client;

/// The longest answer of the account API. The whole catalogue has a tenth of it.
const LONGEST: usize = 16 << 20;

/// What keeps a body from being read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It has more bytes than this.
    TooLong(usize),
    /// It is encoded.
    Encoded(String),
}

impl fmt::Display for Unread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(formatter, "more than {limit} bytes"),
            Self::Encoded(encoding) => write!(formatter, "encoded as {encoding:?}"),
        }
    }
}

impl std::error::Error for Unread {}

/// The generated calls read whatever comes to its end: the end comes sooner.
impl ClientHooks<()> for Client {
    async fn exec(&self, request: reqwest::Request, _: &OperationInfo) -> reqwest::Result<Response> {
        Ok(bounded(self.client().execute(request).await?, LONGEST))
    }
}

/// The same reply with a body that fails where it is too long, or at once where it is encoded or announces too much.
pub(crate) fn bounded(reply: Response, limit: usize) -> Response {
    let mut bounded = http::Response::new(());
    *bounded.status_mut() = reply.status();
    *bounded.headers_mut() = reply.headers().clone();
    let encoding = reply.headers().get(CONTENT_ENCODING).map(|encoding| String::from_utf8_lossy(encoding.as_bytes()));
    let refused = match encoding {
        Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => Some(Unread::Encoded(encoding.into_owned())),
        _ if reply.content_length().is_some_and(|length| length > limit as u64) => Some(Unread::TooLong(limit)),
        _ => None,
    };
    let body = match refused {
        Some(refused) => Body::wrap_stream(futures_util::stream::iter([Err::<Bytes, _>(refused)])),
        None => Body::wrap_stream(up_to(limit, reply.bytes_stream())),
    };
    bounded.map(|()| body).into()
}

fn up_to(
    limit: usize,
    body: impl Stream<Item = reqwest::Result<Bytes>>,
) -> impl Stream<Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    let mut length = 0_usize;
    body.map(move |piece| {
        let piece = piece?;
        length = length.saturating_add(piece.len());
        if length > limit { Err(Unread::TooLong(limit).into()) } else { Ok(piece) }
    })
}
