//! Typed bindings for the text to speech models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`TextToSpeech`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `text_to_speech()` method into scope.
pub mod prelude {
    pub use crate::TextToSpeechExt;
}
