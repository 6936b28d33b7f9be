//! How well texts answer a query, with a cross encoder of the XLM-RoBERTa family.

use std::path::Path;

use candle_core::{Device, Tensor};
use candle_transformers::models::xlm_roberta::{Config, XLMRobertaForSequenceClassification};

use super::tokens::Tokens;
use crate::error::{Error, Result};
use crate::files;
use crate::task::Match;

/// A query and the texts that may answer it.
#[derive(Clone, Debug, Default)]
pub struct RerankRequest {
    /// The query.
    pub query: String,
    /// The texts. With the query before it, what is longer than the model can read is cut.
    pub contexts: Vec<String>,
    /// How many of the best to give back; all by default.
    pub top: Option<usize>,
}

/// Texts by how well they answer, the best first.
#[derive(Clone, Debug)]
pub struct Reranking {
    /// One score a text.
    pub scores: Vec<Score>,
    /// Tokens that were read.
    pub tokens: usize,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// How well a text answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Place of the text in the request, from 0.
    pub index: usize,
    /// From 0, not at all, to 1.
    pub score: f32,
}

/// A loaded model.
pub(crate) struct Reranker {
    model: XLMRobertaForSequenceClassification,
    tokens: Tokens,
}

impl Reranker {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let config: Config = files::read_json(&folder.join("config.json"))?;
        // The first positions are kept for padding: there are two more than a text may have tokens.
        let tokens = Tokens::load(folder, config.max_position_embeddings.saturating_sub(2))?;
        let path = folder.join("model.safetensors");
        let weights = files::read_safetensors(&path)?;
        let model = XLMRobertaForSequenceClassification::new(1, &config, weights).map_err(files::unfit(&path))?;
        Ok(Self { model, tokens })
    }

    pub(crate) fn rerank(&self, request: &RerankRequest, matched: Match) -> Result<Reranking> {
        if request.contexts.is_empty() {
            return Err(Error::input("there is no text to rank"));
        }
        let (mut scores, mut read) = (Vec::with_capacity(request.contexts.len()), 0);
        for (index, context) in request.contexts.iter().enumerate() {
            let pair = self.tokens.encode((request.query.as_str(), context.as_str()))?;
            read += pair.len();
            let ids = Tensor::new(pair.get_ids(), &Device::Cpu)?.unsqueeze(0)?;
            let (mask, kinds) = (ids.ones_like()?, ids.zeros_like()?);
            let logit = self.model.forward(&ids, &mask, &kinds)?.flatten_all()?.get(0)?;
            scores.push(Score { index, score: candle_nn::ops::sigmoid(&logit)?.to_scalar()? });
        }
        scores.sort_by(|one, other| other.score.total_cmp(&one.score));
        scores.truncate(request.top.unwrap_or(usize::MAX));
        Ok(Reranking { scores, tokens: read, matched })
    }
}
