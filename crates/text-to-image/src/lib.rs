//! Typed bindings for the text to image models of Cloudflare Workers AI.
