//! Typed bindings for the translation models of Cloudflare Workers AI.
