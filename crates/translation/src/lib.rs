//! Typed bindings for the translation models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
