//! The events of nova-3: transcripts that grow until they are final.

use client::{Bytes, Error, Frame, Invalid, Received, Sent, wire::null_as_default};
use serde::Deserialize;
use serde_json::Value;
use workers_ai_client as client;

/// What a program sends to `@cf/deepgram/nova-3`.
///
/// Bytes convert into [`Audio`](Self::Audio). The request's recording is sent first, and may be empty; its other fields
/// are the session's parameters. Samples without a container need their rate, which the published schema lacks:
///
/// ```no_run
/// use workers_ai_automatic_speech_recognition::{TranscriptionCommand, TranscriptionEvent, nova_3, prelude::*};
/// use workers_ai_client::Bytes;
///
/// # async fn example(client: workers_ai_client::Client, sound: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// let request = nova_3::Request::new(Bytes::new()).encoding(nova_3::Encoding::Linear16).interim_results(true);
/// let call = client.automatic_speech_recognition().nova_3(request).set("sample_rate", 16_000);
/// let mut session = call.connect().await?;
/// session.send(sound).await?;
/// session.send(TranscriptionCommand::CloseStream).await?;
/// while let Some(event) = session.try_next().await? {
///     if let TranscriptionEvent::Results(heard) = event
///         && heard.is_final
///     {
///         println!("{}", heard.transcript());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TranscriptionCommand {
    /// Sound, in the encoding of the request.
    Audio(Bytes),
    /// Keeps the session while there is no sound. The vendor ends one that has heard nothing for ten seconds.
    KeepAlive,
    /// Asks for a final transcript of what was heard so far.
    Finalize,
    /// No more sound follows: the model answers what is left and ends the session.
    CloseStream,
}

impl<T: Into<Bytes>> From<T> for TranscriptionCommand {
    fn from(sound: T) -> Self {
        Self::Audio(sound.into())
    }
}

impl Sent for TranscriptionCommand {
    fn encode(self) -> Result<Frame, Invalid> {
        let name = match self {
            Self::Audio(sound) => return Ok(Frame::Binary(sound)),
            Self::KeepAlive => "KeepAlive",
            Self::Finalize => "Finalize",
            Self::CloseStream => "CloseStream",
        };
        Ok(Frame::Text(format!(r#"{{"type":"{name}"}}"#)))
    }

    fn opening(content: Frame) -> Option<Self> {
        match content {
            Frame::Binary(sound) if !sound.is_empty() => Some(Self::Audio(sound)),
            _ => None,
        }
    }
}

/// What `@cf/deepgram/nova-3` sends.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TranscriptionEvent;
/// use workers_ai_client::{Frame, Received};
///
/// let event = TranscriptionEvent::decode(Frame::from(r#"{"type": "UtteranceEnd", "last_word_end": 2.4}"#))?;
/// match event {
///     TranscriptionEvent::Results(heard) if heard.is_final => println!("{}", heard.transcript()),
///     TranscriptionEvent::UtteranceEnd { last_word_end } => assert_eq!(last_word_end, Some(2.4)),
///     _ => {}
/// }
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TranscriptionEvent {
    /// A transcript of a stretch of sound; the next one covers the same stretch again unless this is final.
    Results(Transcription),
    /// Somebody has begun to speak. Only with the request's `vad_events`.
    SpeechStarted {
        /// When, in seconds of the session's sound.
        timestamp: Option<f64>,
    },
    /// Nobody has spoken for a while. Only with the request's `utterance_end_ms`.
    UtteranceEnd {
        /// When the last word ended, in seconds of the session's sound.
        last_word_end: Option<f64>,
    },
    /// What the session was; comes at its end.
    Metadata(TranscriptionMetadata),
    /// An event that these bindings do not know.
    Unknown(Value),
}

/// A transcript of a stretch of sound.
///
/// ```
/// use workers_ai_automatic_speech_recognition::Transcription;
///
/// let heard: Transcription = serde_json::from_str(
///     r#"{"start": 0.0, "duration": 1.2, "is_final": true,
///         "channel": {"alternatives": [{"transcript": "how deep is the sea", "confidence": 0.97}]}}"#,
/// )?;
/// assert!(heard.is_final, "it will not change any more");
/// assert_eq!(heard.transcript(), "how deep is the sea");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Transcription {
    /// Where the stretch begins, in seconds of the session's sound.
    pub start: Option<f64>,
    /// How long it is, in seconds.
    pub duration: Option<f64>,
    /// The transcript of this stretch will not change any more.
    #[serde(deserialize_with = "null_as_default")]
    pub is_final: bool,
    /// The speaker has paused.
    #[serde(deserialize_with = "null_as_default")]
    pub speech_final: bool,
    /// This answers [`TranscriptionCommand::Finalize`].
    #[serde(deserialize_with = "null_as_default")]
    pub from_finalize: bool,
    /// Which channel was heard, and of how many.
    #[serde(deserialize_with = "null_as_default")]
    pub channel_index: Vec<u64>,
    /// What was heard in it.
    #[serde(deserialize_with = "null_as_default")]
    pub channel: TranscriptionChannel,
}

impl Transcription {
    /// The best transcript; empty when nothing was said.
    #[must_use]
    pub fn transcript(&self) -> &str {
        self.channel.alternatives.first().map_or("", |best| best.transcript.as_str())
    }
}

/// What was heard in one channel.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TranscriptionChannel;
///
/// let channel: TranscriptionChannel =
///     serde_json::from_str(r#"{"alternatives": [{"transcript": "the sea"}, {"transcript": "the see"}]}"#)?;
/// let other = channel.alternatives.get(1).map(|reading| reading.transcript.as_str());
/// assert_eq!(other, Some("the see"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TranscriptionChannel {
    /// Transcripts, the best first.
    #[serde(deserialize_with = "null_as_default")]
    pub alternatives: Vec<TranscriptionAlternative>,
}

/// One reading of what was heard.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TranscriptionAlternative;
///
/// let reading: TranscriptionAlternative = serde_json::from_str(r#"{"transcript": "the sea", "confidence": 0.97}"#)?;
/// assert!(reading.confidence >= Some(0.9));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TranscriptionAlternative {
    /// The words as a text.
    #[serde(deserialize_with = "null_as_default")]
    pub transcript: String,
    /// How sure the model is, from 0 to 1.
    pub confidence: Option<f64>,
    /// The words one by one.
    #[serde(deserialize_with = "null_as_default")]
    pub words: Vec<TranscriptionWord>,
}

/// One word that was heard.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TranscriptionWord;
///
/// // A line of subtitles.
/// let word: TranscriptionWord =
///     serde_json::from_str(r#"{"word": "sea", "punctuated_word": "Sea.", "start": 0.5, "end": 0.9, "speaker": 1}"#)?;
/// let shown = word.punctuated_word.as_deref().unwrap_or(&word.word);
/// assert_eq!((shown, word.speaker), ("Sea.", Some(1)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TranscriptionWord {
    /// The word.
    #[serde(deserialize_with = "null_as_default")]
    pub word: String,
    /// Where it begins, in seconds of the session's sound.
    pub start: Option<f64>,
    /// Where it ends, in seconds of the session's sound.
    pub end: Option<f64>,
    /// How sure the model is, from 0 to 1.
    pub confidence: Option<f64>,
    /// The word with its punctuation, where that was asked for.
    pub punctuated_word: Option<String>,
    /// Who said it, where the request's `diarize` is on.
    pub speaker: Option<u64>,
}

/// What the session was.
///
/// ```
/// use workers_ai_automatic_speech_recognition::TranscriptionEvent;
/// use workers_ai_client::{Frame, Received};
///
/// let event = TranscriptionEvent::decode(Frame::from(r#"{"type": "Metadata", "duration": 61.5, "channels": 1}"#))?;
/// let TranscriptionEvent::Metadata(session) = event else { unreachable!("{event:?}") };
/// assert_eq!(session.duration, Some(61.5)); // what is billed by the minute
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TranscriptionMetadata {
    /// The vendor's id of the session.
    pub request_id: Option<String>,
    /// How much sound was heard, in seconds.
    pub duration: Option<f64>,
    /// How many channels it had.
    pub channels: Option<u64>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    // The reply over HTTP has no type; should a session answer so, its transcript is no less one.
    #[serde(default)]
    channel: Option<Value>,
}

#[derive(Deserialize)]
struct Moment {
    #[serde(default)]
    timestamp: Option<f64>,
    #[serde(default)]
    last_word_end: Option<f64>,
}

impl Received for TranscriptionEvent {
    fn decode(frame: Frame) -> Result<Self, Error> {
        let Kind { kind, channel } = frame.parse()?;
        Ok(match kind.as_deref() {
            Some("Results") => Self::Results(frame.parse()?),
            None if channel.is_some() => Self::Results(frame.parse()?),
            Some("SpeechStarted") => Self::SpeechStarted { timestamp: frame.parse::<Moment>()?.timestamp },
            Some("UtteranceEnd") => Self::UtteranceEnd { last_word_end: frame.parse::<Moment>()?.last_word_end },
            Some("Metadata") => Self::Metadata(frame.parse()?),
            _ => Self::Unknown(frame.parse()?),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    fn decode(text: &str) -> TranscriptionEvent {
        TranscriptionEvent::decode(Frame::Text(text.to_owned())).unwrap()
    }

    #[test]
    fn a_transcript_is_read_with_its_words() {
        let event = decode(
            r#"{"type":"Results","channel_index":[0,1],"duration":1.5,"start":0.0,"is_final":true,"speech_final":false,
                "channel":{"alternatives":[{"transcript":"a sea","confidence":0.9,"words":[
                    {"word":"a","start":0.1,"end":0.2,"confidence":0.8,"punctuated_word":"A"}]}]},
                "metadata":{"request_id":"r"},"from_finalize":null}"#,
        );
        let TranscriptionEvent::Results(heard) = event else { unreachable!("{event:?}") };
        assert_eq!((heard.transcript(), heard.is_final, heard.speech_final), ("a sea", true, false));
        let words: Vec<_> = heard.channel.alternatives.iter().flat_map(|best| &best.words).collect();
        assert_eq!(words.first().unwrap().punctuated_word.as_deref(), Some("A"));
    }

    #[test]
    fn moments_and_the_rest_are_told_apart() {
        let started = decode(r#"{"type":"SpeechStarted","channel":[0],"timestamp":9.5}"#);
        assert_eq!(started, TranscriptionEvent::SpeechStarted { timestamp: Some(9.5) });
        let ended = decode(r#"{"type":"UtteranceEnd","channel":[0,1],"last_word_end":2.4}"#);
        assert_eq!(ended, TranscriptionEvent::UtteranceEnd { last_word_end: Some(2.4) });
        assert!(matches!(
            decode(r#"{"type":"Metadata","duration":0.0,"channels":1}"#),
            TranscriptionEvent::Metadata(_)
        ));
        assert!(matches!(decode(r#"{"type":"Error"}"#), TranscriptionEvent::Unknown(_)));
        assert!(matches!(decode(r#"{"channel":{}}"#), TranscriptionEvent::Results(_)));
    }

    #[test]
    fn commands_are_written_as_the_vendor_reads_them() {
        let frame = TranscriptionCommand::KeepAlive.encode().unwrap();
        assert_eq!(frame, Frame::Text(r#"{"type":"KeepAlive"}"#.to_owned()));
        assert_eq!(TranscriptionCommand::opening(Frame::Binary(Bytes::new())), None);
    }
}
