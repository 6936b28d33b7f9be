//! Typed bindings for the text to speech models of Cloudflare Workers AI.
