//! Answers that arrive piece by piece: server-sent events on the wire, typed chunks to the caller.

mod chunks;
mod events;

pub use self::chunks::{Chunk, Chunks};
