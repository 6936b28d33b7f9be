//! A whole recording to text, window after window.

use std::path::Path;

use super::ctranslate;
use super::decode::Decoder;
use super::mel::Mel;
use super::network::Network;
use super::segments::{self, second};
use super::special::Special;
use super::words;
use crate::error::{Error, Result};
use crate::files;
use crate::speech::audio::Audio;
use crate::task::Match;

/// Speech to write down.
#[derive(Clone, Debug)]
pub struct TranscribeRequest {
    /// What was said.
    pub audio: Audio,
    /// Its language as a code, such as `de`; by default it is heard. English models know only theirs.
    pub language: Option<String>,
    /// Whether to write in English what is said in another language.
    pub translate: bool,
    /// A text that comes before, for names and manner.
    pub prompt: Option<String>,
}

impl TranscribeRequest {
    /// A request to write down what is said, in the language in which it is said.
    #[must_use]
    pub fn new(audio: Audio) -> Self {
        Self { audio, language: None, translate: false, prompt: None }
    }
}

/// What was said.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// All of it.
    pub text: String,
    /// The same in parts, in order.
    pub segments: Vec<Segment>,
    /// The language as a code.
    pub language: String,
    /// Tokens that were written.
    pub tokens: usize,
    /// Length of the audio in seconds.
    pub seconds: f64,
    /// How near the model is to the one that was asked for.
    pub matched: Match,
}

/// A part of what was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What was said.
    pub text: String,
    /// Where it begins, in seconds.
    pub start: f64,
    /// Where it ends, in seconds.
    pub end: f64,
    /// Its words.
    pub words: Vec<Word>,
}

/// A word of what was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word with what belongs to it, such as a comma.
    pub word: String,
    /// Where it begins, in seconds.
    pub start: f64,
    /// Where it ends, in seconds.
    pub end: f64,
}

impl Transcript {
    /// All words, in order.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.segments.iter().flat_map(|segment| &segment.words)
    }
}

/// A loaded model.
pub(crate) struct Listener {
    network: Network,
    special: Special,
    mel: Mel,
}

impl Listener {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let (hub, binary) = (folder.join("model.safetensors"), folder.join("model.bin"));
        let (path, tensors) = if hub.exists() || !binary.exists() {
            (hub.clone(), files::read_tensors(&hub)?)
        } else {
            (binary.clone(), ctranslate::read(&binary)?)
        };
        let network = Network::new(tensors).map_err(files::unfit(&path))?;
        let special = Special::load(folder, &network)?;
        let mel = Mel::new(network.bands)?;
        Ok(Self { network, special, mel })
    }

    pub(crate) fn transcribe(&self, request: &TranscribeRequest, matched: Match) -> Result<Transcript> {
        let spectrogram = self.mel.spectrogram(request.audio.samples())?;
        let decoder = Decoder { network: &self.network, special: &self.special };
        let mut language = self.asked_language(request.language.as_deref())?;
        let before = match request.prompt.as_deref().map(str::trim).filter(|prompt| !prompt.is_empty()) {
            Some(prompt) => self.special.encode(&format!(" {prompt}"))?,
            None => Vec::new(),
        };
        let (mut segments, mut tokens, mut from) = (Vec::<Segment>::new(), 0, 0);
        while from < spectrogram.len() {
            let frames = segments::window(spectrogram.len() - from);
            let heard = self.network.hear(&spectrogram.window(from)?)?;
            if language.is_none() {
                language = decoder.language(&heard)?;
            }
            let opening = self.special.opening(language, request.translate);
            let decoded = decoder.decode(&heard, &self.prompt(&before, &opening), opening.len())?;
            tokens += decoded.written;
            if decoded.silent {
                from += frames;
                continue;
            }
            let (pieces, done) = segments::pieces(&decoded.tokens, self.special.times, frames);
            for piece in &pieces {
                let text = self.special.decode(&piece.tokens)?;
                if text.trim().is_empty() {
                    continue;
                }
                let at = second(from);
                let timed = words::timed(&self.network, &self.special, &heard, &opening, &piece.tokens, frames)?;
                let words = timed.into_iter().map(|word| Word {
                    word: word.text.trim().to_owned(),
                    start: at + word.start,
                    end: at + word.end,
                });
                let (start, end) = (at + second(piece.frames.0), at + second(piece.frames.1));
                segments.push(Segment { text: text.trim().to_owned(), start, end, words: words.collect() });
            }
            from += done;
        }
        let texts: Vec<&str> = segments.iter().map(|segment| segment.text.as_str()).collect();
        Ok(Transcript {
            text: texts.join(" "),
            segments,
            language: language.and_then(|id| self.special.code(id)).unwrap_or("en").to_owned(),
            tokens,
            seconds: request.audio.seconds(),
            matched,
        })
    }

    fn asked_language(&self, code: Option<&str>) -> Result<Option<u32>> {
        let Some(code) = code.filter(|_| !self.special.languages.is_empty()) else { return Ok(None) };
        // A region says nothing to the model: `en-GB` is `en`.
        let short = code.split(['-', '_']).next().unwrap_or(code).to_lowercase();
        let known = self.special.language(&short);
        known.map(Some).ok_or_else(|| Error::input(format!("the model does not know the language {code:?}")))
    }

    /// The tokens that are read before a window is written about.
    fn prompt(&self, before: &[u32], opening: &[u32]) -> Vec<u32> {
        let mut prompt = Vec::new();
        if !before.is_empty() {
            // Half of what the decoder can hold is for the answer.
            let room = (self.network.context / 2).saturating_sub(opening.len() + 1);
            prompt.push(self.special.before);
            prompt.extend(before.iter().skip(before.len().saturating_sub(room)));
        }
        prompt.extend_from_slice(opening);
        prompt
    }
}
