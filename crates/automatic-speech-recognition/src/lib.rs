//! Typed bindings for the automatic speech recognition models of Cloudflare Workers AI.

mod realtime;

pub use realtime::*;

include!(concat!(env!("OUT_DIR"), "/models.rs"));
