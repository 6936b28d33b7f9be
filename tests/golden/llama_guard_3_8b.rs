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
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/meta/llama-guard-3-8b";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        context_window: Some(131072),
        prices: &[
            client::Price::new("per_M_input_tokens", 0.484, Some(44003.0)),
            client::Price::new("per_M_output_tokens", 0.03, Some(2730.0)),
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
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The conversation so far: a list.
            via into_messages(crate::IntoMessages<crate::Text, crate::Guard>) messages: crate::Messages<crate::Text, crate::Guard>,
            /// Most tokens to write: a whole number.
            into max_tokens?: i64,
            /// Ask for JSON, perhaps by a schema: an object.
            into response_format?: crate::ResponseFormat<crate::Guard>,
            /// Randomness: low repeats itself, high surprises: a number from 0 to 5.
            pub temperature?: client::Number<0, 5000>,
        }
    }
    client::reply! {
        /// What `response_object` holds.
        pub struct ResponseObject {
            /// `categories` as answered.
            pub categories: Vec<String>,
            /// Whether the conversation is safe.
            pub safe?: bool,
        }
    }
    client::union! {
        /// What the model answered.
        pub enum Response {
            /// JSON: string.
            Text(String) = Text,
            /// JSON: object.
            Object(ResponseObject) = Object,
            ..
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// What the model answered.
            pub response?: Response,
            /// What the call used.
            pub usage?: client::Usage,
        }
    }
}
