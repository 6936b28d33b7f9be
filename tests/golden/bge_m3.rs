/// `@cf/baai/bge-m3`: text embeddings.
///
/// context window 60000 tokens; 3000 requests a minute; $0.0118 per M input tokens.
///
/// | parameter | form | takes | default |
/// |---|---|---|---|
/// | `text` (required) | embedding | text, not empty, or a list of at most 100 items |  |
/// | `truncate_inputs` | embedding, query_and_contexts | true or false | `false` |
/// | `contexts` (required) | query_and_contexts | a list |  |
/// | `query` | query_and_contexts | text, not empty |  |
pub mod bge_m3 {
    use ::workers_ai_client as client;
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/baai/bge-m3";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        context_window: Some(60000),
        prices: &[client::Price::new("per_M_input_tokens", 0.0118, Some(1075.0))],
        requests_per_minute: Some(3000),
        created_at: Some("2024-05-22"),
        ..client::Info::new(ID, "Text Embeddings", "2025-12")
    };
    /// Names `@cf/baai/bge-m3` where a type is wanted.
    #[derive(Clone, Copy, Debug)]
    pub struct BgeM3;
    impl client::Model for BgeM3 {
        const INFO: &'static client::Info = &INFO;
        type Request = Request;
        type Reply = Reply;
    }
    /// `query`: text, not empty.
    pub type Query = client::Text<1>;
    client::request! {
        /// What the model is asked, as `embedding`.
        pub struct EmbeddingRequest as json {
            /// The text to work on: text, not empty, or a list of at most 100 items.
            into text: client::OneOrMany<client::Text<1>, client::List<client::Text<1>, 0, 100>>,
            /// Cut texts that are too long instead of refusing them: true or false.
            pub truncate_inputs?: bool,
        }
    }
    client::request! {
        /// What `context` holds.
        #[derive(Default)]
        pub struct Context {
            /// The text to work on: text, not empty.
            into text?: client::Text<1>,
        }
    }
    client::request! {
        /// What the model is asked, as `query_and_contexts`.
        pub struct QueryAndContextsRequest as json {
            /// The texts to compare with the query: a list.
            into contexts: Vec<Context>,
            /// What to look for: text, not empty.
            into query?: client::Text<1>,
            /// Cut texts that are too long instead of refusing them: true or false.
            pub truncate_inputs?: bool,
        }
    }
    client::union! {
        /// What the model is asked, in any of its forms.
        ///
        /// Each form has a constructor:
        ///
        /// - [`Request::embedding`], with `text`
        /// - [`Request::query_and_contexts`], with `contexts`
        pub enum Request as Request: From {
            /// With `text`.
            Embedding(EmbeddingRequest) = Keys(&["text"]),
            /// With `contexts`.
            QueryAndContexts(QueryAndContextsRequest) = Keys(&["contexts"]),
        }
        impl Request {
            fn embedding(text: impl Into<client::OneOrMany<client::Text<1>, client::List<client::Text<1>, 0, 100>>>) -> EmbeddingRequest;
            fn query_and_contexts(contexts: impl Into<Vec<Context>>) -> QueryAndContextsRequest;
        }
    }
    client::reply! {
        /// What the model answered.
        pub struct Response {
            /// Which of the inputs this belongs to.
            pub id?: i64,
            /// Score; higher fits better.
            pub score?: f64,
        }
    }
    client::reply! {
        /// What `scores` holds.
        pub struct Scores {
            /// What the model answered.
            pub response: Vec<Response>,
            /// What the call used.
            pub usage?: client::Usage,
        }
    }
    client::choice! {
        /// How token vectors become one; vectors of different pooling do not compare.
        pub enum Pooling {
            Mean = "mean",
            Cls = "cls",
            ..
        }
    }
    client::reply! {
        /// What `context_embeddings` holds.
        pub struct ContextEmbeddings {
            /// How token vectors become one; vectors of different pooling do not compare.
            pub pooling?: Pooling,
            /// What the model answered.
            pub response: client::Vectors,
            /// How many vectors there are, and how long they are.
            pub shape: Vec<i64>,
            /// What the call used.
            pub usage?: client::Usage,
        }
    }
    client::reply! {
        /// What `embeddings` holds.
        pub struct Embeddings {
            /// One vector of numbers for each text, in the order they were sent.
            pub data: client::Vectors,
            /// How token vectors become one; vectors of different pooling do not compare.
            pub pooling?: Pooling,
            /// How many vectors there are, and how long they are.
            pub shape: Vec<i64>,
            /// What the call used.
            pub usage?: client::Usage,
        }
    }
    client::union! {
        /// What the model answers.
        pub enum Reply as ReplyWithVectors {
            /// With `response`.
            Scores(Scores) = Keys(&["response"]),
            /// With `response` and `shape`.
            ContextEmbeddings(ContextEmbeddings) = Keys(&["response", "shape"]),
            /// With `data`.
            Embeddings(Embeddings) = Keys(&["data"]),
            ..
        }
    }
}
