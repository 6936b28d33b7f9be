//! Which of the wire's dialects a chat model speaks, and how a turn is written in it.

mod classic;
mod openai;
mod responses;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::answer::{Delta, Turn, Usage};
use crate::catalog::Model;
use crate::dice::Dice;
use crate::neurons::{neurons, written};

/// How a chat model writes its answer.
///
/// ```
/// use serde_json::Map;
/// use workers_ai_local::{Catalog, Style};
///
/// let catalog = Catalog::embedded()?;
/// let style = |id: &str| catalog.get(id).map(|model| Style::of(model, &Map::new()));
/// assert_eq!(style("@cf/meta/llama-3.2-1b-instruct"), Some(Style::Classic));
/// assert_eq!(style("@cf/zai-org/glm-4.7-flash"), Some(Style::ChatCompletion));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// `{response, tool_calls?, usage}`.
    Classic,
    /// OpenAI's `chat.completion`.
    ChatCompletion,
    /// OpenAI's `text_completion`.
    TextCompletion,
    /// OpenAI's `response`.
    Responses,
}

impl Style {
    /// The style in which a model answers these fields.
    ///
    /// ```
    /// use serde_json::json;
    /// use workers_ai_local::{Catalog, Style};
    ///
    /// let catalog = Catalog::embedded()?;
    /// let model = catalog.get("@cf/openai/gpt-oss-20b").expect("it is published");
    /// let asked = json!({"input": "Hello!"});
    /// let fields = asked.as_object().expect("an object");
    /// assert_eq!(Style::of(model, fields), Style::Responses);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(model: &Model, fields: &Map<String, Value>) -> Self {
        let Some(published) = model.facts().schema.as_ref().map(|schema| &schema.output) else {
            // What has come without a schema is new, and the new models speak OpenAI's dialect.
            return Self::ChatCompletion;
        };
        let canonical = model.canonical().and_then(|canonical| canonical.reply.json.as_ref());
        let choices = [Some(published), canonical].into_iter().flatten().find_map(choices_in);
        let takes_input = model.forms().any(|(_, form)| has_property(&form.schema, "input"));
        if choices.is_none() && !takes_input {
            return Self::Classic;
        }
        if takes_input && fields.contains_key("input") {
            return Self::Responses;
        }
        // Only some models answer a prompt with `choices[].text`; the newer ones make a message of it.
        let texts = takes_input || [Some(published), canonical].into_iter().flatten().any(answers_text_choices);
        if fields.contains_key("prompt") && texts { Self::TextCompletion } else { Self::ChatCompletion }
    }
}

/// Writes what a model says in its dialect, at once or piece by piece.
pub(crate) struct Writer {
    model: Arc<Model>,
    style: Style,
    dice: Dice,
    /// Whether streams end with the older dialect's totals, as they do on the native path.
    trailer: bool,
    /// The id of the answer in the newer dialects.
    id: String,
    /// What was said so far.
    turn: Turn,
    /// How far a streamed response has come.
    told: responses::Told,
}

impl Writer {
    pub(crate) fn new(model: Arc<Model>, style: Style, mut dice: Dice, trailer: bool) -> Self {
        let id = if style == Style::Classic { String::new() } else { dice.hex(32) };
        Self { model, style, dice, trailer, id, turn: Turn::default(), told: responses::Told::default() }
    }

    /// The result of a call that does not stream.
    pub(crate) fn result(&self, turn: &Turn, usage: &Usage) -> Value {
        match self.style {
            Style::Classic => classic::result(self, turn, usage),
            _ => openai::result(self, turn, usage),
        }
    }

    /// The data of the events with which a stream begins.
    pub(crate) fn begin(&mut self, input_tokens: u64) -> Vec<Value> {
        match self.style {
            Style::Classic => Vec::new(),
            _ => openai::begin(self, input_tokens),
        }
    }

    /// The data of the events that tell of one piece. After the last only `[DONE]` follows.
    pub(crate) fn tell(&mut self, delta: Delta) -> Vec<Value> {
        let events = match self.style {
            Style::Classic => classic::tell(self, &delta),
            _ => openai::tell(self, &delta),
        };
        self.turn.add(delta);
        events
    }

    fn usage_json(&self, usage: &Usage) -> Value {
        usage_json(&self.model, usage)
    }

    /// Padding that hides how long a token is.
    fn padding(&mut self) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let length = 2 + self.dice.below(30);
        (0..length)
            .filter_map(|_| LETTERS.get(self.dice.below(LETTERS.len())))
            .map(|letter| char::from(*letter))
            .collect()
    }
}

/// Usage as the native replies write it.
pub(crate) fn usage_json(model: &Model, usage: &Usage) -> Value {
    let mut written_usage = json!({
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens.saturating_add(usage.output_tokens),
        "prompt_tokens_details": {"cached_tokens": 0},
    });
    if let (Some(members), Some(neurons)) = (written_usage.as_object_mut(), neurons(model.facts(), usage)) {
        members.insert("neurons".to_owned(), Value::from(written(neurons)));
    }
    written_usage
}

/// Text in pieces such as a model's tokens: words with the space before them, long ones cut.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    const LONGEST: usize = 8;
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for letter in text.chars() {
        let boundary = letter.is_whitespace() && !piece.chars().all(char::is_whitespace);
        if !piece.is_empty() && (boundary || piece.chars().count() >= LONGEST) {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(letter);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// The schema of `choices` in any arm of a reply.
fn choices_in(schema: &Value) -> Option<&Value> {
    arms(schema).into_iter().find_map(|arm| property(arm, "choices"))
}

fn answers_text_choices(schema: &Value) -> bool {
    arms(schema)
        .into_iter()
        .filter_map(|arm| property(arm, "choices")?.get("items"))
        .any(|choice| property(choice, "text").is_some())
}

fn has_property(schema: &Value, name: &str) -> bool {
    arms(schema).into_iter().any(|arm| property(arm, name).is_some())
}

/// The schema of a property. This is asked several times of every call, and a pointer would be taken apart each time.
pub(crate) fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("properties")?.get(name)
}

/// The schema itself and the arms of its unions.
pub(crate) fn arms(schema: &Value) -> Vec<&Value> {
    let mut found = vec![schema];
    for keyword in ["oneOf", "anyOf"] {
        for arm in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            found.extend(arms(arm));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_text_again() {
        for text in ["", "one", "one two  three\n\nfour", "incomprehensibilities all around", "  led by spaces "] {
            assert_eq!(pieces(text).concat(), text);
        }
        assert_eq!(pieces("one two three"), ["one", " two", " three"]);
    }
}
