//! Typed bindings for the image to text models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`ImageToText`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `image_to_text()` method into scope.
pub mod prelude {
    pub use crate::ImageToTextExt;
}
