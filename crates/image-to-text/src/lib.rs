//! Typed bindings for the image to text models of Cloudflare Workers AI.
