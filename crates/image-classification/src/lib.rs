//! Typed bindings for the image classification models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
