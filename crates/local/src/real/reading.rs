//! Texts: vectors, scores, labels.

use serde_json::json;
use workers_ai_inference::{EmbedRequest, Pooling, RerankRequest};

use super::{Asked, Made, count};
use crate::answer::{Answer, Usage};
use crate::results::{Texts, of_contexts, pooling, scores, texts, vectors};

impl Asked<'_> {
    pub(super) fn embed(&self) -> Made {
        let (texts, query, key) = match texts(self.input) {
            Texts::Embed(texts, key) => (texts, None, key),
            Texts::Score(query, contexts) => (contexts, Some(query), "response"),
        };
        let mut request = EmbedRequest::new(query.iter().cloned().chain(texts));
        request.pooling = if pooling(self.model, self.input) == "cls" { Pooling::Cls } else { Pooling::Mean };
        let made = self.engine.embed(self.model.id(), &request)?;
        let usage = Usage { input_tokens: count(made.tokens), ..Usage::default() };
        let all: Vec<Vec<f64>> =
            made.vectors.iter().map(|vector| vector.iter().copied().map(f64::from).collect()).collect();
        let result = match (query, all.split_first()) {
            (Some(_), Some((wanted, contexts))) => {
                let near = |vector: &Vec<f64>| vector.iter().zip(wanted).map(|(one, other)| one * other).sum::<f64>();
                scores(self.model, contexts.iter().map(near).enumerate().collect(), None, &usage)
            }
            _ => vectors(self.model, self.input, key, &all, &usage),
        };
        Ok((Answer::Json(result), usage, made.matched))
    }

    pub(super) fn rerank(&self) -> Made {
        let contexts = of_contexts(self.input.fields.get("contexts").unwrap_or(&serde_json::Value::Null));
        let query = self.input.text("query").unwrap_or_default().to_owned();
        let made = self.engine.rerank(self.model.id(), &RerankRequest { query, contexts, top: None })?;
        let usage = Usage { input_tokens: count(made.tokens), ..Usage::default() };
        let scored = made.scores.iter().map(|score| (score.index, f64::from(score.score))).collect();
        let result = scores(self.model, scored, self.input.integer("top_k"), &usage);
        Ok((Answer::Json(result), usage, made.matched))
    }

    pub(super) fn classify(&self) -> Made {
        let made = self.engine.classify(self.model.id(), self.input.text("text").unwrap_or_default())?;
        let usage = Usage { input_tokens: count(made.tokens), ..Usage::default() };
        let labels: Vec<_> =
            made.labels.iter().map(|label| json!({"label": label.label, "score": label.score})).collect();
        Ok((Answer::Json(labels.into()), usage, made.matched))
    }
}
