//! What is said in sessions with listening models: sound goes in, words come out.

mod transcription;
mod turn;

pub use self::transcription::{
    Transcription, TranscriptionAlternative, TranscriptionChannel, TranscriptionCommand, TranscriptionEvent,
    TranscriptionMetadata, TranscriptionWord,
};
pub use self::turn::{Turn, TurnCommand, TurnEvent, TurnWord};
