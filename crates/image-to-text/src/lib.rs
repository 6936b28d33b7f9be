//! Typed bindings for the image to text models of Cloudflare Workers AI.

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod moondream;

pub use moondream::{MoondreamChunk, MoondreamDelta, MoondreamDeltas, MoondreamStreamExt, MoondreamText};

/// What is the same for every modality: options, budgets, media, errors.
pub use workers_ai_client as client;
#[doc(no_inline)]
pub use workers_ai_client::{Client, Error, lit};

include!(concat!(env!("OUT_DIR"), "/models.rs"));
