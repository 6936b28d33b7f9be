//! Typed bindings for the voice activity detection models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
