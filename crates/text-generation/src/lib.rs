//! Typed bindings for the text generation models of Cloudflare Workers AI.
