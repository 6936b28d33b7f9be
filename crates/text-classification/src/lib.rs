//! Typed bindings for the text classification models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`TextClassification`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `text_classification()` method into scope.
pub mod prelude {
    pub use crate::TextClassificationExt;
}
