//! Models whose real weights are too large for a test, with small made-up ones of the same make.

use std::fs;
use std::path::Path;

use candle_core::{DType, Device};
use candle_nn::{VarBuilder, VarMap, linear};
use candle_transformers::models::{distilbert, xlm_roberta};
use workers_ai_inference::{Engine, Options, RerankRequest, Store, Task};

const WORDS: &[&str] = &["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "cats", "dogs", "like", "i", "who"];

/// Lays a set out: its configuration, the words it knows, and the weights that `make` asks for, drawn at random.
fn lay(folder: &Path, config: &serde_json::Value, make: impl FnOnce(VarBuilder<'_>)) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    fs::write(folder.join("vocab.txt"), WORDS.join("\n")).unwrap();
    let weights = VarMap::new();
    make(VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu));
    weights.save(folder.join("model.safetensors")).unwrap();
}

#[test]
fn a_cross_encoder_sorts_texts() {
    let folder = tempfile::tempdir().unwrap();
    let config = serde_json::json!({
        "hidden_size": 16, "layer_norm_eps": 1e-5, "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0,
        "num_attention_heads": 2, "position_embedding_type": "absolute", "intermediate_size": 32, "hidden_act": "gelu",
        "num_hidden_layers": 1, "vocab_size": WORDS.len(), "max_position_embeddings": 34, "type_vocab_size": 1,
        "pad_token_id": 1,
    });
    lay(&folder.path().join("bge-reranker-base"), &config, |weights| {
        let config: xlm_roberta::Config = serde_json::from_value(config.clone()).unwrap();
        // BERT marks the second text of a pair, which this model does not tell apart: two kinds of one number each.
        xlm_roberta::XLMRobertaForSequenceClassification::new(1, &config, weights).unwrap();
    });
    let engine = Engine::new(Store::new(folder.path()), Options::default());
    let mut request = RerankRequest {
        query: "who like cats".to_owned(),
        contexts: ["i like cats", "dogs", "bad dogs like good dogs", &"cats ".repeat(100)].map(str::to_owned).to_vec(),
        top: None,
    };
    let all = engine.rerank("@cf/baai/bge-reranker-base", &request).unwrap();
    let mut places: Vec<usize> = all.scores.iter().map(|score| score.index).collect();
    assert!(all.scores.windows(2).all(|pair| pair[0].score >= pair[1].score), "{:?}", all.scores);
    assert!(all.scores.iter().all(|score| (0.0..=1.0).contains(&score.score)), "{:?}", all.scores);
    places.sort_unstable();
    assert_eq!(places, [0, 1, 2, 3]);
    // 3 + 3 + 3, 3 + 3 + 1, 3 + 3 + 5, and as many as there are places.
    assert_eq!(all.tokens, 9 + 7 + 11 + 32);

    request.top = Some(2);
    assert_eq!(engine.rerank("@cf/baai/bge-reranker-base", &request).unwrap().scores, all.scores[..2]);
    request.contexts.clear();
    assert!(engine.rerank("@cf/baai/bge-reranker-base", &request).unwrap_err().is_bad_input());
}

#[test]
fn a_classifier_names_its_labels() {
    let folder = tempfile::tempdir().unwrap();
    let config = serde_json::json!({
        "vocab_size": WORDS.len(), "dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 32, "activation": "gelu",
        "max_position_embeddings": 32, "initializer_range": 0.02, "pad_token_id": 0, "model_type": "distilbert",
        "id2label": { "0": "NEGATIVE", "1": "POSITIVE" },
    });
    lay(&folder.path().join("distilbert-sst-2"), &config, |weights| {
        let config: distilbert::Config = serde_json::from_value(config.clone()).unwrap();
        distilbert::DistilBertModel::load(weights.pp("distilbert"), &config).unwrap();
        linear(16, 16, weights.pp("pre_classifier")).unwrap();
        linear(16, 2, weights.pp("classifier")).unwrap();
    });
    let engine = Engine::new(Store::new(folder.path()), Options::default());
    let model = "@cf/huggingface/distilbert-sst-2-int8";
    assert!(engine.supports(model, Task::Classification).is_some());
    let found = engine.classify(model, "I like good cats").unwrap();
    let mut names: Vec<&str> = found.labels.iter().map(|label| label.label.as_str()).collect();
    assert!(found.labels[0].score >= found.labels[1].score);
    assert!((found.labels[0].score + found.labels[1].score - 1.0).abs() < 1e-5, "{:?}", found.labels);
    names.sort_unstable();
    assert_eq!((names.as_slice(), found.tokens), (&["NEGATIVE", "POSITIVE"][..], 6));
    assert_eq!(engine.classify(model, "I like good cats").unwrap().labels, found.labels);
    assert!(engine.classify(model, "").unwrap_err().is_bad_input());
}
