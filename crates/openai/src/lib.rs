//! The OpenAI-compatible side of Cloudflare Workers AI: chat completions, embeddings and responses.
//!
//! The service answers three of OpenAI's paths for its own models. Programs that are written for them need little more
//! than another address; this crate has the requests and replies as types that turn into the native ones and back.
//!
//! ```no_run
//! use workers_ai_client::Client;
//! use workers_ai_openai::{ChatCompletionRequest, OpenAiExt};
//! use workers_ai_text_generation::Message;
//!
//! # async fn example() -> Result<(), workers_ai_client::Error> {
//! let client = Client::from_env()?;
//! let request = ChatCompletionRequest::new("@cf/zai-org/glm-4.7-flash", [Message::user("Why is the sky blue?")]);
//! let reply = client.openai().chat_completions(&request).await?;
//! println!("{}", reply.text());
//! # Ok(())
//! # }
//! ```
//!
//! # Another library
//!
//! Three lines point [async-openai](https://docs.rs/async-openai) at the service:
//!
//! ```text
//! let base = format!("https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1");
//! let config = async_openai::config::OpenAIConfig::new().with_api_base(base).with_api_key(api_token);
//! let client = async_openai::Client::with_config(config);
//! ```
//!
//! With the address of a [`Client`](workers_ai_client::Client) of this project: `format!("{}/accounts/{}/ai/v1",
//! client.base_url(), client.account_id())`. What to know, as of async-openai 0.43:
//!
//! - Models are named by their id (`@cf/…`), and there is no list of them.
//! - Chat completions and responses work, streamed or not. Errors of chat and embeddings come in the service's own
//!   envelope, which the library cannot read: it reports them as undecodable, with the text.
//! - Embeddings come without `usage`, which the library's own type requires: take its feature `byot` and a type such as
//!   [`Embeddings`]. They come as numbers whatever `encoding_format` asks for.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod chat;
mod embeddings;
mod native;
mod openai;
mod responses;

pub use chat::{ChatCompletionRequest, chat_completion};
pub use embeddings::{Embedding, Embeddings, EmbeddingsRequest};
pub use openai::{OpenAi, OpenAiExt};
pub use responses::{ResponsesInput, ResponsesRequest};
