//! Answers that follow a JSON Schema: what is fixed is written for the model, and only values are left to it.

use serde_json::Value;

use super::llama::{Cache, Llama};
use super::sampling::Sampler;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};

/// Nesting that is followed; deeper values are `null`.
const DEPTH: usize = 8;
/// Entries of a list or of an object without properties, where the schema sets no bound.
const ENTRIES: usize = 5;
/// Entries or characters that a schema can ask for at least.
const LONGEST: usize = 1000;
/// Tokens of one text or number.
const TEXT: usize = 96;
const NUMBER: usize = 12;
/// Tokens by which alternatives are told apart.
const APART: usize = 8;

/// Writes one document.
pub(crate) struct Form<'all> {
    pub(crate) model: &'all Llama,
    pub(crate) vocabulary: &'all Vocabulary,
    pub(crate) sampler: Sampler,
    pub(crate) cache: Cache,
    /// Tokens that the model has not read yet.
    pub(crate) unread: Vec<u32>,
    /// Tokens that may still be written.
    pub(crate) left: usize,
    /// The whole schema, for references.
    pub(crate) root: &'all Value,
    /// Takes what is written, and says whether to go on.
    pub(crate) pass: &'all mut dyn FnMut(&str) -> bool,
    pub(crate) written: usize,
    pub(crate) wanted: bool,
}

impl Form<'_> {
    /// Writes the document.
    pub(crate) fn write(&mut self) -> Result<()> {
        self.value(self.root, 0)
    }

    /// Whether tokens are left and anybody listens.
    fn goes_on(&self) -> bool {
        // Fixed parts may follow, which need room in the context window as well.
        self.left > 0 && self.wanted && self.cache.length() + self.unread.len() + APART < self.model.context()
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Result<()> {
        let schema = resolved(self.root, schema);
        if depth > DEPTH {
            return self.say("null");
        }
        if let Some(constant) = schema.get("const") {
            return self.say(&constant.to_string());
        }
        if let Some(options) = schema.get("enum").and_then(Value::as_array) {
            let options: Vec<String> = options.iter().map(Value::to_string).collect();
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            return self.choose(&options).map(drop);
        }
        for alternatives in ["anyOf", "oneOf", "allOf"] {
            if let Some(first) = schema.get(alternatives).and_then(|list| list.get(0)) {
                return self.value(first, depth + 1);
            }
        }
        let kind = match schema.get("type") {
            Some(Value::String(kind)) => Some(kind.as_str()),
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            _ if schema.get("properties").is_some() => Some("object"),
            _ if schema.get("items").is_some() => Some("array"),
            _ => None,
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") => self.list(schema, depth),
            Some("string") => self.text(schema),
            Some(kind @ ("number" | "integer")) => self.number(schema, kind == "integer"),
            Some("boolean") => self.choose(&["true", "false"]).map(drop),
            Some("null") => self.say("null"),
            _ => self.anything(depth),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Result<()> {
        let properties =
            schema.get("properties").and_then(Value::as_object).filter(|properties| !properties.is_empty());
        let Some(properties) = properties else { return self.any_object(schema, depth) };
        for (place, (name, property)) in properties.iter().enumerate() {
            let before = if place == 0 { "{" } else { ", " };
            self.say(&format!("{before}{}: ", Value::from(name.as_str())))?;
            self.value(property, depth + 1)?;
        }
        self.say("}")
    }

    /// An object whose names the model makes up.
    fn any_object(&mut self, schema: &Value, depth: usize) -> Result<()> {
        let mut names: Vec<String> = Vec::new();
        self.say("{")?;
        while names.len() < ENTRIES && self.goes_on() {
            if !names.is_empty() && self.choose(&[", ", "}"])? == 1 {
                return Ok(());
            }
            let name = self.words(TEXT / 8)?;
            if name.is_empty() || names.contains(&name) {
                // After a comma there must be something.
                let made_up = format!("{name}{}", names.len() + 1);
                self.say(&format!("{}: null", Value::from(made_up)))?;
                break;
            }
            self.say(&format!("{}: ", Value::from(name.as_str())))?;
            names.push(name);
            match schema.get("additionalProperties").filter(|schema| schema.is_object()) {
                Some(schema) => self.value(schema, depth + 1)?,
                None => self.anything(depth + 1)?,
            }
        }
        self.say("}")
    }

    fn list(&mut self, schema: &Value, depth: usize) -> Result<()> {
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(|bound| bound as usize);
        let least = bound("minItems").unwrap_or_default().min(LONGEST);
        let most = bound("maxItems").unwrap_or(ENTRIES.max(least));
        let items = schema.get("items").cloned().unwrap_or(Value::Null);
        self.say("[")?;
        for place in 0..most {
            if place >= least && !self.goes_on() {
                break;
            }
            if place > 0 && place < least {
                self.say(", ")?;
            } else if place > 0 && self.choose(&[", ", "]"])? == 1 {
                return Ok(());
            }
            self.value(&items, depth + 1)?;
        }
        self.say("]")
    }

    fn text(&mut self, schema: &Value) -> Result<()> {
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(|bound| bound as usize);
        let mut text = self.words(TEXT)?;
        if let Some(most) = bound("maxLength") {
            text = text.chars().take(most).collect();
        }
        let missing = bound("minLength").unwrap_or_default().min(LONGEST).saturating_sub(text.chars().count());
        text.extend(std::iter::repeat_n('.', missing));
        self.say(&Value::from(text).to_string())
    }

    /// What the model writes between quotation marks.
    fn words(&mut self, limit: usize) -> Result<String> {
        // The mark is read, but what comes after it is written only when it is known.
        let mark = self.vocabulary.encode_part("\"")?;
        self.settle()?;
        let (length, before) = (self.cache.length(), self.unread.clone());
        self.unread.extend(mark);
        let (mut tokens, mut text) = (Vec::new(), String::new());
        while tokens.len() < limit && self.goes_on() {
            let logits = self.model.read(&self.unread, &mut self.cache)?;
            let token = self.sampler.next(logits).ok_or_else(|| Error::compute("the model has no tokens"))?;
            self.count(1);
            if self.vocabulary.is_end(token) {
                break;
            }
            tokens.push(token);
            text = self.vocabulary.decode(&tokens)?;
            if let Some(end) = text.find(['"', '\n', '\\']) {
                text.truncate(end);
                break;
            }
            self.unread = vec![token];
        }
        // The caller says it again, whole, as JSON writes it.
        self.cache.forget_after(length);
        self.unread = before;
        Ok(text.trim_end_matches('\u{fffd}').to_owned())
    }

    fn number(&mut self, schema: &Value, whole: bool) -> Result<()> {
        self.settle()?;
        let (length, before) = (self.cache.length(), self.unread.clone());
        let mut text = String::new();
        for _ in 0..NUMBER {
            if !self.goes_on() {
                break;
            }
            let logits = self.model.read(&self.unread, &mut self.cache)?;
            let Some((token, part)) = self.digits(&logits, &text, whole)? else { break };
            self.count(1);
            text.push_str(&part);
            self.unread = vec![token];
        }
        self.cache.forget_after(length);
        self.unread = before;
        let found: f64 = text.parse().unwrap_or_default();
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let least = bound("minimum").or(bound("exclusiveMinimum").map(|bound| bound + 1.0)).unwrap_or(f64::MIN);
        let most = bound("maximum").or(bound("exclusiveMaximum").map(|bound| bound - 1.0)).unwrap_or(f64::MAX);
        let found = found.max(least).min(most);
        let written =
            if found.fract() == 0.0 && found.abs() < 1e15 { Value::from(found as i64) } else { Value::from(found) };
        self.say(&written.to_string())
    }

    /// The likeliest token that goes on with a number; nothing where the model would rather end it.
    fn digits(&self, logits: &[f32], text: &str, whole: bool) -> Result<Option<(u32, String)>> {
        let mut ranked: Vec<(u32, f32)> = (0_u32..).zip(logits.iter().copied()).collect();
        ranked.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        for (token, _) in ranked.iter().take(200) {
            let part = self.vocabulary.decode(&[*token])?.trim().to_owned();
            let longer = format!("{text}{part}");
            let plain = longer.strip_prefix('-').unwrap_or(&longer);
            let digits = plain.chars().all(|letter| letter.is_ascii_digit() || (letter == '.' && !whole));
            if !part.is_empty() && digits && plain.matches('.').count() <= 1 && !plain.starts_with('.') {
                return Ok(Some((*token, part)));
            }
            // What is no digit ends a number, if there is one.
            if text.ends_with(|letter: char| letter.is_ascii_digit()) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// A value of the kind that the model would begin.
    fn anything(&mut self, depth: usize) -> Result<()> {
        let kinds = ["string", "number", "boolean", "array", "object", "null"];
        let openings = ["\"", "1", "true", "[\"", "{\"", "null"];
        if depth >= DEPTH / 2 || !self.goes_on() {
            return self.text(&Value::Null);
        }
        let kind = self.likeliest(&openings)?;
        let schema = serde_json::json!({ "type": kinds.get(kind) });
        self.value(&schema, depth + 1)
    }

    /// Writes the likeliest of some texts, and says which.
    fn choose(&mut self, options: &[&str]) -> Result<usize> {
        let chosen = if self.goes_on() { self.likeliest(options)? } else { options.len().saturating_sub(1) };
        self.say(options.get(chosen).copied().unwrap_or("null"))?;
        Ok(chosen)
    }

    /// The text that the model would write most likely.
    fn likeliest(&mut self, options: &[&str]) -> Result<usize> {
        self.settle()?;
        let length = self.cache.length();
        let first = self.model.read(&self.unread, &mut self.cache)?;
        let mut best = (0, f64::NEG_INFINITY);
        for (place, option) in options.iter().enumerate() {
            self.cache.forget_after(length + 1);
            let tokens = self.vocabulary.encode_part(option)?;
            let mut sum = 0.0;
            let mut logits = first.clone();
            for (number, token) in tokens.iter().take(APART).enumerate() {
                if number > 0 {
                    let before = tokens.get(number - 1).copied().unwrap_or_default();
                    logits = self.model.read(&[before], &mut self.cache)?;
                }
                sum += likelihood(&logits, *token);
            }
            if sum > best.1 {
                best = (place, sum);
            }
        }
        self.cache.forget_after(length);
        Ok(best.0)
    }

    /// Has the model read all but the last token, which it must read again wherever it tries something.
    fn settle(&mut self) -> Result<()> {
        let read = self.unread.len().saturating_sub(1);
        let rest = self.unread.split_off(read);
        if read > 0 {
            self.model.read(&self.unread, &mut self.cache)?;
        }
        self.unread = rest;
        Ok(())
    }

    /// Writes a text, which the model reads before it goes on.
    fn say(&mut self, text: &str) -> Result<()> {
        let tokens = self.vocabulary.encode_part(text)?;
        self.count(tokens.len());
        self.unread.extend(tokens);
        if self.wanted {
            self.wanted = (self.pass)(text);
        }
        Ok(())
    }

    fn count(&mut self, tokens: usize) {
        self.written += tokens;
        self.left = self.left.saturating_sub(tokens);
    }
}

/// Logarithm of how likely a token is.
fn likelihood(logits: &[f32], token: u32) -> f64 {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let all: f64 = logits.iter().map(|logit| f64::from(logit - best).exp()).sum();
    logits.get(token as usize).map_or(f64::NEG_INFINITY, |logit| f64::from(logit - best) - all.ln())
}

/// A schema, or the one of the same document that it refers to.
fn resolved<'schema>(root: &'schema Value, schema: &'schema Value) -> &'schema Value {
    let mut schema = schema;
    for _ in 0..DEPTH {
        let Some(pointer) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#')) else {
            return schema;
        };
        let Some(target) = root.pointer(pointer) else { return &Value::Null };
        schema = target;
    }
    &Value::Null
}
