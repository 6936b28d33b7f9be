//! Typed bindings for the automatic speech recognition models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
