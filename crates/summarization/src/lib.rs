//! Typed bindings for the summarization models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`Summarization`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `summarization()` method into scope.
pub mod prelude {
    pub use crate::SummarizationExt;
}
