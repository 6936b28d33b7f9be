//! Typed bindings for the summarization models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
