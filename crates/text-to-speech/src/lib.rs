//! Typed bindings for the text to speech models of Cloudflare Workers AI.

mod realtime;

pub use realtime::{SpeechCommand, SpeechEvent, SpeechMetadata, SpeechWarning};

include!(concat!(env!("OUT_DIR"), "/models.rs"));
