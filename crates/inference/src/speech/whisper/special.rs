//! Tokens that steer Whisper, and what a model is told never to write.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokenizers::Tokenizer;

use super::network::Network;
use crate::error::{Error, Result};
use crate::files;

/// The vocabularies of English models are one token shorter.
const MULTILINGUAL: usize = 51_865;

/// A tokenizer with the tokens that steer.
pub(crate) struct Special {
    tokenizer: Tokenizer,
    path: PathBuf,
    pub(crate) end: u32,
    pub(crate) start: u32,
    pub(crate) before: u32,
    pub(crate) silence: u32,
    pub(crate) untimed: u32,
    transcribe: u32,
    translate: u32,
    /// The languages by token; none where the model knows English only.
    pub(crate) languages: Vec<(u32, String)>,
    /// The token of the time zero; each after it is 20 thousandths of a second later.
    pub(crate) times: u32,
    pub(crate) suppressed: Vec<u32>,
    pub(crate) suppressed_first: Vec<u32>,
    /// Heads that follow the sound, as layer and head.
    pub(crate) followers: Vec<(usize, usize)>,
}

/// What `config.json` of CTranslate2, or `generation_config.json` of the hub, says beside the sizes.
#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default, alias = "suppress_ids")]
    suppress_tokens: Option<Vec<u32>>,
    #[serde(default, alias = "suppress_ids_begin")]
    begin_suppress_tokens: Option<Vec<u32>>,
    #[serde(default)]
    alignment_heads: Option<Vec<(usize, usize)>>,
}

impl Special {
    pub(crate) fn load(folder: &Path, network: &Network) -> Result<Self> {
        let path = folder.join("tokenizer.json");
        let tokenizer = Tokenizer::from_bytes(files::read(&path)?)
            .map_err(|error| Error::file_from(&path, "no readable tokenizer", error))?;
        let named = |names: &[&str]| {
            let id = names.iter().find_map(|name| tokenizer.token_to_id(name));
            id.ok_or_else(|| Error::file(&path, format!("the tokenizer lacks {}", names.join(" and "))))
        };
        let start = named(&["<|startoftranscript|>"])?;
        let translate = named(&["<|translate|>"])?;
        let untimed = named(&["<|notimestamps|>"])?;
        let languages = if network.vocabulary >= MULTILINGUAL { start + 1..translate } else { 0..0 };
        let languages = languages.filter_map(|id| {
            let token = tokenizer.id_to_token(id)?;
            let code = token.strip_prefix("<|")?.strip_suffix("|>")?;
            (code.len() <= 3).then(|| (id, code.to_owned()))
        });

        let mut settings: Settings = files::read_json(&folder.join("config.json"))?;
        let generation: Option<Settings> = files::read_json_if_any(&folder.join("generation_config.json"))?;
        if let Some(generation) = generation {
            settings.suppress_tokens = generation.suppress_tokens.or(settings.suppress_tokens);
            settings.begin_suppress_tokens = generation.begin_suppress_tokens.or(settings.begin_suppress_tokens);
            settings.alignment_heads = generation.alignment_heads.or(settings.alignment_heads);
        }
        let heads = network.heads().map_err(files::unfit(&path))?;
        // Where a model does not say which heads follow the sound, those of the later layers do it best.
        let followers = settings.alignment_heads.unwrap_or_else(|| {
            let layers = network.layers() / 2..network.layers();
            layers.flat_map(|layer| (0..heads).map(move |head| (layer, head))).collect()
        });
        Ok(Self {
            end: named(&["<|endoftext|>"])?,
            start,
            before: named(&["<|startofprev|>"])?,
            silence: named(&["<|nospeech|>", "<|nocaptions|>"])?,
            untimed,
            transcribe: named(&["<|transcribe|>"])?,
            translate,
            languages: languages.collect(),
            times: untimed + 1,
            suppressed: settings.suppress_tokens.unwrap_or_default(),
            suppressed_first: settings.begin_suppress_tokens.unwrap_or_default(),
            followers,
            tokenizer,
            path,
        })
    }

    /// The tokens that ask for a transcript.
    pub(crate) fn opening(&self, language: Option<u32>, translate: bool) -> Vec<u32> {
        let task = if translate { self.translate } else { self.transcribe };
        match language {
            Some(language) => vec![self.start, language, task],
            None => vec![self.start],
        }
    }

    /// The token of a language by its code, such as `de`.
    pub(crate) fn language(&self, code: &str) -> Option<u32> {
        self.languages.iter().find(|(_, known)| known == code).map(|(id, _)| *id)
    }

    /// The code of a language by its token.
    pub(crate) fn code(&self, language: u32) -> Option<&str> {
        self.languages.iter().find(|(id, _)| *id == language).map(|(_, code)| code.as_str())
    }

    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoded = self.tokenizer.encode_fast(text, false);
        encoded.map(|encoded| encoded.get_ids().to_vec()).map_err(|error| self.failed(error))
    }

    /// The text of tokens without those that steer.
    pub(crate) fn decode(&self, tokens: &[u32]) -> Result<String> {
        let words: Vec<u32> = tokens.iter().copied().filter(|token| *token < self.end).collect();
        self.tokenizer.decode(&words, true).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: tokenizers::Error) -> Error {
        Error::file_from(&self.path, "the tokenizer failed on a text", error)
    }
}
