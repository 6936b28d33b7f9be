/// `@cf/openai/whisper`: automatic speech recognition.
///
/// 720 requests a minute; $0.000453 per audio minute.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | bytes |  |
pub mod whisper {
    use ::workers_ai_client as client;
    use ::serde::{Deserialize, Serialize};
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/openai/whisper";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[
            client::Price {
                unit: "per_audio_minute",
                usd: 0.000453,
                neurons: Some(41.14),
            },
        ],
        requests_per_minute: Some(720),
        created_at: Some("2023-09-25"),
        headline: Some(client::Headline {
            context_window: None,
            requests_per_minute: 720,
        }),
        ..client::Info::new(ID, "Automatic Speech Recognition", "2025-12")
    };
    /// Names `@cf/openai/whisper` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Whisper;
    impl client::Model for Whisper {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    /// What the model is asked.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Request {
        /// The sound to work on, or how spoken output should sound: bytes.
        pub audio: client::ByteArray,
    }
    impl Request {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(audio: impl Into<client::ByteArray>) -> Self {
            Self { audio: audio.into() }
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            Result::Ok(client::Encoded::raw(self.audio.bytes(), Option::None))
        }
    }
    /// The word.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Word {
        /// Second at which it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end: Option<f64>,
        /// Second at which it starts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start: Option<f64>,
        /// The word.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub word: Option<String>,
    }
    /// What the model answers.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Reply {
        /// The text to work on.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub text: String,
        /// The transcript as WebVTT subtitles.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub vtt: Option<String>,
        /// How many words were heard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub word_count: Option<f64>,
        /// The words with their times.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub words: Vec<Word>,
    }
    impl client::Reply for Reply {
        fn decode(answer: client::Answer) -> Result<Self, client::Error> {
            answer.json()
        }
    }
}
