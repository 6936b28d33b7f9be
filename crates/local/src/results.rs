//! Results as the models write them, whoever made what is in them.

use serde_json::{Map, Value, json};

use crate::answer::Usage;
use crate::catalog::Model;
use crate::dialect::{arms, property, usage_json};
use crate::input::Input;

/// What an embedding model is asked to work on.
pub(crate) enum Texts {
    /// One vector for each of these, under this key.
    Embed(Vec<String>, &'static str),
    /// How well each of these answers the query.
    Score(String, Vec<String>),
}

/// The texts of a request, in the order in which their vectors are answered.
pub(crate) fn texts(input: &Input) -> Texts {
    let fields = &input.fields;
    match (input.text("query"), fields.get("contexts")) {
        (Some(query), Some(contexts)) => Texts::Score(query.to_owned(), of_contexts(contexts)),
        (None, Some(contexts)) => Texts::Embed(of_contexts(contexts), "response"),
        // qwen3-embedding takes queries and documents apart from plain text, and answers them in this order.
        _ => {
            let named = ["text", "queries", "documents"].iter().filter_map(|name| fields.get(*name));
            Texts::Embed(named.flat_map(strings).collect(), "data")
        }
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// The texts of contexts to compare.
pub(crate) fn of_contexts(contexts: &Value) -> Vec<String> {
    let texts = contexts.as_array().into_iter().flatten();
    texts.map(|context| context.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
}

/// Vectors of texts.
pub(crate) fn vectors(model: &Model, input: &Input, key: &str, vectors: &[Vec<f64>], usage: &Usage) -> Value {
    // Six digits are what single precision holds, and print shortly.
    let rounded = |vector: &Vec<f64>| -> Value { vector.iter().map(|number| (number * 1e6).round() / 1e6).collect() };
    let dimensions = vectors.first().map_or(0, Vec::len);
    let mut result = Map::new();
    result.insert("shape".to_owned(), json!([vectors.len(), dimensions]));
    result.insert(key.to_owned(), vectors.iter().map(rounded).collect());
    if replies_with(model, "pooling") {
        result.insert("pooling".to_owned(), json!(pooling(model, input)));
    }
    result.insert("usage".to_owned(), usage_json(model, usage));
    Value::Object(result)
}

/// How token vectors become one: as asked for, or as the model does it.
pub(crate) fn pooling<'a>(model: &Model, input: &'a Input) -> &'a str {
    input.text("pooling").unwrap_or(if model.id().ends_with("bge-m3") { "cls" } else { "mean" })
}

/// How well each context answers a query, the best first; the number is its place in the request.
pub(crate) fn scores(model: &Model, mut scored: Vec<(usize, f64)>, most: Option<u64>, usage: &Usage) -> Value {
    scored.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    scored.truncate(most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX));
    let rows: Vec<Value> =
        scored.into_iter().map(|(id, score)| json!({"id": id, "score": (score * 1e6).round() / 1e6})).collect();
    json!({"response": rows, "usage": usage_json(model, usage)})
}

/// What was heard.
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) language: String,
    pub(crate) seconds: f64,
    pub(crate) segments: Vec<Said>,
}

/// A part of it, with its words.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) words: Vec<Word>,
}

/// A word, and when it was said.
pub(crate) struct Word {
    pub(crate) word: String,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

/// A transcript in the form of the model's family.
pub(crate) fn transcript(model: &Model, heard: &Heard) -> Value {
    let timed = |word: &Word| json!({"word": word.word, "start": word.start, "end": word.end});
    let words: Vec<&Word> = heard.segments.iter().flat_map(|segment| &segment.words).collect();
    if replies_with(model, "results") {
        let words: Vec<Value> = words
            .iter()
            .map(|word| json!({"word": word.word, "start": word.start, "end": word.end, "confidence": 0.99}))
            .collect();
        let alternative = json!({"transcript": heard.text, "confidence": 0.99, "words": words});
        return json!({"results": {"channels": [{"alternatives": [alternative]}]}});
    }
    let mut result = Map::new();
    if replies_with(model, "transcription_info") {
        let seconds = heard.seconds;
        let info = json!({"language": heard.language, "language_probability": 1.0, "duration": seconds, "duration_after_vad": seconds});
        result.insert("transcription_info".to_owned(), info);
        let segments: Vec<Value> = heard
            .segments
            .iter()
            .map(|said| {
                json!({
                    "start": said.start, "end": said.end, "text": said.text, "temperature": 0.0, "avg_logprob": -0.1,
                    "compression_ratio": 1.0, "no_speech_prob": 0.01,
                    "words": said.words.iter().map(timed).collect::<Vec<_>>(),
                })
            })
            .collect();
        result.insert("segments".to_owned(), Value::Array(segments));
    } else {
        result.insert("words".to_owned(), words.iter().map(|word| timed(word)).collect());
    }
    result.insert("text".to_owned(), Value::from(heard.text.as_str()));
    result.insert("word_count".to_owned(), json!(words.len()));
    result.insert("vtt".to_owned(), Value::from(vtt(&words)));
    Value::Object(result)
}

/// Subtitles, four words a line.
fn vtt(words: &[&Word]) -> String {
    let mut subtitles = String::from("WEBVTT\n");
    for line in words.chunks(4) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let text = line.iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" ");
        subtitles.push_str(&format!("\n{} --> {}\n{text}\n", clock(first.start), clock(last.end)));
    }
    subtitles
}

fn clock(time: f64) -> String {
    let (hours, minutes) = ((time / 3600.0).floor(), (time / 60.0).floor() % 60.0);
    format!("{hours:02}:{minutes:02}:{:06.3}", time % 60.0)
}

/// Whether a model's JSON has this property at its top.
pub(crate) fn replies_with(model: &Model, name: &str) -> bool {
    let json = model.canonical().and_then(|canonical| canonical.reply.json.as_ref());
    json.is_some_and(|json| arms(json).into_iter().any(|arm| property(arm, name).is_some()))
}
