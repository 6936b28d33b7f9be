//! A few models as the bindings declare them.

use serde::{Deserialize, Serialize};
use workers_ai_client::{
    Answer, Base64, Chunk, Encoded, Error, Flags, Info, Integer, Invalid, Media, Model, Number, Queues, Reply, Request,
    Streams, Text,
};

const fn info(id: &'static str) -> Info {
    Info {
        id,
        task: "Test",
        context_window: Some(1000),
        max_input_tokens: None,
        output_dimensions: None,
        prices: &[],
        requests_per_minute: Some(300),
        flags: Flags {
            async_queue: true,
            beta: false,
            function_calling: false,
            lora: false,
            partner: false,
            realtime: false,
            reasoning: false,
            require_workers_paid: false,
            vision: false,
        },
        created_at: None,
        first_seen: "2026-11",
        gone_by: None,
        planned_deprecation: None,
        terms: None,
        headline: None,
    }
}

pub(crate) struct Chat;

impl Model for Chat {
    const INFO: &'static Info = &info("@cf/test/chat");
    type Request = Prompt;
    type Reply = ChatReply;
}

impl Streams for Chat {
    type Chunk = ChatChunk;
}

/// The queue takes prompts and a temperature, no seed.
impl Queues for Chat {
    type Item = QueuedPrompt;
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Prompt {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) prompt: Option<Text<1, 20>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) temperature: Option<Number<0, 5000>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<Integer<1, 9_999_999_999>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<Message>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) content: Text<1, 20>,
}

impl From<&str> for Prompt {
    fn from(prompt: &str) -> Self {
        Self { prompt: Some(prompt.into()), ..Self::default() }
    }
}

impl Request for Prompt {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::json(self)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct QueuedPrompt {
    prompt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct ChatReply {
    pub(crate) response: String,
}

impl Reply for ChatReply {
    fn decode(answer: Answer) -> Result<Self, Error> {
        answer.json()
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct ChatChunk {
    #[serde(default)]
    pub(crate) response: Option<String>,
    #[serde(default)]
    pub(crate) finish_reason: Option<String>,
}

impl Chunk for ChatChunk {
    fn is_final(&self) -> bool {
        self.finish_reason.is_some()
    }
}

pub(crate) struct Draw;

impl Model for Draw {
    const INFO: &'static Info = &info("@cf/test/draw");
    type Request = DrawRequest;
    type Reply = Media;
}

#[derive(Clone, Debug)]
pub(crate) struct DrawRequest {
    pub(crate) prompt: Text<1, 20>,
    pub(crate) width: Option<Integer<256, 2048>>,
    pub(crate) picture: Option<Media>,
    pub(crate) mask: Option<Base64>,
}

impl From<&str> for DrawRequest {
    fn from(prompt: &str) -> Self {
        Self { prompt: prompt.into(), width: None, picture: None, mask: None }
    }
}

impl Request for DrawRequest {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::multipart()
            .field("prompt", &self.prompt)
            .field("width", &self.width)
            .file("input_image_0", &self.picture)
            .file("mask", &self.mask)
            .finish()
    }
}

pub(crate) struct Transcribe;

impl Model for Transcribe {
    const INFO: &'static Info = &info("@cf/test/transcribe");
    type Request = TranscribeRequest;
    type Reply = serde_json::Value;
}

#[derive(Clone, Debug)]
pub(crate) struct TranscribeRequest {
    pub(crate) audio: Media,
    pub(crate) options: TranscribeOptions,
}

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct TranscribeOptions {
    pub(crate) language: Option<String>,
    pub(crate) punctuate: Option<bool>,
    pub(crate) keywords: Vec<String>,
}

impl Request for TranscribeRequest {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::raw(self.audio.bytes(), Some(self.audio.content_type())).with_query(&self.options)
    }
}
