/// `@cf/openai/whisper`: automatic speech recognition.
///
/// 720 requests a minute; $0.000453 per audio minute.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | bytes |  |
pub mod whisper {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/openai/whisper";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[client::Price::new("per_audio_minute", 0.000453, Some(41.14))],
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
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The sound to work on, or how spoken output should sound: bytes.
            into audio: client::ByteArray,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            Ok(client::Encoded::raw(self.audio.bytes(), None))
        }
    }
    client::reply! {
        /// The word.
        pub struct Word {
            /// Second at which it ends.
            pub end?: f64,
            /// Second at which it starts.
            pub start?: f64,
            /// The word.
            pub word?: String,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// The text to work on.
            pub text: String,
            /// The transcript as WebVTT subtitles.
            pub vtt?: String,
            /// How many words were heard.
            pub word_count?: f64,
            /// The words with their times.
            pub words: Vec<Word>,
        }
    }
}
