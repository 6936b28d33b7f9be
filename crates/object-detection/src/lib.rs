//! Typed bindings for the object detection models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
