//! Speech to text with Whisper.

mod ctranslate;
mod decode;
mod mel;
mod network;
mod segments;
mod special;
mod transcribe;
mod words;

pub(crate) use self::transcribe::Listener;
pub use self::transcribe::{Segment, TranscribeRequest, Transcript, Word};
