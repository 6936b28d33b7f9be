//! What the tests share: models, a transport that answers from memory, and a server that answers from a script.

mod clock;
mod memory;
mod models;
mod server;

pub(crate) use self::clock::Impatient;
pub(crate) use self::memory::{Memory, client};
pub(crate) use self::models::{
    Chat, ChatChunk, ChatReply, Draw, DrawRequest, Message, Prompt, Transcribe, TranscribeOptions, TranscribeRequest,
};
pub(crate) use self::server::{Server, receive, reply};

/// A token as the service makes them; no test output may hold it.
pub(crate) const TOKEN: &str = "cfut_very-secret-0123456789";

pub(crate) const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
