//! A local Workers AI: the same HTTP API on your machine, offline and free.
//!
//! [`LocalServer`] answers every model of the catalogue with replies that are true to the model's schema and to what the
//! service sends: envelopes, streams, raw bytes, queued batches, errors. By default the content is made up
//! ([`Synthetic`]), the same for the same request; an [`Answerer`] of your own can take its place. A [`Plan`] has other
//! [sources](Source) answer: a server with OpenAI's API, Cloudflare itself, or recordings.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = workers_ai_local::LocalServer::builder().start().await?;
//! println!("CLOUDFLARE_API_BASE_URL={}", server.base_url());
//! # Ok(())
//! # }
//! ```

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod server;

mod answering;
mod exchange;
#[cfg(feature = "network")]
mod network;
mod tape;

mod batch;
mod codes;
mod feed;
mod realtime;
mod sandbox;
mod stream;

mod beside;
mod dialect;
mod input;
mod refusal;
mod validate;

mod answer;
mod documents;
#[cfg(feature = "inference")]
mod real;
mod results;
mod synthetic;

mod catalog;
mod neurons;

mod dice;
mod sample;

pub use answer::{Answer, Answerer, Delta, Fidelity, Finish, Question, Reply, Telling, ToolCall, Turn, Usage, tokens};
pub use answering::{Plan, Source};
pub use catalog::{Catalog, Model};
pub use dialect::Style;
pub use feed::feed;
pub use input::Input;
#[cfg(feature = "network")]
pub use network::{Cloudflare, Upstream};
pub use neurons::neurons;
#[cfg(feature = "inference")]
pub use real::Real;
pub use refusal::Refusal;
pub use sample::{sample, sample_full};
pub use sandbox::{DEFAULT as DEFAULT_SANDBOX, FREE_NEURONS, Fault, Limits, Recorded, Sandbox};
#[cfg(feature = "in-process")]
#[doc(hidden)]
pub use server::Doorway;
pub use server::{Builder, LocalServer, Retired};
pub use synthetic::Synthetic;
