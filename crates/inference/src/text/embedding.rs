//! Texts to vectors, with models of the BERT family.

use std::path::Path;

use candle_core::{Device, Tensor};
use candle_transformers::models::bert::{BertModel, Config};
use serde::Deserialize;
use tokenizers::Encoding;

use super::tokens::Tokens;
use crate::error::{Error, Result};
use crate::files;
use crate::task::Match;

/// Texts that pass through the model together. More of them would gain little and cost memory.
const BATCH: usize = 16;

/// Texts to turn into vectors.
#[derive(Clone, Debug, Default)]
pub struct EmbedRequest {
    /// The texts; what is longer than the model can read is cut.
    pub texts: Vec<String>,
    /// How the vectors of a text's tokens become one.
    pub pooling: Pooling,
}

/// How the vectors of a text's tokens become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooling {
    /// Their mean, the service's default.
    #[default]
    Mean,
    /// The vector of the first token.
    Cls,
}

impl EmbedRequest {
    /// A request for the mean vector of each text.
    pub fn new<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self { texts: texts.into_iter().map(Into::into).collect(), pooling: Pooling::default() }
    }
}

/// Vectors of length 1, in the order of the texts.
#[derive(Clone, Debug)]
pub struct Embeddings {
    /// One vector a text.
    pub vectors: Vec<Vec<f32>>,
    /// Numbers in each vector.
    pub dimensions: usize,
    /// Tokens that were read, with those that open and close each text.
    pub tokens: usize,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// What sentence-transformers writes beside its models.
#[derive(Deserialize)]
struct SentenceConfig {
    max_seq_length: usize,
}

/// A loaded model.
pub(crate) struct Embedder {
    model: BertModel,
    tokens: Tokens,
    dimensions: usize,
}

impl Embedder {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let config: Config = files::read_json(&folder.join("config.json"))?;
        let sentences: Option<SentenceConfig> = files::read_json_if_any(&folder.join("sentence_bert_config.json"))?;
        let limit = sentences.map_or(usize::MAX, |config| config.max_seq_length).min(config.max_position_embeddings);
        let tokens = Tokens::load(folder, limit)?;
        let path = folder.join("model.safetensors");
        let model = BertModel::load(files::read_safetensors(&path)?, &config).map_err(files::unfit(&path))?;
        Ok(Self { model, tokens, dimensions: config.hidden_size })
    }

    pub(crate) fn embed(&self, request: &EmbedRequest, matched: Match) -> Result<Embeddings> {
        if request.texts.is_empty() {
            return Err(Error::input("there is no text to embed"));
        }
        let encoded =
            request.texts.iter().map(|text| self.tokens.encode(text.as_str())).collect::<Result<Vec<Encoding>>>()?;
        let tokens = encoded.iter().map(Encoding::len).sum();

        // Texts of like length go together, so that little of a batch is padding.
        let mut order: Vec<(usize, &Encoding)> = encoded.iter().enumerate().collect();
        order.sort_by_key(|(_, text)| text.len());
        let mut vectors = Vec::with_capacity(order.len());
        for batch in order.chunks(BATCH) {
            let texts: Vec<&Encoding> = batch.iter().map(|(_, text)| *text).collect();
            let found = self.forward(&texts, request.pooling)?.to_vec2::<f32>()?;
            vectors.extend(batch.iter().map(|(place, _)| *place).zip(found));
        }
        vectors.sort_by_key(|(place, _)| *place);
        let vectors = vectors.into_iter().map(|(_, vector)| vector).collect();
        Ok(Embeddings { vectors, dimensions: self.dimensions, tokens, matched })
    }

    /// One batch: a row a text.
    fn forward(&self, texts: &[&Encoding], pooling: Pooling) -> Result<Tensor> {
        let length = texts.iter().map(|text| text.len()).max().unwrap_or_default();
        let shape = (texts.len(), length);
        let ids = padded(texts, length, |text| text.get_ids());
        let mask = padded(texts, length, |text| text.get_attention_mask());
        let kinds = padded(texts, length, |text| text.get_type_ids());
        let [ids, mask, kinds] = [
            Tensor::from_vec(ids, shape, &Device::Cpu)?,
            Tensor::from_vec(mask, shape, &Device::Cpu)?,
            Tensor::from_vec(kinds, shape, &Device::Cpu)?,
        ];
        let hidden = self.model.forward(&ids, &kinds, Some(&mask))?;
        let pooled = match pooling {
            Pooling::Cls => hidden.narrow(1, 0, 1)?.squeeze(1)?,
            Pooling::Mean => {
                let weights = mask.to_dtype(hidden.dtype())?.unsqueeze(2)?;
                hidden.broadcast_mul(&weights)?.sum(1)?.broadcast_div(&weights.sum(1)?)?
            }
        };
        Ok(pooled.broadcast_div(&pooled.sqr()?.sum_keepdim(1)?.sqrt()?)?)
    }
}

/// One number a token, with zeros after the shorter texts.
fn padded<'text>(
    texts: &[&'text Encoding],
    length: usize,
    numbers: impl Fn(&'text Encoding) -> &'text [u32],
) -> Vec<u32> {
    let mut all = Vec::with_capacity(texts.len() * length);
    for (row, text) in texts.iter().enumerate() {
        all.extend_from_slice(numbers(text));
        all.resize((row + 1) * length, 0);
    }
    all
}
