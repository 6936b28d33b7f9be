//! Typed bindings for the voice activity detection models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`VoiceActivityDetection`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `voice_activity_detection()` method into scope.
pub mod prelude {
    pub use crate::VoiceActivityDetectionExt;
}
