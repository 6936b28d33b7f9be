//! Typed bindings for the image to text models of Cloudflare Workers AI.

mod moondream;

pub use moondream::{MoondreamChunk, MoondreamDelta, MoondreamDeltas, MoondreamStreamExt, MoondreamText};

include!(concat!(env!("OUT_DIR"), "/models.rs"));
