//! Made-up answers: deterministic, true to schema and wire, sensible where that is cheap.

mod audio;
mod chat;
mod embedding;
mod image;
mod speech;
mod text;
mod vision;

pub(crate) use chat::prompt_tokens;
#[cfg(feature = "inference")]
pub(crate) use chat::{JsonFormat, json_format};
pub(crate) use speech::WORDS;

use std::pin::Pin;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::answer::{Answer, Answerer, Fidelity, Question, Reply, Usage, tokens};
use crate::catalog::Model;
use crate::dialect::{arms, property};
use crate::dice::Dice;
use crate::input::Input;
use crate::refusal::Refusal;
use crate::sample::Sampler;

/// Answers every model without knowing any: the same request and seed give the same answer.
///
/// ```
/// use std::sync::Arc;
///
/// use workers_ai_local::{Answer, Answerer, Catalog, Input, Question, Style, Synthetic};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let catalog = Catalog::embedded()?;
/// let model = catalog.get("@cf/huggingface/distilbert-sst-2-int8").unwrap();
/// let fields = serde_json::json!({"text": "A calm sea."}).as_object().cloned().unwrap_or_default();
/// let ask = || Question {
///     model: Arc::clone(model),
///     input: Input { fields: fields.clone(), ..Input::default() },
///     style: Style::Classic,
/// };
/// let mut said = Vec::new();
/// for synthetic in [Synthetic::default(), Synthetic::default(), Synthetic::new(7)] {
///     let reply = synthetic.answer(ask()).await.map_err(|refusal| refusal.message().to_owned())?;
///     if let Answer::Json(value) = reply.answer {
///         said.push(value);
///     }
/// }
/// assert!(said[0] == said[1] && said[1] != said[2]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Synthetic {
    seed: u64,
}

impl Synthetic {
    /// Answers that differ from those of any other seed, where chance has a part in them: pictures, scores, sampled JSON.
    /// Vectors depend on the model and the text alone.
    ///
    /// ```
    /// use workers_ai_local::Synthetic;
    ///
    /// let synthetic = Synthetic::new(7);
    /// # let _ = synthetic;
    /// ```
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    fn make(self, question: &Question) -> Reply {
        let dice = question.input.dice(question.model.id(), self.seed);
        let asked = Asked { model: &question.model, input: &question.input, dice };
        let (answer, usage) = asked.answer(question);
        Reply { answer, usage, fidelity: Fidelity::Synthetic }
    }
}

impl Answerer for Synthetic {
    fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
        let synthetic = *self;
        Box::pin(async move {
            // Handing a question to another thread and back costs more than most answers.
            if is_quick(&question) {
                return Ok(synthetic.make(&question));
            }
            let made = tokio::task::spawn_blocking(move || synthetic.make(&question)).await;
            made.map_err(|error| Refusal::failed(&error.to_string()))
        })
    }
}

/// Whether an answer is made in no time. Drawing, speaking, reading much, and following a schema that a caller may have made
/// as deep as they like take a while, in which other requests are to go on.
fn is_quick(question: &Question) -> bool {
    let Question { model, input, .. } = question;
    let draws = matches!(model.modality(), "text-to-image" | "text-to-speech")
        || model.canonical().is_some_and(|canonical| canonical.reply.bytes.is_some());
    let has_schema = chat::json_format(&input.fields).is_some()
        || ["tools", "functions"].iter().any(|name| input.fields.contains_key(*name));
    input.is_short() && !draws && !has_schema
}

/// One request and the dice that belong to it.
struct Asked<'a> {
    model: &'a Model,
    input: &'a Input,
    dice: Dice,
}

impl Asked<'_> {
    fn answer(&self, question: &Question) -> (Answer, Usage) {
        let made = match self.model.modality() {
            "text-generation" if self.is_chat() => return chat::answer(self, question.style),
            "text-embeddings" => embedding::embed(self),
            "text-classification" if self.input.fields.contains_key("contexts") => Some(embedding::rerank(self)),
            "text-classification" => Some(text::classify(self)),
            "translation" => Some(text::translate(self)),
            "summarization" => Some(text::summarise(self)),
            "image-classification" => Some(vision::classify(self)),
            "object-detection" => Some(vision::detect(self)),
            "image-to-text" => Some(vision::describe(self)),
            "automatic-speech-recognition" => Some(speech::transcribe(self)),
            "voice-activity-detection" => Some(speech::turn_end(self)),
            "text-to-image" => Some(image::draw(self)),
            "text-to-speech" => Some(audio::speak(self)),
            _ => None,
        };
        match made {
            // A schema that has moved on since this was written is answered from the schema alone.
            Some((Answer::Json(result), usage)) if !self.fits(&result) => (self.whatever_fits(), usage),
            Some(made) => made,
            None => (self.whatever_fits(), self.text_usage("")),
        }
    }

    /// Whether the model answers like a chat model, in either dialect.
    fn is_chat(&self) -> bool {
        let Some(canonical) = self.model.canonical() else { return true };
        let Some(json) = &canonical.reply.json else { return canonical.reply.bytes.is_none() };
        let known = |name| arms(json).into_iter().any(|arm| property(arm, name).is_some());
        let says_nothing = !arms(json).into_iter().any(|arm| arm.get("properties").is_some());
        known("response") || known("choices") || known("output") || says_nothing
    }

    fn fits(&self, result: &Value) -> bool {
        self.model.reply_checker().is_none_or(|checker| checker.is_valid(result))
    }

    /// Whatever the reply's schema asks for.
    fn whatever_fits(&self) -> Answer {
        let Some(canonical) = self.model.canonical() else { return Answer::Json(Value::Object(Map::new())) };
        if let Some(schema) = self.model.reply_schema() {
            let told = self.told();
            return Answer::Json(Sampler::new(schema, self.dice.clone()).full().about(&told).value());
        }
        let content_type =
            canonical.reply.bytes.as_ref().and_then(|bytes| bytes.content_type.as_deref()).unwrap_or_default();
        match content_type.split('/').next() {
            Some("image") => image::draw(self).0,
            Some("audio") => audio::speak(self).0,
            _ => Answer::Bytes { content_type: "application/octet-stream".to_owned(), bytes: Bytes::from(self.told()) },
        }
    }

    /// The text that the model was given, whatever its field is called.
    fn told(&self) -> String {
        let names = ["text", "prompt", "input_text", "question", "query"];
        names.iter().find_map(|name| self.input.text(name)).unwrap_or("a synthetic answer").to_owned()
    }

    fn text_usage(&self, answer: &str) -> Usage {
        Usage { input_tokens: tokens(&self.told()), output_tokens: tokens(answer), ..Usage::default() }
    }

    /// The content type of a reply of raw bytes.
    fn content_type(&self) -> Option<&str> {
        self.model.canonical()?.reply.bytes.as_ref()?.content_type.as_deref()
    }
}

/// The first words of a text, in quotes where that helps.
fn excerpt(text: &str, longest: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut short = String::new();
    for word in words {
        if short.chars().count() + word.chars().count() >= longest {
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::catalog::Catalog;
    use crate::dialect::Style;
    use crate::input::QUICKLY_READ;

    #[track_caller]
    fn check(model: &str, fields: Value, expected: bool) {
        let catalog = Catalog::embedded().unwrap();
        let fields = fields.as_object().cloned().unwrap();
        let input = Input { fields, ..Input::default() };
        let question = Question { model: Arc::clone(catalog.get(model).unwrap()), input, style: Style::Classic };
        assert_eq!(is_quick(&question), expected);
    }

    #[test]
    fn what_takes_no_time_is_answered_at_once() {
        let messages = json!([{"role": "user", "content": "Why is the sky blue?"}]);
        check("@cf/meta/llama-3.2-1b-instruct", json!({"messages": messages, "max_tokens": 20}), true);
        check("@cf/baai/bge-m3", json!({"text": vec!["a sentence"; 100]}), true);
    }

    #[test]
    fn drawing_reading_much_and_other_peoples_schemas_are_left_to_others() {
        let chat = "@cf/meta/llama-3.2-1b-instruct";
        check("@cf/black-forest-labs/flux-1-schnell", json!({"prompt": "a lighthouse"}), false);
        check(chat, json!({"prompt": "a".repeat(QUICKLY_READ)}), false);
        check(chat, json!({"prompt": "a", "response_format": {"type": "json_schema", "json_schema": {}}}), false);
        check(chat, json!({"prompt": "a", "tools": []}), false);
        check("@cf/baai/bge-m3", json!({"text": vec!["a"; 1000]}), false);
        check("@cf/openai/whisper", json!({"audio": vec![0; QUICKLY_READ + 1]}), false);
    }

    #[test]
    fn files_count_too() {
        let catalog = Catalog::embedded().unwrap();
        let quick = |length: usize| {
            let files = [("audio".to_owned(), Bytes::from(vec![0; length]))].into();
            let input = Input { files, ..Input::default() };
            let model = Arc::clone(catalog.get("@cf/openai/whisper").unwrap());
            is_quick(&Question { model, input, style: Style::Classic })
        };
        assert!(quick(QUICKLY_READ) && !quick(QUICKLY_READ + 1));
    }
}
