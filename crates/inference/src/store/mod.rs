//! Weights on disk: which are known, which are here, and which of them answer a model.

mod digest;
mod known;
#[cfg(feature = "pull")]
mod pull;

use std::env;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

pub use self::known::{Answers, File, Hub, KNOWN, Weights};
#[cfg(feature = "pull")]
pub use self::pull::{Progress, Pull};
use crate::error::{Error, Result};
use crate::task::{Match, Task};

/// Names the folder of the weights, where the platform's own is not wanted.
const FOLDER: &str = "WORKERS_AI_MODELS";

/// A folder of weights: one folder a set, named as in [`KNOWN`].
///
/// ```
/// let store = workers_ai_inference::Store::new("/var/lib/models");
/// assert!(store.lookup("@cf/openai/whisper-tiny-en", workers_ai_inference::Task::Transcription).is_none());
/// ```
///
/// ```text
/// /var/lib/models
/// ├── all-MiniLM-L6-v2              config.json, tokenizer.json (or vocab.txt), model.safetensors
/// ├── smollm2-135m-instruct         any one *.gguf; tokenizer.json beside it is optional
/// ├── whisper-tiny.en               config.json, tokenizer.json, model.safetensors or CTranslate2's model.bin
/// └── silero-vad                    silero_vad_16k.safetensors
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    more: Vec<Weights>,
}

/// Weights that are here and answer a model.
#[derive(Clone, Debug)]
pub struct Found {
    /// Their entry in the table.
    pub weights: Weights,
    /// Where their files are.
    pub folder: PathBuf,
    /// How near they are to the model.
    pub matched: Match,
}

impl Store {
    /// The weights in `folder`, which need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), more: Vec::new() }
    }

    /// The weights in `$WORKERS_AI_MODELS`, or else in `workers-ai/models` of the user's cache.
    ///
    /// # Errors
    ///
    /// The variable is not set and the user has no home.
    pub fn from_env() -> Result<Self> {
        if let Some(folder) = env::var_os(FOLDER).filter(|folder| !folder.is_empty()) {
            return Ok(Self::new(folder));
        }
        let cache = etcetera::choose_base_strategy()
            .map_err(|source| Error::input_from(format!("no folder for weights: set {FOLDER}"), source))?;
        Ok(Self::new(cache.cache_dir().join("workers-ai").join("models")))
    }

    /// The same store with weights that the table lacks; they come before it.
    #[must_use]
    pub fn with(mut self, weights: Weights) -> Self {
        self.more.push(weights);
        self
    }

    /// The folder of all sets.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All sets that this store knows, whether they are here or not.
    pub fn known(&self) -> impl Iterator<Item = &Weights> {
        self.more.iter().chain(KNOWN)
    }

    /// The folder of one set.
    #[must_use]
    pub fn path(&self, weights: &Weights) -> PathBuf {
        self.folder.join(weights.name)
    }

    /// Whether the weights themselves are here. Smaller files beside them are missed only when the model is loaded.
    #[must_use]
    pub fn has(&self, weights: &Weights) -> bool {
        let folder = self.path(weights);
        match weights.task {
            Task::Generation => any_gguf(&folder).is_some(),
            Task::Transcription => ["model.safetensors", "model.bin"].iter().any(|name| folder.join(name).is_file()),
            Task::VoiceActivity => folder.join("silero_vad_16k.safetensors").is_file(),
            Task::Embedding | Task::Reranking | Task::Classification => folder.join("model.safetensors").is_file(),
        }
    }

    /// The weights to answer a model with: the exact ones if they are here, else the first substitute that is.
    #[must_use]
    pub fn lookup(&self, model: &str, task: Task) -> Option<Found> {
        let here = self.candidates(model, task).filter(|(weights, _)| self.has(weights));
        // Of equally near sets the first counts, and `max_by_key` would take the last.
        let (weights, matched) = here.reduce(|best, other| if other.1 > best.1 { other } else { best })?;
        Some(Found { weights: *weights, folder: self.path(weights), matched })
    }

    /// As [`Store::lookup`], with an error that says what is missing.
    pub(crate) fn find(&self, model: &str, task: Task) -> Result<Found> {
        self.lookup(model, task).ok_or_else(|| {
            let names: Vec<&str> = self.candidates(model, task).map(|(weights, _)| weights.name).collect();
            match names.as_slice() {
                [] => Error::unsupported(model, task),
                names => Error::missing(names.join(" or "), &self.folder),
            }
        })
    }

    /// The sets that would answer a model, near ones and others, here or not.
    pub fn candidates(&self, model: &str, task: Task) -> impl Iterator<Item = (&Weights, Match)> {
        self.known()
            .filter(move |weights| weights.task == task)
            .filter_map(move |weights| Some((weights, weights.matches(model)?)))
    }
}

/// The GGUF file of a folder: the first by name that is not our own quantised copy.
pub(crate) fn any_gguf(folder: &Path) -> Option<PathBuf> {
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gguf"))
        .filter(|path| !path.to_string_lossy().ends_with(QUANTISED))
        .collect();
    files.sort();
    files.into_iter().next()
}

/// How the copy of a GGUF file is named whose numbers were stored anew for speed.
pub(crate) const QUANTISED: &str = ".q8_0-copy.gguf";
