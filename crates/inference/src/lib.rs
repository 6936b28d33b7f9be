//! Real model inference on the CPU, for a local Workers AI.

mod engine;

mod chat;
mod speech;
mod text;

mod store;

mod error;
mod files;
mod task;

pub use chat::{Finish, GenerateRequest, Generated, Message, Prompt};
pub use engine::{Engine, Options};
pub use error::{Error, Result};
pub use speech::{Audio, Segment, Span, TranscribeRequest, Transcript, VoiceActivity, VoiceActivityRequest, Word};
pub use store::{Answers, File, Found, Hub, KNOWN, Store, Weights};
#[cfg(feature = "pull")]
pub use store::{Progress, Pull};
pub use task::{Match, Task};
pub use text::{Classification, EmbedRequest, Embeddings, Label, Pooling, RerankRequest, Reranking, Score};
