//! Exchanges on disk: recorded as they happen, replayed as they were.

mod asked;
mod differences;
mod recorder;
mod replayed;
mod scrub;
mod shelf;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(crate) use self::asked::Asked;
pub(crate) use self::recorder::Recorder;
pub(crate) use self::replayed::Replayed;
pub(crate) use self::scrub::Scrub;
pub(crate) use self::shelf::Shelf;

/// One exchange, as it stands in its file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Recording {
    pub(crate) request: Asked,
    /// Who answered.
    pub(crate) source: String,
    pub(crate) response: Answered,
}

/// A response, in the pieces in which it came.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    /// The headers that are worth keeping, by lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) chunks: Vec<Chunk>,
}

/// One piece of a body.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Chunk {
    /// Milliseconds since the request.
    pub(crate) ms: u64,
    #[serde(flatten)]
    pub(crate) content: Content,
}

/// Bytes: as text, where they are text.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    Text(String),
    Base64(String),
}

impl Content {
    fn new(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(BASE64_STANDARD.encode(bytes)),
        }
    }

    /// The bytes; what is no base64 was changed by somebody.
    pub(crate) fn bytes(&self) -> Result<Bytes, String> {
        match self {
            Self::Text(text) => Ok(Bytes::from(text.clone())),
            Self::Base64(encoded) => {
                BASE64_STANDARD.decode(encoded).map(Bytes::from).map_err(|error| format!("base64: {error}"))
            }
        }
    }
}
