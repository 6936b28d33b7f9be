//! The events of flux: turns of a conversation, as they begin, grow and end.

use client::{Bytes, Error, Frame, Invalid, Received, Sent, wire::null_as_default};
use serde::Deserialize;
use serde_json::Value;
use workers_ai_client as client;

/// What a program sends to `@cf/deepgram/flux`.
///
/// Bytes convert into [`Audio`](Self::Audio):
///
/// ```no_run
/// use workers_ai_automatic_speech_recognition::{TurnCommand, TurnEvent, flux, prelude::*};
///
/// # async fn example(client: workers_ai_client::Client, sound: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let request = flux::Request::new(16_000_u32).eot_threshold("0.8");
/// let (mut speaker, mut listener) = client.automatic_speech_recognition().flux(request).connect().await?.split();
/// speaker.send(sound).await?;
/// speaker.send(TurnCommand::CloseStream).await?;
/// while let Some(event) = listener.try_next().await? {
///     if let TurnEvent::EndOfTurn(turn) = event {
///         println!("{}", turn.transcript);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TurnCommand {
    /// Sound: samples of 16 bits, little-endian, one channel, at the rate of the request. The vendor recommends pieces
    /// of 80 milliseconds.
    Audio(Bytes),
    /// No more sound follows: the model answers what is left and ends the session. The vendor's message; Cloudflare
    /// documents sound only.
    CloseStream,
}

impl<T: Into<Bytes>> From<T> for TurnCommand {
    fn from(sound: T) -> Self {
        Self::Audio(sound.into())
    }
}

impl Sent for TurnCommand {
    fn encode(self) -> Result<Frame, Invalid> {
        Ok(match self {
            Self::Audio(sound) => Frame::Binary(sound),
            Self::CloseStream => Frame::Text(r#"{"type":"CloseStream"}"#.to_owned()),
        })
    }
}

/// What `@cf/deepgram/flux` sends: how the turn of whoever speaks stands.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TurnEvent;
///
/// /// What a program that answers by voice does next.
/// fn next(event: &TurnEvent) -> &'static str {
///     match event {
///         TurnEvent::StartOfTurn(_) => "stop talking",
///         TurnEvent::EagerEndOfTurn(_) => "prepare an answer",
///         TurnEvent::TurnResumed(_) => "forget it",
///         TurnEvent::EndOfTurn(_) => "say it",
///         _ => "listen",
///     }
/// }
/// # use workers_ai_client::{Frame, Received};
/// # let event = TurnEvent::decode(Frame::from(r#"{"event": "EagerEndOfTurn", "transcript": "And then"}"#))?;
/// # assert_eq!(next(&event), "prepare an answer");
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TurnEvent {
    /// Somebody has begun to speak.
    StartOfTurn(Turn),
    /// The same turn, with more of it or nothing new.
    Update(Turn),
    /// The turn is probably over: time to prepare an answer. Only where the request sets `eager_eot_threshold`.
    EagerEndOfTurn(Turn),
    /// The turn was not over after all: forget the answer.
    TurnResumed(Turn),
    /// The turn is over.
    EndOfTurn(Turn),
    /// An event that these bindings do not know.
    Unknown(Value),
}

impl TurnEvent {
    /// The turn, whatever happened to it.
    ///
    /// ```
    /// use workers_ai_automatic_speech_recognition::TurnEvent;
    /// use workers_ai_client::{Frame, Received};
    ///
    /// let event = TurnEvent::decode(Frame::from(r#"{"event": "Update", "transcript": "How deep is"}"#))?;
    /// assert_eq!(event.turn().map(|turn| turn.transcript.as_str()), Some("How deep is"));
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    #[must_use]
    pub fn turn(&self) -> Option<&Turn> {
        match self {
            Self::StartOfTurn(turn)
            | Self::Update(turn)
            | Self::EagerEndOfTurn(turn)
            | Self::TurnResumed(turn)
            | Self::EndOfTurn(turn) => Some(turn),
            Self::Unknown(_) => None,
        }
    }
}

/// A turn of a conversation, as far as it was heard.
///
/// ```
/// use workers_ai_automatic_speech_recognition::Turn;
///
/// let turn: Turn = serde_json::from_str(
///     r#"{"turn_index": 2, "audio_window_start": 1.5, "audio_window_end": 3.0, "transcript": "How deep is the sea?",
///         "end_of_turn_confidence": 0.92}"#,
/// )?;
/// let seconds = turn.audio_window_end.zip(turn.audio_window_start).map(|(end, start)| end - start);
/// assert_eq!(seconds, Some(1.5));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Turn {
    /// The vendor's id of the session.
    pub request_id: Option<String>,
    /// Counts the events of the session.
    pub sequence_id: Option<u64>,
    /// Counts the turns of the session.
    pub turn_index: Option<u64>,
    /// Where the turn begins, in seconds of the session's sound.
    pub audio_window_start: Option<f64>,
    /// How far it was heard, in seconds of the session's sound.
    pub audio_window_end: Option<f64>,
    /// The words of the turn so far.
    #[serde(deserialize_with = "null_as_default")]
    pub transcript: String,
    /// The words one by one.
    #[serde(deserialize_with = "null_as_default")]
    pub words: Vec<TurnWord>,
    /// How sure the model is that the turn is over, from 0 to 1.
    pub end_of_turn_confidence: Option<f64>,
}

/// One word of a turn.
///
/// ```
/// use workers_ai_automatic_speech_recognition::Turn;
///
/// let turn: Turn = serde_json::from_str(
///     r#"{"transcript": "the sea", "words": [{"word": "the", "confidence": 0.98}, {"word": "sea", "confidence": 0.41}]}"#,
/// )?;
/// let doubtful: Vec<_> = turn.words.iter().filter(|word| word.confidence < Some(0.5)).map(|word| &word.word).collect();
/// assert_eq!(doubtful, ["sea"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TurnWord {
    /// The word.
    #[serde(deserialize_with = "null_as_default")]
    pub word: String,
    /// How sure the model is, from 0 to 1.
    pub confidence: Option<f64>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    event: Option<String>,
}

impl Received for TurnEvent {
    fn decode(frame: Frame) -> Result<Self, Error> {
        let Kind { event } = frame.parse()?;
        let of: fn(Turn) -> Self = match event.as_deref() {
            Some("StartOfTurn") => Self::StartOfTurn,
            Some("Update") => Self::Update,
            Some("EagerEndOfTurn") => Self::EagerEndOfTurn,
            Some("TurnResumed") => Self::TurnResumed,
            Some("EndOfTurn") => Self::EndOfTurn,
            _ => return frame.parse().map(Self::Unknown),
        };
        frame.parse().map(of)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[test]
    fn every_published_event_has_its_arm() {
        for event in ["Update", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"] {
            let text = format!(
                r#"{{"type":"TurnInfo","event":"{event}","turn_index":1,"transcript":"hi","words":[{{"word":"hi","confidence":0.9}}],"end_of_turn_confidence":null}}"#
            );
            let decoded = TurnEvent::decode(Frame::Text(text)).unwrap();
            assert!(format!("{decoded:?}").starts_with(event), "{decoded:?}");
            let turn = decoded.turn().unwrap();
            assert_eq!((turn.transcript.as_str(), turn.turn_index, turn.words.len()), ("hi", Some(1), 1));
        }
    }

    #[test]
    fn other_events_are_kept() {
        let connected = TurnEvent::decode(Frame::Text(r#"{"type":"Connected","request_id":"r"}"#.to_owned())).unwrap();
        assert!(matches!(&connected, TurnEvent::Unknown(value) if value["type"] == "Connected"), "{connected:?}");
    }

    #[test]
    fn a_wrong_field_is_named() {
        let text = r#"{"event":"Update","words":[{"word":1}]}"#;
        let error = TurnEvent::decode(Frame::Text(text.to_owned())).unwrap_err();
        assert!(error.is_decode() && error.to_string().contains("words[0].word"), "{error}");
    }

    #[test]
    fn sound_goes_as_it_is() {
        assert_eq!(TurnCommand::from(vec![1, 2]).encode().unwrap(), Frame::Binary(vec![1, 2].into()));
        assert_eq!(TurnCommand::CloseStream.encode().unwrap(), Frame::Text(r#"{"type":"CloseStream"}"#.to_owned()));
    }
}
