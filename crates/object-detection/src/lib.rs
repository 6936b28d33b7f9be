//! Typed bindings for the object detection models of Cloudflare Workers AI.
