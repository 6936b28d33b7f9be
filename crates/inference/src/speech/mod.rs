//! Speech: audio to samples, samples to text, and where somebody speaks.

mod audio;
mod captions;
mod silero;
mod whisper;

pub use self::audio::Audio;
pub(crate) use self::silero::Recogniser;
pub use self::silero::{Span, VoiceActivity, VoiceActivityRequest};
pub(crate) use self::whisper::Listener;
pub use self::whisper::{Segment, TranscribeRequest, Transcript, Word};
