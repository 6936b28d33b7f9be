//! Typed bindings for the text to image models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
