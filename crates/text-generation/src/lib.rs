//! Typed bindings for the text generation models of Cloudflare Workers AI.

#[cfg(feature = "schemars")]
pub use schemars_1 as schemars;

mod chat;

pub use chat::*;

include!(concat!(env!("OUT_DIR"), "/models.rs"));
