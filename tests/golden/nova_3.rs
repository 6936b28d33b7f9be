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
    use ::serde::{Deserialize, Serialize};
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/deepgram/nova-3";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[
            client::Price {
                unit: "per_audio_minute",
                usd: 0.0052,
                neurons: Some(472.73),
            },
            client::Price {
                unit: "per_audio_minute_websocket",
                usd: 0.0092,
                neurons: Some(836.36),
            },
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
    /// Whether only the custom intents count.
    #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
    #[non_exhaustive]
    pub enum CustomIntentMode {
        /// `extended`
        #[serde(rename = "extended")]
        Extended,
        /// `strict`
        #[serde(rename = "strict")]
        Strict,
    }
    impl ::std::fmt::Display for CustomIntentMode {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Extended => f.write_str("extended"),
                Self::Strict => f.write_str("strict"),
            }
        }
    }
    impl ::std::str::FromStr for CustomIntentMode {
        type Err = super::error::ConversionError;
        fn from_str(value: &str) -> Result<Self, super::error::ConversionError> {
            match value {
                "extended" => Ok(Self::Extended),
                "strict" => Ok(Self::Strict),
                _ => Err("invalid value".into()),
            }
        }
    }
    /// How the sound is encoded.
    #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
    #[non_exhaustive]
    pub enum Encoding {
        /// `linear16`
        #[serde(rename = "linear16")]
        Linear16,
        /// `flac`
        #[serde(rename = "flac")]
        Flac,
        /// `mulaw`
        #[serde(rename = "mulaw")]
        Mulaw,
        /// `amr-nb`
        #[serde(rename = "amr-nb")]
        AmrNb,
        /// `amr-wb`
        #[serde(rename = "amr-wb")]
        AmrWb,
        /// `opus`
        #[serde(rename = "opus")]
        Opus,
        /// `speex`
        #[serde(rename = "speex")]
        Speex,
        /// `g729`
        #[serde(rename = "g729")]
        G729,
    }
    impl ::std::fmt::Display for Encoding {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Linear16 => f.write_str("linear16"),
                Self::Flac => f.write_str("flac"),
                Self::Mulaw => f.write_str("mulaw"),
                Self::AmrNb => f.write_str("amr-nb"),
                Self::AmrWb => f.write_str("amr-wb"),
                Self::Opus => f.write_str("opus"),
                Self::Speex => f.write_str("speex"),
                Self::G729 => f.write_str("g729"),
            }
        }
    }
    impl ::std::str::FromStr for Encoding {
        type Err = super::error::ConversionError;
        fn from_str(value: &str) -> Result<Self, super::error::ConversionError> {
            match value {
                "linear16" => Ok(Self::Linear16),
                "flac" => Ok(Self::Flac),
                "mulaw" => Ok(Self::Mulaw),
                "amr-nb" => Ok(Self::AmrNb),
                "amr-wb" => Ok(Self::AmrWb),
                "opus" => Ok(Self::Opus),
                "speex" => Ok(Self::Speex),
                "g729" => Ok(Self::G729),
                _ => Err("invalid value".into()),
            }
        }
    }
    /// Which variant to use.
    #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
    #[non_exhaustive]
    pub enum RequestMode {
        /// `general`
        #[serde(rename = "general")]
        General,
        /// `medical`
        #[serde(rename = "medical")]
        Medical,
        /// `finance`
        #[serde(rename = "finance")]
        Finance,
    }
    impl ::std::fmt::Display for RequestMode {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::General => f.write_str("general"),
                Self::Medical => f.write_str("medical"),
                Self::Finance => f.write_str("finance"),
            }
        }
    }
    impl ::std::str::FromStr for RequestMode {
        type Err = super::error::ConversionError;
        fn from_str(value: &str) -> Result<Self, super::error::ConversionError> {
            match value {
                "general" => Ok(Self::General),
                "medical" => Ok(Self::Medical),
                "finance" => Ok(Self::Finance),
                _ => Err("invalid value".into()),
            }
        }
    }
    /// What the model is asked.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Request {
        /// The sound to work on, or how spoken output should sound: bytes.
        #[serde(skip_serializing)]
        pub audio: client::Media,
        /// Audio channels: a number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub channels: Option<f64>,
        /// An intent to look for beside the known ones: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub custom_intent: Option<String>,
        /// Whether only the custom intents count: `extended` or `strict`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub custom_intent_mode: Option<CustomIntentMode>,
        /// A topic to look for beside the known ones: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub custom_topic: Option<String>,
        /// Whether only the custom topics count: `extended` or `strict`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub custom_topic_mode: Option<CustomIntentMode>,
        /// Find names, places and the like: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub detect_entities: Option<bool>,
        /// Find out which language is spoken: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub detect_language: Option<bool>,
        /// Tell the speakers apart: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub diarize: Option<bool>,
        /// Turn spoken punctuation into marks: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub dictation: Option<bool>,
        /// How the sound is encoded: `linear16`, `flac`, `mulaw`, `amr-nb`, `amr-wb`, `opus`, `speex` or `g729`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub encoding: Option<Encoding>,
        /// Milliseconds of silence that end an utterance: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub endpointing: Option<String>,
        /// `extra`: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub extra: Option<String>,
        /// Keep `uh` and `um`: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub filler_words: Option<bool>,
        /// Send preliminary transcripts: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub interim_results: Option<bool>,
        /// A term to expect: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub keyterm: Option<String>,
        /// Words to expect, with an optional weight: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub keywords: Option<String>,
        /// Language, as a code such as `en`: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub language: Option<String>,
        /// Write measures in short form: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub measurements: Option<bool>,
        /// Keep the audio out of the provider's training program: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mip_opt_out: Option<bool>,
        /// Which variant to use: `general`, `medical` or `finance`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mode: Option<RequestMode>,
        /// Transcribe every channel by itself: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub multichannel: Option<bool>,
        /// Write numbers as digits: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub numerals: Option<bool>,
        /// Break the transcript into paragraphs: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paragraphs: Option<bool>,
        /// Mask swear words: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub profanity_filter: Option<bool>,
        /// Add punctuation and capitals: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub punctuate: Option<bool>,
        /// What to leave out of the transcript: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub redact: Option<String>,
        /// Words to replace, as `found:replacement`: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub replace: Option<String>,
        /// Words to look for in the sound: text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub search: Option<String>,
        /// Tone of the text: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiment: Option<bool>,
        /// Format dates, times, numbers and the like: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub smart_format: Option<bool>,
        /// Report topics: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub topics: Option<bool>,
        /// Seconds of silence between utterances: a number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub utt_split: Option<f64>,
        /// Report the end of utterances: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub utterance_end_ms: Option<bool>,
        /// Break the transcript into utterances: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub utterances: Option<bool>,
        /// Report when speech starts: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub vad_events: Option<bool>,
    }
    impl Request {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(audio: impl Into<client::Media>) -> Self {
            Self {
                audio: audio.into(),
                channels: None,
                custom_intent: None,
                custom_intent_mode: None,
                custom_topic: None,
                custom_topic_mode: None,
                detect_entities: None,
                detect_language: None,
                diarize: None,
                dictation: None,
                encoding: None,
                endpointing: None,
                extra: None,
                filler_words: None,
                interim_results: None,
                keyterm: None,
                keywords: None,
                language: None,
                measurements: None,
                mip_opt_out: None,
                mode: None,
                multichannel: None,
                numerals: None,
                paragraphs: None,
                profanity_filter: None,
                punctuate: None,
                redact: None,
                replace: None,
                search: None,
                sentiment: None,
                smart_format: None,
                topics: None,
                utt_split: None,
                utterance_end_ms: None,
                utterances: None,
                vad_events: None,
            }
        }
        /// Audio channels: a number.
        #[must_use]
        pub fn channels(mut self, channels: impl Into<f64>) -> Self {
            self.channels = Some(channels.into());
            self
        }
        /// An intent to look for beside the known ones: text.
        #[must_use]
        pub fn custom_intent(mut self, custom_intent: impl Into<String>) -> Self {
            self.custom_intent = Some(custom_intent.into());
            self
        }
        /// Whether only the custom intents count: `extended` or `strict`.
        #[must_use]
        pub fn custom_intent_mode(
            mut self,
            custom_intent_mode: CustomIntentMode,
        ) -> Self {
            self.custom_intent_mode = Some(custom_intent_mode);
            self
        }
        /// A topic to look for beside the known ones: text.
        #[must_use]
        pub fn custom_topic(mut self, custom_topic: impl Into<String>) -> Self {
            self.custom_topic = Some(custom_topic.into());
            self
        }
        /// Whether only the custom topics count: `extended` or `strict`.
        #[must_use]
        pub fn custom_topic_mode(mut self, custom_topic_mode: CustomIntentMode) -> Self {
            self.custom_topic_mode = Some(custom_topic_mode);
            self
        }
        /// Find names, places and the like: true or false.
        #[must_use]
        pub fn detect_entities(mut self, detect_entities: bool) -> Self {
            self.detect_entities = Some(detect_entities);
            self
        }
        /// Find out which language is spoken: true or false.
        #[must_use]
        pub fn detect_language(mut self, detect_language: bool) -> Self {
            self.detect_language = Some(detect_language);
            self
        }
        /// Tell the speakers apart: true or false.
        #[must_use]
        pub fn diarize(mut self, diarize: bool) -> Self {
            self.diarize = Some(diarize);
            self
        }
        /// Turn spoken punctuation into marks: true or false.
        #[must_use]
        pub fn dictation(mut self, dictation: bool) -> Self {
            self.dictation = Some(dictation);
            self
        }
        /// How the sound is encoded: `linear16`, `flac`, `mulaw`, `amr-nb`, `amr-wb`, `opus`, `speex` or `g729`.
        #[must_use]
        pub fn encoding(mut self, encoding: Encoding) -> Self {
            self.encoding = Some(encoding);
            self
        }
        /// Milliseconds of silence that end an utterance: text.
        #[must_use]
        pub fn endpointing(mut self, endpointing: impl Into<String>) -> Self {
            self.endpointing = Some(endpointing.into());
            self
        }
        /// `extra`: text.
        #[must_use]
        pub fn extra(mut self, extra: impl Into<String>) -> Self {
            self.extra = Some(extra.into());
            self
        }
        /// Keep `uh` and `um`: true or false.
        #[must_use]
        pub fn filler_words(mut self, filler_words: bool) -> Self {
            self.filler_words = Some(filler_words);
            self
        }
        /// Send preliminary transcripts: true or false.
        #[must_use]
        pub fn interim_results(mut self, interim_results: bool) -> Self {
            self.interim_results = Some(interim_results);
            self
        }
        /// A term to expect: text.
        #[must_use]
        pub fn keyterm(mut self, keyterm: impl Into<String>) -> Self {
            self.keyterm = Some(keyterm.into());
            self
        }
        /// Words to expect, with an optional weight: text.
        #[must_use]
        pub fn keywords(mut self, keywords: impl Into<String>) -> Self {
            self.keywords = Some(keywords.into());
            self
        }
        /// Language, as a code such as `en`: text.
        #[must_use]
        pub fn language(mut self, language: impl Into<String>) -> Self {
            self.language = Some(language.into());
            self
        }
        /// Write measures in short form: true or false.
        #[must_use]
        pub fn measurements(mut self, measurements: bool) -> Self {
            self.measurements = Some(measurements);
            self
        }
        /// Keep the audio out of the provider's training program: true or false.
        #[must_use]
        pub fn mip_opt_out(mut self, mip_opt_out: bool) -> Self {
            self.mip_opt_out = Some(mip_opt_out);
            self
        }
        /// Which variant to use: `general`, `medical` or `finance`.
        #[must_use]
        pub fn mode(mut self, mode: RequestMode) -> Self {
            self.mode = Some(mode);
            self
        }
        /// Transcribe every channel by itself: true or false.
        #[must_use]
        pub fn multichannel(mut self, multichannel: bool) -> Self {
            self.multichannel = Some(multichannel);
            self
        }
        /// Write numbers as digits: true or false.
        #[must_use]
        pub fn numerals(mut self, numerals: bool) -> Self {
            self.numerals = Some(numerals);
            self
        }
        /// Break the transcript into paragraphs: true or false.
        #[must_use]
        pub fn paragraphs(mut self, paragraphs: bool) -> Self {
            self.paragraphs = Some(paragraphs);
            self
        }
        /// Mask swear words: true or false.
        #[must_use]
        pub fn profanity_filter(mut self, profanity_filter: bool) -> Self {
            self.profanity_filter = Some(profanity_filter);
            self
        }
        /// Add punctuation and capitals: true or false.
        #[must_use]
        pub fn punctuate(mut self, punctuate: bool) -> Self {
            self.punctuate = Some(punctuate);
            self
        }
        /// What to leave out of the transcript: text.
        #[must_use]
        pub fn redact(mut self, redact: impl Into<String>) -> Self {
            self.redact = Some(redact.into());
            self
        }
        /// Words to replace, as `found:replacement`: text.
        #[must_use]
        pub fn replace(mut self, replace: impl Into<String>) -> Self {
            self.replace = Some(replace.into());
            self
        }
        /// Words to look for in the sound: text.
        #[must_use]
        pub fn search(mut self, search: impl Into<String>) -> Self {
            self.search = Some(search.into());
            self
        }
        /// Tone of the text: true or false.
        #[must_use]
        pub fn sentiment(mut self, sentiment: bool) -> Self {
            self.sentiment = Some(sentiment);
            self
        }
        /// Format dates, times, numbers and the like: true or false.
        #[must_use]
        pub fn smart_format(mut self, smart_format: bool) -> Self {
            self.smart_format = Some(smart_format);
            self
        }
        /// Report topics: true or false.
        #[must_use]
        pub fn topics(mut self, topics: bool) -> Self {
            self.topics = Some(topics);
            self
        }
        /// Seconds of silence between utterances: a number.
        #[must_use]
        pub fn utt_split(mut self, utt_split: impl Into<f64>) -> Self {
            self.utt_split = Some(utt_split.into());
            self
        }
        /// Report the end of utterances: true or false.
        #[must_use]
        pub fn utterance_end_ms(mut self, utterance_end_ms: bool) -> Self {
            self.utterance_end_ms = Some(utterance_end_ms);
            self
        }
        /// Break the transcript into utterances: true or false.
        #[must_use]
        pub fn utterances(mut self, utterances: bool) -> Self {
            self.utterances = Some(utterances);
            self
        }
        /// Report when speech starts: true or false.
        #[must_use]
        pub fn vad_events(mut self, vad_events: bool) -> Self {
            self.vad_events = Some(vad_events);
            self
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::raw(
                    self.audio.bytes(),
                    Option::Some(self.audio.content_type()),
                )
                .with_query(self)
        }
    }
    /// The word.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Word {
        /// How sure the model is, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub confidence: Option<f64>,
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
    /// What `alternative` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Alternative {
        /// How sure the model is, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub confidence: Option<f64>,
        /// What was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub transcript: Option<String>,
        /// The words with their times.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub words: Vec<Word>,
    }
    /// What `channel` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Channel {
        /// `alternatives` as answered.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub alternatives: Vec<Alternative>,
    }
    /// Mean over the whole text.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Average {
        /// Tone of the text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiment: Option<String>,
        /// Tone from -1, bad, to 1, good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiment_score: Option<f64>,
    }
    /// What `segment` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Segment {
        /// `end_word` as answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end_word: Option<f64>,
        /// Tone of the text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiment: Option<String>,
        /// Tone from -1, bad, to 1, good.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiment_score: Option<f64>,
        /// `start_word` as answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_word: Option<f64>,
        /// The text to work on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
    }
    /// Tone of the whole and its parts.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Sentiments {
        /// Mean over the whole text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub average: Option<Average>,
        /// The transcript in pieces.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub segments: Vec<Segment>,
    }
    /// The summary.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Summary {
        /// `result` as answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub result: Option<String>,
        /// `short` as answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub short: Option<String>,
    }
    /// What was recognised.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Results {
        /// Audio channels.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub channels: Vec<Channel>,
        /// Tone of the whole and its parts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sentiments: Option<Sentiments>,
        /// The summary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub summary: Option<Summary>,
    }
    /// What the model answers.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Reply {
        /// What was recognised.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub results: Option<Results>,
    }
    impl client::Reply for Reply {
        fn decode(answer: client::Answer) -> Result<Self, client::Error> {
            answer.json()
        }
    }
}
