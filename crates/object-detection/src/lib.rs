//! Typed bindings for the object detection models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`ObjectDetection`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `object_detection()` method into scope.
pub mod prelude {
    pub use crate::ObjectDetectionExt;
}
