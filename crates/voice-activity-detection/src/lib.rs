//! Typed bindings for the voice activity detection models of Cloudflare Workers AI.
