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
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/facebook/bart-large-cnn";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        prices: &[client::Price::new("per_M_input_tokens", 0.0, None)],
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
    client::request! {
        /// What the model is asked.
        pub struct Request as json {
            /// The text to work on: text, not empty.
            into input_text: client::Text<1>,
            /// Most tokens of the summary: a whole number.
            into max_length?: i64,
        }
    }
    client::reply! {
        /// What the model answers.
        pub struct Reply as Reply {
            /// The summary.
            pub summary?: String,
        }
    }
}
