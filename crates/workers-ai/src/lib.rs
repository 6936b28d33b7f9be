//! Typed Rust bindings for every model of Cloudflare Workers AI.
