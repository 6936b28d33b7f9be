//! Typed bindings for the image classification models of Cloudflare Workers AI.
