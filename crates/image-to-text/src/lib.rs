//! Typed bindings for the image to text models of Cloudflare Workers AI.

include!(concat!(env!("OUT_DIR"), "/models.rs"));
