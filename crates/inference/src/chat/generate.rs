//! The loop that writes: prompt to tokens, token after token, tokens to pieces of text.

use std::ops::ControlFlow;
use std::path::Path;

use super::gguf::Gguf;
use super::llama::Llama;
use super::request::{Finish, GenerateRequest, Generated, Prompt};
use super::sampling::Sampler;
use super::stops::Stops;
use super::structured::Form;
use super::template::Template;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::store::any_gguf;
use crate::task::Match;

/// A loaded chat model. Nothing in it changes: each request has a cache of its own.
pub(crate) struct Writer {
    model: Llama,
    vocabulary: Vocabulary,
    template: Template,
}

impl Writer {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = any_gguf(folder).ok_or_else(|| Error::missing("*.gguf", folder))?;
        let mut file = Gguf::open(&path)?;
        let vocabulary = Vocabulary::load(&file)?;
        let template = Template::new(file.text("tokenizer.chat_template"));
        let model = Llama::load(&mut file)?;
        Ok(Self { model, vocabulary, template })
    }

    pub(crate) fn generate(
        &self,
        request: &GenerateRequest,
        listen: &mut dyn FnMut(&str) -> ControlFlow<()>,
        matched: Match,
    ) -> Result<Generated> {
        let prompt = match &request.prompt {
            Prompt::Chat(messages) => self.template.render(messages, &request.tools, &self.vocabulary)?,
            Prompt::Raw(text) => text.clone(),
        };
        let prompt = self.vocabulary.encode(&prompt)?;
        let context = self.model.context();
        // There must be room for an answer of one token at least.
        if prompt.len() >= context {
            return Err(Error::too_long(prompt.len(), context));
        }
        let limit = request.max_tokens.min(context - prompt.len());

        let mut answer = Answer { text: String::new(), stops: Stops::new(&request.stop), listen, listens: true };
        if let Some(schema) = &request.schema {
            return self.fill_in(request, schema, prompt, limit, answer, matched);
        }
        let mut pieces = self.vocabulary.tokenizer().decode_stream(true);
        let mut sampler = Sampler::new(request, &prompt);
        let mut cache = self.model.cache();
        let mut unread = prompt.clone();
        let (mut written, mut finish) = (0, Finish::Length);
        while written < limit {
            let logits = self.model.read(&unread, &mut cache)?;
            let token = sampler.next(logits).ok_or_else(|| Error::compute("the model has no tokens"))?;
            written += 1;
            if self.vocabulary.is_end(token) {
                finish = Finish::Stop;
                break;
            }
            let piece = pieces.step(token);
            let piece = piece.map_err(|error| Error::input_from("a token cannot be turned into text", error))?;
            answer.add(&piece.unwrap_or_default());
            if let Some(reason) = answer.ended() {
                finish = reason;
                break;
            }
            unread = vec![token];
        }
        Ok(Generated {
            text: answer.finish(),
            finish,
            prompt_tokens: prompt.len(),
            completion_tokens: written,
            matched,
        })
    }
}

impl Writer {
    /// Writes a document by its schema.
    fn fill_in(
        &self,
        request: &GenerateRequest,
        schema: &serde_json::Value,
        prompt: Vec<u32>,
        limit: usize,
        mut answer: Answer<'_>,
        matched: Match,
    ) -> Result<Generated> {
        let prompt_tokens = prompt.len();
        let mut form = Form {
            model: &self.model,
            vocabulary: &self.vocabulary,
            sampler: Sampler::new(request, &prompt),
            cache: self.model.cache(),
            unread: prompt,
            left: limit,
            root: schema,
            pass: &mut |text| {
                answer.pass(text);
                answer.listens
            },
            written: 0,
            wanted: true,
        };
        form.write()?;
        let (written, left, wanted) = (form.written, form.left, form.wanted);
        let finish = match (wanted, left) {
            (false, _) => Finish::Cancelled,
            (true, 0) => Finish::Length,
            (true, _) => Finish::Stop,
        };
        Ok(Generated { text: answer.text, finish, prompt_tokens, completion_tokens: written, matched })
    }
}

/// What was written and passed on so far.
struct Answer<'request> {
    text: String,
    stops: Stops<'request>,
    listen: &'request mut dyn FnMut(&str) -> ControlFlow<()>,
    listens: bool,
}

impl Answer<'_> {
    fn add(&mut self, piece: &str) {
        let certain = self.stops.pass(piece);
        self.pass(&certain);
    }

    fn pass(&mut self, piece: &str) {
        if !piece.is_empty() && self.listens {
            self.text.push_str(piece);
            self.listens = (self.listen)(piece).is_continue();
        }
    }

    /// Why nothing more is to be written, if so.
    fn ended(&self) -> Option<Finish> {
        if !self.listens { Some(Finish::Cancelled) } else { self.stops.reached().then_some(Finish::Stop) }
    }

    fn finish(mut self) -> String {
        let rest = std::mem::replace(&mut self.stops, Stops::new(&[])).rest();
        self.pass(&rest);
        self.text
    }
}
