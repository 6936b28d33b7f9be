//! Encoders: texts to vectors, scores and labels.

mod embedding;
mod rerank;
mod sentiment;
mod tokens;

pub(crate) use self::embedding::Embedder;
pub use self::embedding::{EmbedRequest, Embeddings, Pooling};
pub(crate) use self::rerank::Reranker;
pub use self::rerank::{RerankRequest, Reranking, Score};
pub(crate) use self::sentiment::Classifier;
pub use self::sentiment::{Classification, Label};
