//! Typed bindings for the automatic speech recognition models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`AutomaticSpeechRecognition`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `automatic_speech_recognition()` method into scope.
pub mod prelude {
    pub use crate::AutomaticSpeechRecognitionExt;
}
