//! Typed bindings for the automatic speech recognition models of Cloudflare Workers AI.
