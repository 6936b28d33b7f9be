//! The HTTP runtime under the Cloudflare Workers AI bindings: credentials, transport, streams and errors.
//!
//! The bindings for the models are in crates of their own, one per kind of model; this one knows how to talk to the
//! service and no model at all. What it has by itself is the untyped call:
//!
//! ```no_run
//! use serde_json::json;
//! use workers_ai_client::Client;
//!
//! # async fn example() -> Result<(), workers_ai_client::Error> {
//! let client = Client::from_env()?;
//! let reply = client.run("@cf/baai/bge-m3", json!({"text": ["sea", "sky"]})).await?;
//! println!("{}", reply["shape"]);
//! # Ok(())
//! # }
//! ```
//!
//! # From request to reply
//!
//! A [`Call`] holds a [`Client`] and a model's [`Request`]. Made, the request becomes an [`Encoded`] body, a
//! [`Transport`](transport::Transport) carries it, and the [`Answer`] becomes the model's [`Reply`], or a stream of
//! [`Chunks`], or a place in a queue ([`Queued`]). Models that talk open a [`Session`] instead. Whatever fails on the
//! way is an [`Error`].
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `http` | yes | the transport by reqwest; without it a client needs another |
//! | `rustls` | yes | TLS by rustls and ring, with the operating system's certificates |
//! | `native-tls` | | TLS by the operating system's library; takes effect when `rustls` is off |
//! | `http2` | | HTTP/2 |
//! | `limits` | yes | requests wait their turn under the published limits ([`RateLimits`]) |
//! | `realtime` | | sessions over WebSocket, for [`Call::connect`] |
//! | `tracing` | | spans of every call, by the names of OpenTelemetry's conventions |
//! | `charset` | | reqwest's feature of that name |
//!
//! With `rustls` this crate hands reqwest a configuration of its own and registers no provider of cryptography for the
//! process. Features of one build unify, though: a program that also makes a `reqwest::Client` itself, and gives reqwest
//! neither TLS nor a provider, is told by reqwest to install one, for example
//! `rustls::crypto::ring::default_provider().install_default()`.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod answer;
mod bindings;
mod bounded;
mod budget;
mod call;
mod client;
mod error;
#[cfg(feature = "limits")]
mod limits;
mod media;
mod model;
mod options;
mod queue;
mod realtime;
mod recent;
mod request;
mod response;
mod retry;
mod sending;
mod stream;
mod trace;
pub mod transport;
mod usage;
mod vectors;
pub mod wire;

pub use bytes::Bytes;

pub use self::answer::{Answer, Reply};
#[doc(hidden)]
pub use self::bindings::fields;
#[doc(hidden)]
pub use self::bounded::Checked;
pub use self::bounded::{Always, Digits, Integer, List, Number, OneOrMany, OutOfRange, Text};
pub use self::budget::{Budget, BudgetState, Overdraft, Work};
pub use self::call::Call;
pub use self::client::{AccountCall, Client, ClientBuilder, Untyped};
pub use self::error::Error;
#[cfg(feature = "limits")]
pub use self::limits::RateLimits;
pub use self::media::{Base64, ByteArray, Media};
pub use self::model::{Flags, Headline, Info, Model, Price, Queues, Streams};
pub use self::options::{Backoff, Gateway};
pub use self::queue::{Batch, BatchItem, BatchReply, BatchStatus, Progress, Queued, Ticket};
pub use self::realtime::{Connects, Frame, Received, Receiver, Sender, Sent, Session};
pub use self::request::{AsFile, Encoded, Form, Invalid, Multipart, Part, Request, Source};
pub use self::response::{CacheStatus, Response};
pub use self::retry::{RetryClass, RetryPolicy};
pub use self::sending::Sending;
pub use self::stream::{Chunk, Chunks};
pub use self::usage::Usage;
pub use self::vectors::Vectors;
