/// `@cf/deepgram/nova-3`: automatic speech recognition.
///
/// 720 requests a minute; $0.0052 per audio minute; $0.0092 per audio minute websocket.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `audio` (required) | bytes |  |
/// | `channels` | a number |  |
/// | `custom_intent` | text |  |
/// | `custom_intent_mode` | `extended` or `strict` |  |
/// | `custom_topic` | text |  |
/// | `custom_topic_mode` | `extended` or `strict` |  |
/// | `detect_entities` | true or false |  |
/// | `detect_language` | true or false |  |
/// | `diarize` | true or false |  |
/// | `dictation` | true or false |  |
/// | `encoding` | `linear16`, `flac`, `mulaw`, `amr-nb`, `amr-wb`, `opus`, `speex` or `g729` |  |
/// | `endpointing` | text |  |
/// | `extra` | text |  |
/// | `filler_words` | true or false |  |
/// | `interim_results` | true or false |  |
/// | `keyterm` | text |  |
/// | `keywords` | text |  |
/// | `language` | text |  |
/// | `measurements` | true or false |  |
/// | `mip_opt_out` | true or false |  |
/// | `mode` | `general`, `medical` or `finance` |  |
/// | `multichannel` | true or false |  |
/// | `numerals` | true or false |  |
/// | `paragraphs` | true or false |  |
/// | `profanity_filter` | true or false |  |
/// | `punctuate` | true or false |  |
/// | `redact` | text |  |
/// | `replace` | text |  |
/// | `search` | text |  |
/// | `sentiment` | true or false |  |
/// | `smart_format` | true or false |  |
/// | `topics` | true or false |  |
/// | `utt_split` | a number |  |
/// | `utterance_end_ms` | true or false |  |
/// | `utterances` | true or false |  |
/// | `vad_events` | true or false |  |
pub mod nova_3 {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/deepgram/nova-3";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[
            client::Price::new("per_audio_minute", 0.0052, Some(472.73)),
            client::Price::new("per_audio_minute_websocket", 0.0092, Some(836.36)),
        ],
        requests_per_minute: Some(720),
        flags: client::Flags {
            async_queue: true,
            partner: true,
            realtime: true,
            ..client::Flags::NONE
        },
        created_at: Some("2025-06-05"),
        terms: Some("https://deepgram.com/terms"),
        ..client::Info::new(ID, "Automatic Speech Recognition", "2025-12")
    };
    /// Names `@cf/deepgram/nova-3` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct Nova3;
    impl client::Model for Nova3 {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    #[diagnostic::do_not_recommend]
    impl client::Connects for Nova3 {
        type Sent = crate::TranscriptionCommand;
        type Received = crate::TranscriptionEvent;
    }
    client::choice! {
        /// Whether only the custom intents count.
        pub enum CustomIntentMode {
            Extended = "extended",
            Strict = "strict",
        }
    }
    client::choice! {
        /// How the sound is encoded.
        pub enum Encoding {
            Linear16 = "linear16",
            Flac = "flac",
            Mulaw = "mulaw",
            AmrNb = "amr-nb",
            AmrWb = "amr-wb",
            Opus = "opus",
            Speex = "speex",
            G729 = "g729",
        }
    }
    client::choice! {
        /// Which variant to use.
        pub enum RequestMode {
            General = "general",
            Medical = "medical",
            Finance = "finance",
        }
    }
    client::request! {
        /// What the model is asked.
        pub struct Request {
            /// The sound to work on, or how spoken output should sound: bytes.
            body audio: client::Media,
            /// Audio channels: a number.
            into channels?: f64,
            /// An intent to look for beside the known ones: text.
            into custom_intent?: String,
            /// Whether only the custom intents count: `extended` or `strict`.
            pub custom_intent_mode?: CustomIntentMode,
            /// A topic to look for beside the known ones: text.
            into custom_topic?: String,
            /// Whether only the custom topics count: `extended` or `strict`.
            pub custom_topic_mode?: CustomIntentMode,
            /// Find names, places and the like: true or false.
            pub detect_entities?: bool,
            /// Find out which language is spoken: true or false.
            pub detect_language?: bool,
            /// Tell the speakers apart: true or false.
            pub diarize?: bool,
            /// Turn spoken punctuation into marks: true or false.
            pub dictation?: bool,
            /// How the sound is encoded: `linear16`, `flac`, `mulaw`, `amr-nb`, `amr-wb`, `opus`, `speex` or `g729`.
            pub encoding?: Encoding,
            /// Milliseconds of silence that end an utterance: text.
            into endpointing?: String,
            /// `extra`: text.
            into extra?: String,
            /// Keep `uh` and `um`: true or false.
            pub filler_words?: bool,
            /// Send preliminary transcripts: true or false.
            pub interim_results?: bool,
            /// A term to expect: text.
            into keyterm?: String,
            /// Words to expect, with an optional weight: text.
            into keywords?: String,
            /// Language, as a code such as `en`: text.
            into language?: String,
            /// Write measures in short form: true or false.
            pub measurements?: bool,
            /// Keep the audio out of the provider's training program: true or false.
            pub mip_opt_out?: bool,
            /// Which variant to use: `general`, `medical` or `finance`.
            pub mode?: RequestMode,
            /// Transcribe every channel by itself: true or false.
            pub multichannel?: bool,
            /// Write numbers as digits: true or false.
            pub numerals?: bool,
            /// Break the transcript into paragraphs: true or false.
            pub paragraphs?: bool,
            /// Mask swear words: true or false.
            pub profanity_filter?: bool,
            /// Add punctuation and capitals: true or false.
            pub punctuate?: bool,
            /// What to leave out of the transcript: text.
            into redact?: String,
            /// Words to replace, as `found:replacement`: text.
            into replace?: String,
            /// Words to look for in the sound: text.
            into search?: String,
            /// Tone of the text: true or false.
            pub sentiment?: bool,
            /// Format dates, times, numbers and the like: true or false.
            pub smart_format?: bool,
            /// Report topics: true or false.
            pub topics?: bool,
            /// Seconds of silence between utterances: a number.
            into utt_split?: f64,
            /// Report the end of utterances: true or false.
            pub utterance_end_ms?: bool,
            /// Break the transcript into utterances: true or false.
            pub utterances?: bool,
            /// Report when speech starts: true or false.
            pub vad_events?: bool,
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::raw(self.audio.bytes(), Some(self.audio.content_type()))
                .with_query(self)
        }
    }
    client::reply! {
        /// The word.
        pub struct Word {
            /// How sure the model is, 0 to 1.
            pub confidence?: f64,
            /// Second at which it ends.
            pub end?: f64,
            /// Second at which it starts.
            pub start?: f64,
            /// The word.
            pub word?: String,
        }
    }
    client::reply! {
        /// What `alternative` holds.
        pub struct Alternative {
            /// How sure the model is, 0 to 1.
            pub confidence?: f64,
            /// What was said.
            pub transcript?: String,
            /// The words with their times.
            pub words: Vec<Word>,
        }
    }
    client::reply! {
        /// What `channel` holds.
        pub struct Channel {
            /// `alternatives` as answered.
            pub alternatives: Vec<Alternative>,
        }
    }
    client::reply! {
        /// Mean over the whole text.
        pub struct Average {
            /// Tone of the text.
            pub sentiment?: String,
            /// Tone from -1, bad, to 1, good.
            pub sentiment_score?: f64,
        }
    }
    client::reply! {
        /// What `segment` holds.
        pub struct Segment {
            /// `end_word` as answered.
            pub end_word?: f64,
            /// Tone of the text.
            pub sentiment?: String,
            /// Tone from -1, bad, to 1, good.
            pub sentiment_score?: f64,
            /// `start_word` as answered.
            pub start_word?: f64,
            /// The text to work on.
            pub text?: String,
        }
    }
    client::reply! {
        /// Tone of the whole and its parts.
        pub struct Sentiments {
            /// Mean over the whole text.
            pub average?: Average,
            /// The transcript in pieces.
            pub segments: Vec<Segment>,
        }
    }
    client::reply! {
        /// The summary.
        pub struct Summary {
            /// `result` as answered.
            pub result?: String,
            /// `short` as answered.
            pub short?: String,
        }
    }
    client::reply! {
        /// What was recognised.
        pub struct Results {
            /// Audio channels.
            pub channels: Vec<Channel>,
            /// Tone of the whole and its parts.
            pub sentiments?: Sentiments,
            /// The summary.
            pub summary?: Summary,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// What was recognised.
            pub results?: Results,
        }
    }
}
