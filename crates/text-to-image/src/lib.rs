//! Typed bindings for the text to image models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`TextToImage`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `text_to_image()` method into scope.
pub mod prelude {
    pub use crate::TextToImageExt;
}
