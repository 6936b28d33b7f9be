//! What is said in a session with the aura models: text goes in, sound comes out.

use client::{Bytes, Error, Frame, Invalid, Received, Sent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use workers_ai_client as client;

/// What a program sends to a speaking model.
///
/// Text converts into [`Speak`](Self::Speak):
///
/// ```no_run
/// use workers_ai_text_to_speech::{SpeechCommand, SpeechEvent, aura_1, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// // What the request says is spoken first; an empty text is nothing to speak.
/// let request = aura_1::Request::new("Good morning.").speaker(aura_1::Speaker::Luna);
/// let mut session = client.text_to_speech().aura_1(request).connect().await?;
/// session.send("How did you sleep?").await?;
/// session.send(SpeechCommand::Flush).await?;
/// while let Some(event) = session.try_next().await? {
///     match event {
///         SpeechEvent::Audio(sound) => println!("{} bytes", sound.len()),
///         SpeechEvent::Flushed { .. } => break,
///         _ => {}
///     }
/// }
/// session.close().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum SpeechCommand {
    /// Adds text to what is to be spoken. The model may wait for more before it speaks.
    Speak {
        /// The text.
        text: String,
    },
    /// Speaks all that is waiting; [`SpeechEvent::Flushed`] follows the sound. The vendor allows twenty a minute.
    Flush,
    /// Forgets what has not been spoken, for when a listener interrupts; [`SpeechEvent::Cleared`] follows.
    Clear,
    /// Speaks all that is waiting, then ends the session.
    Close,
}

impl From<&str> for SpeechCommand {
    fn from(text: &str) -> Self {
        Self::Speak { text: text.to_owned() }
    }
}

impl From<String> for SpeechCommand {
    fn from(text: String) -> Self {
        Self::Speak { text }
    }
}

impl Sent for SpeechCommand {
    fn encode(self) -> Result<Frame, Invalid> {
        Frame::json(&self)
    }

    fn opening(content: Frame) -> Option<Self> {
        match content {
            Frame::Text(text) if !text.is_empty() => Some(Self::Speak { text }),
            _ => None,
        }
    }
}

/// What a speaking model sends.
///
/// ```
/// use workers_ai_client::{Frame, Received};
/// use workers_ai_text_to_speech::SpeechEvent;
///
/// let flushed = SpeechEvent::decode(Frame::from(r#"{"type": "Flushed", "sequence_id": 0}"#))?;
/// assert_eq!(flushed, SpeechEvent::Flushed { sequence_id: Some(0) });
/// assert!(matches!(SpeechEvent::decode(Frame::from(vec![0; 960]))?, SpeechEvent::Audio(sound) if sound.len() == 960));
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SpeechEvent {
    /// A piece of the sound, in the encoding that was asked for. Pieces follow each other without a gap.
    Audio(Bytes),
    /// Who is speaking; comes once, at the start.
    Metadata(SpeechMetadata),
    /// All that was waiting has been spoken.
    Flushed {
        /// Which flush this answers, counted from 0.
        sequence_id: Option<u64>,
    },
    /// All that was waiting is forgotten.
    Cleared {
        /// Which clearing this answers, counted from 0.
        sequence_id: Option<u64>,
    },
    /// Something was not done as asked; the session goes on.
    Warning(SpeechWarning),
    /// An event that these bindings do not know.
    Unknown(Value),
}

/// Who is speaking.
///
/// ```
/// use workers_ai_client::{Frame, Received};
/// use workers_ai_text_to_speech::SpeechEvent;
///
/// let event = SpeechEvent::decode(Frame::from(r#"{"type": "Metadata", "model_name": "aura-luna-en"}"#))?;
/// let SpeechEvent::Metadata(voice) = event else { unreachable!("{event:?}") };
/// assert_eq!(voice.model_name.as_deref(), Some("aura-luna-en"));
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SpeechMetadata {
    /// The vendor's id of the session.
    pub request_id: Option<String>,
    /// The vendor's name of the voice.
    pub model_name: Option<String>,
    /// Its version.
    pub model_version: Option<String>,
}

/// Something was not done as asked.
///
/// ```
/// use workers_ai_client::{Frame, Received};
/// use workers_ai_text_to_speech::SpeechEvent;
///
/// let event = SpeechEvent::decode(Frame::from(r#"{"type": "Warning", "warn_code": "W1", "warn_msg": "too much text"}"#))?;
/// let SpeechEvent::Warning(warning) = event else { unreachable!("{event:?}") };
/// assert_eq!(warning.description.as_deref(), Some("too much text"));
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SpeechWarning {
    /// The vendor's code.
    #[serde(alias = "warn_code")]
    pub code: Option<String>,
    /// The vendor's words.
    #[serde(alias = "warn_msg")]
    pub description: Option<String>,
}

#[derive(Deserialize)]
struct Numbered {
    #[serde(default)]
    sequence_id: Option<u64>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

impl Received for SpeechEvent {
    fn decode(frame: Frame) -> Result<Self, Error> {
        if let Frame::Binary(sound) = frame {
            return Ok(Self::Audio(sound));
        }
        let Kind { kind } = frame.parse()?;
        Ok(match kind.as_deref() {
            Some("Metadata") => Self::Metadata(frame.parse()?),
            Some("Flushed") => Self::Flushed { sequence_id: frame.parse::<Numbered>()?.sequence_id },
            Some("Cleared") => Self::Cleared { sequence_id: frame.parse::<Numbered>()?.sequence_id },
            Some("Warning") => Self::Warning(frame.parse()?),
            _ => Self::Unknown(frame.parse()?),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[track_caller]
    fn check_sent(command: impl Into<SpeechCommand>, expected: &str) {
        assert_eq!(command.into().encode().unwrap(), Frame::Text(expected.to_owned()));
    }

    #[track_caller]
    fn check_received(text: &str, expected: &SpeechEvent) {
        assert_eq!(SpeechEvent::decode(Frame::Text(text.to_owned())).unwrap(), *expected);
    }

    #[test]
    fn commands_are_written_as_the_vendor_reads_them() {
        check_sent("Good \"morning\"", r#"{"type":"Speak","text":"Good \"morning\""}"#);
        check_sent(SpeechCommand::Flush, r#"{"type":"Flush"}"#);
        check_sent(SpeechCommand::Clear, r#"{"type":"Clear"}"#);
        check_sent(SpeechCommand::Close, r#"{"type":"Close"}"#);
    }

    #[test]
    fn events_are_read_whatever_they_leave_out() {
        check_received(r#"{"type":"Flushed","sequence_id":2}"#, &SpeechEvent::Flushed { sequence_id: Some(2) });
        check_received(r#"{"type":"Cleared"}"#, &SpeechEvent::Cleared { sequence_id: None });
        let warning =
            SpeechWarning { code: Some("DATA-0001".to_owned()), description: Some("too many flushes".to_owned()) };
        let expected = SpeechEvent::Warning(warning);
        check_received(r#"{"type":"Warning","code":"DATA-0001","description":"too many flushes"}"#, &expected);
        check_received(r#"{"type":"Warning","warn_code":"DATA-0001","warn_msg":"too many flushes"}"#, &expected);
        check_received(
            r#"{"type":"Metadata","request_id":"r","model_uuid":"u","model_name":null}"#,
            &SpeechEvent::Metadata(SpeechMetadata { request_id: Some("r".to_owned()), ..SpeechMetadata::default() }),
        );
        check_received(r#"{"type":"New"}"#, &SpeechEvent::Unknown(serde_json::json!({"type": "New"})));
    }

    #[test]
    fn sound_is_bytes_and_nonsense_is_an_error_that_keeps_it() {
        let sound = Bytes::from_static(b"\xff\xf3");
        assert_eq!(SpeechEvent::decode(Frame::Binary(sound.clone())).unwrap(), SpeechEvent::Audio(sound));
        let error = SpeechEvent::decode(Frame::Text("{".to_owned())).unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.body(), Some(b"{".as_slice()));
    }

    #[test]
    fn an_empty_text_opens_with_nothing() {
        assert_eq!(SpeechCommand::opening(Frame::Text(String::new())), None);
        assert_eq!(SpeechCommand::opening(Frame::Text("a".to_owned())), Some("a".into()));
    }
}
