//! Typed bindings for the text embeddings models of Cloudflare Workers AI.
//!
//! Each model has a module with its request, its reply and its facts, and a method on [`TextEmbeddings`].

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What brings the `text_embeddings()` method into scope.
pub mod prelude {
    pub use crate::TextEmbeddingsExt;
}
