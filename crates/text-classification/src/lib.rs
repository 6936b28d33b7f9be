//! Typed bindings for the text classification models of Cloudflare Workers AI.
