//! Typed bindings for the text embeddings models of Cloudflare Workers AI.
