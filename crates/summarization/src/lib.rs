//! Typed bindings for the summarization models of Cloudflare Workers AI.
