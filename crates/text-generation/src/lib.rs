//! Typed bindings for the text generation models of Cloudflare Workers AI.

mod chat;

pub use chat::*;

include!(concat!(env!("OUT_DIR"), "/models.rs"));
