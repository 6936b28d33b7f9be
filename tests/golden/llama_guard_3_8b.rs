/// `@cf/meta/llama-guard-3-8b`: text generation.
///
/// context window 131072 tokens; 300 requests a minute; $0.484 per M input tokens; $0.03 per M output tokens.
///
/// | parameter | takes | default |
/// |---|---|---|
/// | `max_tokens` | a whole number | `256` |
/// | `messages` (required) | a list |  |
/// | `response_format` | an object |  |
/// | `temperature` | a number from 0 to 5 | `0.6` |
pub mod llama_guard_3_8b {
    use ::workers_ai_client as client;
    use ::serde::{Deserialize, Serialize};
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/meta/llama-guard-3-8b";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        context_window: Some(131072),
        prices: &[
            client::Price {
                unit: "per_M_input_tokens",
                usd: 0.484,
                neurons: Some(44003.0),
            },
            client::Price {
                unit: "per_M_output_tokens",
                usd: 0.03,
                neurons: Some(2730.0),
            },
        ],
        requests_per_minute: Some(300),
        flags: client::Flags {
            lora: true,
            ..client::Flags::NONE
        },
        created_at: Some("2025-01-22"),
        ..client::Info::new(ID, "Text Generation", "2025-12")
    };
    /// Names `@cf/meta/llama-guard-3-8b` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct LlamaGuard3_8b;
    impl client::Model for LlamaGuard3_8b {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    /// `temperature`: a number from 0 to 5. The service's default is `0.6`.
    pub type Temperature = client::Number<0, 5000>;
    /// What the model is asked.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Request {
        /// Most tokens to write: a whole number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max_tokens: Option<i64>,
        /// The conversation so far: a list.
        pub messages: crate::Messages<crate::Text, crate::Guard>,
        /// Ask for JSON, perhaps by a schema: an object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub response_format: Option<crate::ResponseFormat<crate::Guard>>,
        /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub temperature: Option<client::Number<0, 5000>>,
    }
    impl Request {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(
            messages: impl crate::IntoMessages<crate::Text, crate::Guard>,
        ) -> Self {
            Self {
                max_tokens: None,
                messages: crate::IntoMessages::into_messages(messages),
                response_format: None,
                temperature: None,
            }
        }
        /// Most tokens to write: a whole number.
        #[must_use]
        pub fn max_tokens(mut self, max_tokens: impl Into<i64>) -> Self {
            self.max_tokens = Some(max_tokens.into());
            self
        }
        /// Ask for JSON, perhaps by a schema: an object.
        #[must_use]
        pub fn response_format(
            mut self,
            response_format: impl Into<crate::ResponseFormat<crate::Guard>>,
        ) -> Self {
            self.response_format = Some(response_format.into());
            self
        }
        /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
        #[must_use]
        pub fn temperature(mut self, temperature: client::Number<0, 5000>) -> Self {
            self.temperature = Some(temperature);
            self
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)
        }
    }
    /// What `response_object` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct ResponseObject {
        /// `categories` as answered.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub categories: Vec<String>,
        /// Whether the conversation is safe.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub safe: Option<bool>,
    }
    /// What the model answered.
    #[derive(Clone, Debug, Serialize)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum Response {
        /// JSON: string.
        Text(String),
        /// JSON: object.
        Object(ResponseObject),
        /// A shape that was not known when these bindings were made.
        Unknown(::serde_json::Value),
    }
    impl<'de> Deserialize<'de> for Response {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            let value = ::serde_json::Value::deserialize(deserializer)?;
            match client::wire::choose(
                &value,
                &[client::wire::Arm::Text, client::wire::Arm::Object],
            ) {
                Option::Some(0usize) => client::wire::decode(value).map(Self::Text),
                Option::Some(1usize) => client::wire::decode(value).map(Self::Object),
                _ => Result::Ok(Self::Unknown(value)),
            }
        }
    }
    /// What the model answers.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Reply {
        /// What the model answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub response: Option<Response>,
        /// What the call used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usage: Option<client::Usage>,
    }
    impl client::Reply for Reply {
        fn decode(answer: client::Answer) -> Result<Self, client::Error> {
            answer.json()
        }
    }
}
