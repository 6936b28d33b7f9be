//! Labels for a text, with a classifier of the DistilBERT family.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{Device, Tensor};
use candle_nn::{Linear, Module as _, linear, ops};
use candle_transformers::models::distilbert::{Config, DistilBertModel};
use serde::Deserialize;

use super::tokens::Tokens;
use crate::error::{Error, Result};
use crate::files;
use crate::task::Match;

/// What a text is, by label, the likeliest first.
#[derive(Clone, Debug)]
pub struct Classification {
    /// All labels of the model.
    pub labels: Vec<Label>,
    /// Tokens that were read; what is longer than the model can read is cut.
    pub tokens: usize,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// A label and how likely it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its name, such as `POSITIVE`.
    pub label: String,
    /// From 0 to 1; all labels together are 1.
    pub score: f32,
}

/// The part of the configuration that is not the encoder's.
#[derive(Deserialize)]
struct Labels {
    id2label: BTreeMap<usize, String>,
    max_position_embeddings: usize,
}

/// A loaded model.
pub(crate) struct Classifier {
    model: DistilBertModel,
    before: Linear,
    last: Linear,
    labels: Vec<String>,
    tokens: Tokens,
}

impl Classifier {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let config_path = folder.join("config.json");
        let config: Config = files::read_json(&config_path)?;
        let labels: Labels = files::read_json(&config_path)?;
        let tokens = Tokens::load(folder, labels.max_position_embeddings)?;
        let names: Vec<String> = labels.id2label.into_values().collect();

        let path = folder.join("model.safetensors");
        let weights = files::read_safetensors(&path)?;
        let load = || {
            let model = DistilBertModel::load(weights.clone(), &config)?;
            let before = linear(config.dim, config.dim, weights.pp("pre_classifier"))?;
            let last = linear(config.dim, names.len(), weights.pp("classifier"))?;
            Ok((model, before, last))
        };
        let (model, before, last) = load().map_err(files::unfit(&path))?;
        Ok(Self { model, before, last, labels: names, tokens })
    }

    pub(crate) fn classify(&self, text: &str, matched: Match) -> Result<Classification> {
        if text.is_empty() {
            return Err(Error::input("there is no text to classify"));
        }
        let encoded = self.tokens.encode(text)?;
        let length = encoded.len();
        let ids = Tensor::new(encoded.get_ids(), &Device::Cpu)?.unsqueeze(0)?;
        // In this mask a one hides a token; a single text has none to hide.
        let mask = Tensor::zeros((1, 1, length, length), candle_core::DType::U8, &Device::Cpu)?;
        let first = self.model.forward(&ids, &mask)?.narrow(1, 0, 1)?.squeeze(1)?;
        let logits = self.last.forward(&self.before.forward(&first)?.relu()?)?;
        let scores = ops::softmax_last_dim(&logits)?.squeeze(0)?.to_vec1::<f32>()?;
        let mut labels: Vec<Label> =
            self.labels.iter().cloned().zip(scores).map(|(label, score)| Label { label, score }).collect();
        labels.sort_by(|one, other| other.score.total_cmp(&one.score));
        Ok(Classification { labels, tokens: length, matched })
    }
}
