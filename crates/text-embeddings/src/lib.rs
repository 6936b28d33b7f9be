//! Typed bindings for the text embeddings models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
