/// `@cf/facebook/bart-large-cnn`: summarization.
///
/// 1500 requests a minute; $0 per M input tokens.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `input_text` (required) | text, not empty |  |
/// | `max_length` | a whole number | `1024` |
#[cfg(feature = "retired")]
#[deprecated(note = "@cf/facebook/bart-large-cnn left the catalogue by 2026-11")]
#[allow(deprecated, reason = "its items name each other")]
pub mod bart_large_cnn {
    use ::workers_ai_client as client;
    use ::serde::{Deserialize, Serialize};
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/facebook/bart-large-cnn";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[
            client::Price {
                unit: "per_M_input_tokens",
                usd: 0.0,
                neurons: None,
            },
        ],
        requests_per_minute: Some(1500),
        flags: client::Flags {
            beta: true,
            ..client::Flags::NONE
        },
        created_at: Some("2024-02-27"),
        gone_by: Some("2026-11"),
        ..client::Info::new(ID, "Summarization", "2025-12")
    };
    /// Names `@cf/facebook/bart-large-cnn` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct BartLargeCnn;
    impl client::Model for BartLargeCnn {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    /// `input_text`: text, not empty.
    pub type InputText = client::Text<1>;
    /// What the model is asked.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Request {
        /// The text to work on: text, not empty.
        pub input_text: client::Text<1>,
        /// Most tokens of the summary: a whole number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max_length: Option<i64>,
    }
    impl Request {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(input_text: impl Into<client::Text<1>>) -> Self {
            Self {
                input_text: input_text.into(),
                max_length: None,
            }
        }
        /// Most tokens of the summary: a whole number.
        #[must_use]
        pub fn max_length(mut self, max_length: impl Into<i64>) -> Self {
            self.max_length = Some(max_length.into());
            self
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)
        }
    }
    /// What the model answers.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Reply {
        /// The summary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub summary: Option<String>,
    }
    impl client::Reply for Reply {
        fn decode(answer: client::Answer) -> Result<Self, client::Error> {
            answer.json()
        }
    }
}
