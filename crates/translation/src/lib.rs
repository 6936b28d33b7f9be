//! Typed bindings for the translation models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`Translation`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `translation()` method into scope.
pub mod prelude {
    pub use crate::TranslationExt;
}
