//! Vectors that mean something.

use workers_ai_inference::{EmbedRequest, Engine, Match, Pooling, Task};

use crate::weights::engine;

const MODEL: &str = "@cf/baai/bge-small-en-v1.5";

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

fn vectors(engine: &Engine, texts: &[&str]) -> Vec<Vec<f32>> {
    engine.embed(MODEL, &EmbedRequest::new(texts.iter().copied())).unwrap().vectors
}

#[test]
fn near_texts_are_nearer_than_far_ones() {
    let Some(engine) = engine(MODEL, Task::Embedding) else { return };
    let [cat, kitten, market] = &vectors(
        engine,
        &["A cat sleeps on the sofa.", "The kitten is napping on the couch.", "Stock prices fell sharply in March."],
    )[..] else {
        unreachable!("three texts are three vectors")
    };
    assert!(cosine(cat, kitten) > cosine(cat, market) + 0.3);
    for vector in [cat, kitten, market] {
        assert_eq!(vector.len(), 384);
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
    }
}

/// The expected numbers come from the same weights, computed with 64-bit numbers by an implementation of its own.
#[test]
fn vectors_are_those_of_the_reference() {
    let Some(engine) = engine(MODEL, Task::Embedding) else { return };
    if engine.supports(MODEL, Task::Embedding) != Some(Match::Substitute) {
        println!("skipped: other weights than all-MiniLM-L6-v2 answer");
        return;
    }
    let texts =
        ["That is a happy person", "That is a happy dog", "Today is a sunny day", "That is a very happy person"];
    let found = vectors(engine, &texts);
    for (other, expected) in [(1, 0.694_577_4), (2, 0.256_876_1), (3, 0.942_915)] {
        let found = cosine(&found[0], &found[other]);
        assert!((found - expected).abs() < 1e-5, "{}: {found} is not {expected}", texts[other]);
    }
    for (found, expected) in found[0].iter().zip([-0.033_876_9, 0.091_941_58, 0.048_701_34, -0.034_883_57]) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
    let mut request = EmbedRequest::new([texts[0]]);
    request.pooling = Pooling::Cls;
    let reply = engine.embed(MODEL, &request).unwrap();
    for (found, expected) in reply.vectors[0].iter().zip([-0.010_122_82, 0.037_093_23, 0.011_397_32, 0.012_876]) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
    assert_eq!(reply.tokens, 7);
}

#[test]
fn a_text_has_the_same_vector_in_any_company() {
    let Some(engine) = engine(MODEL, Task::Embedding) else { return };
    let long = "words and more words ".repeat(40);
    let texts: Vec<String> = (0..40).map(|number| format!("{number} {}", &long[..number * 20])).collect();
    let together = engine.embed(MODEL, &EmbedRequest::new(texts.clone())).unwrap();
    let mut tokens = 0;
    for (text, vector) in texts.iter().zip(&together.vectors).step_by(7) {
        let alone = engine.embed(MODEL, &EmbedRequest::new([text.as_str()])).unwrap();
        assert!(cosine(&alone.vectors[0], vector) > 0.99999, "{text:?}");
        tokens += alone.tokens;
    }
    assert!(together.tokens > tokens);
}

#[test]
fn long_texts_are_cut() {
    let Some(engine) = engine(MODEL, Task::Embedding) else { return };
    let reply = engine.embed(MODEL, &EmbedRequest::new(["word ".repeat(2000)])).unwrap();
    assert!((256..=512).contains(&reply.tokens), "{} tokens", reply.tokens);
}

#[test]
fn no_text_is_bad_input() {
    let Some(engine) = engine(MODEL, Task::Embedding) else { return };
    assert!(engine.embed(MODEL, &EmbedRequest::default()).unwrap_err().is_bad_input());
    // An empty text is a text: its vector is that of nothing but the tokens that open and close it.
    assert_eq!(engine.embed(MODEL, &EmbedRequest::new([""])).unwrap().tokens, 2);
}
