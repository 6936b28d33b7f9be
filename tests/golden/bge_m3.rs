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
    use ::serde::{Deserialize, Serialize};
    /// Model id, as it stands in the path of a call.
    pub const ID: &str = "@cf/baai/bge-m3";
    /// What is known about the model.
    pub const INFO: client::Info = client::Info {
        context_window: Some(60000),
        prices: &[
            client::Price {
                unit: "per_M_input_tokens",
                usd: 0.0118,
                neurons: Some(1075.0),
            },
        ],
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
    /// What the model is asked, as `embedding`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct EmbeddingRequest {
        /// The text to work on: text, not empty, or a list of at most 100 items.
        pub text: client::OneOrMany<
            client::Text<1>,
            client::List<client::Text<1>, 0, 100>,
        >,
        /// Cut texts that are too long instead of refusing them: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub truncate_inputs: Option<bool>,
    }
    impl EmbeddingRequest {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(
            text: impl Into<
                client::OneOrMany<client::Text<1>, client::List<client::Text<1>, 0, 100>>,
            >,
        ) -> Self {
            Self {
                text: text.into(),
                truncate_inputs: None,
            }
        }
        /// Cut texts that are too long instead of refusing them: true or false.
        #[must_use]
        pub fn truncate_inputs(mut self, truncate_inputs: bool) -> Self {
            self.truncate_inputs = Some(truncate_inputs);
            self
        }
    }
    impl client::Request for EmbeddingRequest {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)
        }
    }
    /// What `context` holds.
    #[derive(Clone, Debug, Default, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Context {
        /// The text to work on: text, not empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<client::Text<1>>,
    }
    impl Context {
        /// With nothing set.
        #[must_use]
        pub fn new() -> Self {
            Self { text: None }
        }
        /// The text to work on: text, not empty.
        #[must_use]
        pub fn text(mut self, text: impl Into<client::Text<1>>) -> Self {
            self.text = Some(text.into());
            self
        }
    }
    /// What the model is asked, as `query_and_contexts`.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct QueryAndContextsRequest {
        /// The texts to compare with the query: a list.
        pub contexts: Vec<Context>,
        /// What to look for: text, not empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub query: Option<client::Text<1>>,
        /// Cut texts that are too long instead of refusing them: true or false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub truncate_inputs: Option<bool>,
    }
    impl QueryAndContextsRequest {
        /// From what is required; everything else is left to the service.
        #[must_use]
        pub fn new(contexts: impl Into<Vec<Context>>) -> Self {
            Self {
                contexts: contexts.into(),
                query: None,
                truncate_inputs: None,
            }
        }
        /// What to look for: text, not empty.
        #[must_use]
        pub fn query(mut self, query: impl Into<client::Text<1>>) -> Self {
            self.query = Some(query.into());
            self
        }
        /// Cut texts that are too long instead of refusing them: true or false.
        #[must_use]
        pub fn truncate_inputs(mut self, truncate_inputs: bool) -> Self {
            self.truncate_inputs = Some(truncate_inputs);
            self
        }
    }
    impl client::Request for QueryAndContextsRequest {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            client::Encoded::json(self)
        }
    }
    /// What the model is asked, in any of its forms.
    #[derive(Clone, Debug, Serialize)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum Request {
        /// With `text`.
        Embedding(EmbeddingRequest),
        /// With `contexts`.
        QueryAndContexts(QueryAndContextsRequest),
    }
    impl<'de> Deserialize<'de> for Request {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            let value = ::serde_json::Value::deserialize(deserializer)?;
            match client::wire::choose(
                &value,
                &[
                    client::wire::Arm::Keys(&["text"]),
                    client::wire::Arm::Keys(&["contexts"]),
                ],
            ) {
                Option::Some(0usize) => client::wire::decode(value).map(Self::Embedding),
                Option::Some(1usize) => {
                    client::wire::decode(value).map(Self::QueryAndContexts)
                }
                _ => {
                    Result::Err(
                        ::serde::de::Error::custom(
                            ::std::concat!(
                                "expected ",
                                "an object with `text`, or an object with `contexts`"
                            ),
                        ),
                    )
                }
            }
        }
    }
    impl From<EmbeddingRequest> for Request {
        fn from(value: EmbeddingRequest) -> Self {
            Self::Embedding(value)
        }
    }
    impl From<QueryAndContextsRequest> for Request {
        fn from(value: QueryAndContextsRequest) -> Self {
            Self::QueryAndContexts(value)
        }
    }
    impl Request {
        /// A request in its `embedding` form.
        #[must_use]
        pub fn embedding(
            text: impl Into<
                client::OneOrMany<client::Text<1>, client::List<client::Text<1>, 0, 100>>,
            >,
        ) -> EmbeddingRequest {
            <EmbeddingRequest>::new(text)
        }
        /// A request in its `query_and_contexts` form.
        #[must_use]
        pub fn query_and_contexts(
            contexts: impl Into<Vec<Context>>,
        ) -> QueryAndContextsRequest {
            <QueryAndContextsRequest>::new(contexts)
        }
    }
    impl client::Request for Request {
        fn encode(&self) -> Result<client::Encoded, client::Invalid> {
            match self {
                Self::Embedding(form) => client::Request::encode(form),
                Self::QueryAndContexts(form) => client::Request::encode(form),
            }
        }
    }
    /// What the model answered.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Response {
        /// Which of the inputs this belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<i64>,
        /// Score; higher fits better.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub score: Option<f64>,
    }
    /// What `scores` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Scores {
        /// What the model answered.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub response: Vec<Response>,
        /// What the call used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usage: Option<client::Usage>,
    }
    /// How token vectors become one; vectors of different pooling do not compare.
    #[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
    #[non_exhaustive]
    pub enum Pooling {
        /// `mean`
        #[serde(rename = "mean")]
        Mean,
        /// `cls`
        #[serde(rename = "cls")]
        Cls,
        /// A value that was not known when these bindings were made.
        #[serde(untagged)]
        Unknown(String),
    }
    /// What `context_embeddings` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct ContextEmbeddings {
        /// How token vectors become one; vectors of different pooling do not compare.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub pooling: Option<Pooling>,
        /// What the model answered.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub response: Vec<Vec<f32>>,
        /// How many vectors there are, and how long they are.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub shape: Vec<i64>,
        /// What the call used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usage: Option<client::Usage>,
    }
    /// What `embeddings` holds.
    #[derive(Clone, Debug, Deserialize, Serialize)]
    #[non_exhaustive]
    pub struct Embeddings {
        /// One vector of numbers for each text, in the order they were sent.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub data: Vec<Vec<f32>>,
        /// How token vectors become one; vectors of different pooling do not compare.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub pooling: Option<Pooling>,
        /// How many vectors there are, and how long they are.
        #[serde(default, deserialize_with = "client::wire::null_as_default")]
        pub shape: Vec<i64>,
        /// What the call used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usage: Option<client::Usage>,
    }
    /// What the model answers.
    #[derive(Clone, Debug, Serialize)]
    #[serde(untagged)]
    #[non_exhaustive]
    pub enum Reply {
        /// With `response`.
        Scores(Scores),
        /// With `response` and `shape`.
        ContextEmbeddings(ContextEmbeddings),
        /// With `data`.
        Embeddings(Embeddings),
        /// A shape that was not known when these bindings were made.
        Unknown(::serde_json::Value),
    }
    impl<'de> Deserialize<'de> for Reply {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Self, D::Error> {
            let value = ::serde_json::Value::deserialize(deserializer)?;
            match client::wire::choose(
                &value,
                &[
                    client::wire::Arm::Keys(&["response"]),
                    client::wire::Arm::Keys(&["response", "shape"]),
                    client::wire::Arm::Keys(&["data"]),
                ],
            ) {
                Option::Some(0usize) => client::wire::decode(value).map(Self::Scores),
                Option::Some(1usize) => {
                    client::wire::decode(value).map(Self::ContextEmbeddings)
                }
                Option::Some(2usize) => client::wire::decode(value).map(Self::Embeddings),
                _ => Result::Ok(Self::Unknown(value)),
            }
        }
    }
    impl client::Reply for Reply {
        fn decode(answer: client::Answer) -> Result<Self, client::Error> {
            answer.json()
        }
    }
}
