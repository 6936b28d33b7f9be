//! What the tests share: models, a transport that answers from memory, and a server that answers from a script.

mod memory;
mod models;
mod server;

pub use self::memory::{Memory, client};
pub use self::models::{Chat, ChatChunk, ChatReply, Draw, DrawRequest, Prompt, Transcribe, TranscribeRequest};
pub use self::server::{Server, reply};

/// A token as the service makes them; no test output may hold it.
pub const TOKEN: &str = "cfut_very-secret-0123456789";

pub const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
