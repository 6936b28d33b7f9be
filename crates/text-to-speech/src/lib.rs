//! Typed bindings for the text to speech models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
