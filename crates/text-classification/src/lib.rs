//! Typed bindings for the text classification models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
