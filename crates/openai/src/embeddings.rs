//! Embeddings.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use workers_ai_client::{Error, Invalid, Model, OneOrMany, Usage, Vectors};

use crate::native;

/// What `/ai/v1/embeddings` takes.
///
/// ```
/// use workers_ai_openai::EmbeddingsRequest;
///
/// let request = EmbeddingsRequest::new("@cf/baai/bge-m3", ["sea".to_owned(), "sky".to_owned()]);
/// assert_eq!(
///     serde_json::to_value(&request)?,
///     serde_json::json!({"model": "@cf/baai/bge-m3", "input": ["sea", "sky"]}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmbeddingsRequest {
    /// The model's id.
    pub model: String,
    /// One text or several.
    pub input: OneOrMany<String, Vec<String>>,
    /// Every other field, under its name.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

impl EmbeddingsRequest {
    /// A request for the vectors of one text or several.
    ///
    /// ```
    /// use workers_ai_openai::EmbeddingsRequest;
    ///
    /// let request = EmbeddingsRequest::new("@cf/baai/bge-m3", "sea");
    /// assert_eq!(serde_json::to_value(&request)?["input"], "sea");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(model: impl Into<String>, input: impl Into<OneOrMany<String, Vec<String>>>) -> Self {
        Self { model: model.into(), input: input.into(), fields: Map::new() }
    }

    /// A model's own request in OpenAI's form: `text` becomes `input`.
    ///
    /// ```
    /// use workers_ai_openai::EmbeddingsRequest;
    /// use workers_ai_text_embeddings::bge_base_en_v1_5 as bge;
    ///
    /// let native = bge::Request::new(vec!["sea", "sky"]);
    /// let request = EmbeddingsRequest::from_native::<bge::BgeBaseEnV1_5>(native)?;
    /// assert_eq!(request.model, bge::ID);
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a value lies outside its range, or the request has no text.
    pub fn from_native<M: Model<Request: Serialize>>(request: impl Into<M::Request>) -> Result<Self, Error> {
        let mut fields = native::fields(&request.into())?;
        let Some(text) = fields.remove("text") else {
            return Err(Invalid::request("the request has no text").into());
        };
        fields.insert("input".to_owned(), text);
        fields.insert("model".to_owned(), M::INFO.id.into());
        native::read(fields)
    }

    /// The request as a model's own.
    ///
    /// ```
    /// use workers_ai_openai::EmbeddingsRequest;
    /// use workers_ai_text_embeddings::bge_base_en_v1_5 as bge;
    ///
    /// let request = EmbeddingsRequest::new(bge::ID, "sea");
    /// let native = request.to_native::<bge::BgeBaseEnV1_5>()?;
    /// assert_eq!(serde_json::to_value(&native).unwrap(), serde_json::json!({"text": "sea"}));
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the model does not take a field of it, or not that value; the error names it.
    pub fn to_native<M>(&self) -> Result<M::Request, Error>
    where
        M: Model<Request: Serialize + DeserializeOwned>,
    {
        let mut fields = native::fields(self)?;
        fields.remove("model");
        if let Some(input) = fields.remove("input") {
            fields.insert("text".to_owned(), input);
        }
        native::read_all(fields)
    }
}

/// What `/ai/v1/embeddings` answers.
///
/// ```
/// use workers_ai_openai::Embeddings;
///
/// let reply: Embeddings = serde_json::from_str(
///     r#"{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -0.5]}], "model": "@cf/baai/bge-m3"}"#,
/// )?;
/// assert_eq!(reply.into_vectors(), [[0.25, -0.5]]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Embeddings {
    /// Usually `list`.
    #[serde(default)]
    pub object: Option<String>,
    /// One embedding for each text.
    #[serde(default)]
    pub data: Vec<Embedding>,
    /// The model as the service names it.
    #[serde(default)]
    pub model: Option<String>,
    /// What the call used. The service has not been seen to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// One text's vector.
///
/// ```
/// use workers_ai_openai::Embedding;
///
/// let one: Embedding = serde_json::from_str(r#"{"object": "embedding", "index": 1, "embedding": [0.25, -0.5]}"#)?;
/// assert_eq!((one.index, one.embedding.len()), (1, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Embedding {
    /// Usually `embedding`.
    #[serde(default)]
    pub object: Option<String>,
    /// The vector.
    #[serde(default)]
    pub embedding: Vec<f32>,
    /// The text's place in the request, from 0.
    #[serde(default)]
    pub index: u64,
}

impl Embeddings {
    /// The vectors in the order of the texts: `data` of the native replies.
    ///
    /// ```
    /// use workers_ai_openai::Embeddings;
    ///
    /// // Should they come out of order:
    /// let reply: Embeddings =
    ///     serde_json::from_str(r#"{"data": [{"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]}]}"#)?;
    /// assert_eq!(reply.into_vectors().as_numbers(), [1.0, 2.0]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn into_vectors(mut self) -> Vectors {
        self.data.sort_by_key(|embedding| embedding.index);
        self.data.into_iter().map(|embedding| embedding.embedding).collect()
    }

    /// Vectors of a native reply in OpenAI's form.
    ///
    /// ```
    /// use workers_ai_openai::Embeddings;
    ///
    /// // A server of one's own that speaks OpenAI's dialect.
    /// let reply = Embeddings::from_vectors("@cf/baai/bge-m3", vec![vec![0.25, -0.5]], None);
    /// assert_eq!(serde_json::to_value(&reply)?["data"][0]["object"], "embedding");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn from_vectors(model: impl Into<String>, vectors: impl Into<Vectors>, usage: Option<Usage>) -> Self {
        let vectors = vectors.into();
        let object = Some("embedding".to_owned());
        let data = (0..).zip(vectors.iter()).map(|(index, vector)| Embedding {
            object: object.clone(),
            embedding: vector.to_vec(),
            index,
        });
        Self { object: Some("list".to_owned()), data: data.collect(), model: Some(model.into()), usage }
    }
}
