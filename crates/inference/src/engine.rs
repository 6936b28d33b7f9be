//! The engine: loads models when they are first asked for, and answers from many threads at once.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::chat::{GenerateRequest, Generated, Writer};
use crate::error::{Error, Result};
use crate::speech::{Listener, Recogniser, TranscribeRequest, Transcript, VoiceActivity, VoiceActivityRequest};
use crate::store::{Found, Store};
use crate::task::{Match, Task};
use crate::text::{Classification, Classifier, EmbedRequest, Embedder, Embeddings, RerankRequest, Reranker, Reranking};

/// How an engine computes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Threads for each request, 1 by default. The crate's documentation tells what candle adds to them.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1 }
    }
}

impl Options {
    /// The same options with another number of threads for each request.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }
}

/// Answers Workers AI models from weights on disk. Clones share what is loaded.
///
/// ```no_run
/// use workers_ai_inference::{EmbedRequest, Engine, Options, Store};
///
/// # fn main() -> workers_ai_inference::Result<()> {
/// let engine = Engine::new(Store::from_env()?, Options::default());
/// let reply = engine.embed("@cf/baai/bge-small-en-v1.5", &EmbedRequest::new(["Hello!", "Good morning."]))?;
/// println!("{} vectors of {} numbers, {}", reply.vectors.len(), reply.dimensions, reply.matched);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Engine(Arc<Shared>);

struct Shared {
    store: Store,
    options: Options,
    embedders: Loaded<Embedder>,
    writers: Loaded<Writer>,
    listeners: Loaded<Listener>,
    rerankers: Loaded<Reranker>,
    classifiers: Loaded<Classifier>,
    recognisers: Loaded<Recogniser>,
    idle: Mutex<Vec<ThreadPool>>,
}

/// Models of one kind by their folder. The lock of a folder is held while it is loaded, so that it is loaded once.
type Loaded<T> = Mutex<HashMap<PathBuf, Arc<Mutex<Option<Arc<T>>>>>>;

impl Engine {
    /// An engine on these weights. Nothing is read before it is needed.
    #[must_use]
    pub fn new(store: Store, options: Options) -> Self {
        Self(Arc::new(Shared {
            store,
            options,
            embedders: Loaded::default(),
            writers: Loaded::default(),
            listeners: Loaded::default(),
            rerankers: Loaded::default(),
            classifiers: Loaded::default(),
            recognisers: Loaded::default(),
            idle: Mutex::default(),
        }))
    }

    /// The weights of this engine.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// How near an answer would be, from the weights that are here now; `None` where there would be none.
    #[must_use]
    pub fn supports(&self, model: &str, task: Task) -> Option<Match> {
        self.0.store.lookup(model, task).map(|found| found.matched)
    }

    /// Loads the weights of a model now instead of with its first request.
    ///
    /// # Errors
    ///
    /// There are none, or they cannot be read.
    pub fn load(&self, model: &str, task: Task) -> Result<Match> {
        let found = self.0.store.find(model, task)?;
        self.compute(|| match task {
            Task::Embedding => loaded(&self.0.embedders, &found, Embedder::load).map(drop),
            Task::Generation => loaded(&self.0.writers, &found, Writer::load).map(drop),
            Task::Transcription => loaded(&self.0.listeners, &found, Listener::load).map(drop),
            Task::Reranking => loaded(&self.0.rerankers, &found, Reranker::load).map(drop),
            Task::Classification => loaded(&self.0.classifiers, &found, Classifier::load).map(drop),
            Task::VoiceActivity => loaded(&self.0.recognisers, &found, Recogniser::load).map(drop),
        })?;
        Ok(found.matched)
    }

    /// Turns texts into vectors.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; there is no text.
    pub fn embed(&self, model: &str, request: &EmbedRequest) -> Result<Embeddings> {
        let found = self.0.store.find(model, Task::Embedding)?;
        self.compute(|| loaded(&self.0.embedders, &found, Embedder::load)?.embed(request, found.matched))
    }

    /// Continues a conversation or a text. `listen` gets each piece as it is written, valid UTF-8 always, and may break off.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; the prompt fills the context window
    /// ([`Error::is_too_long`]) or is not what the model's template takes.
    pub fn generate(
        &self,
        model: &str,
        request: &GenerateRequest,
        mut listen: impl FnMut(&str) -> ControlFlow<()> + Send,
    ) -> Result<Generated> {
        let found = self.0.store.find(model, Task::Generation)?;
        self.compute(|| loaded(&self.0.writers, &found, Writer::load)?.generate(request, &mut listen, found.matched))
    }

    /// Writes down what is said.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; the audio cannot be decoded.
    pub fn transcribe(&self, model: &str, request: &TranscribeRequest) -> Result<Transcript> {
        let found = self.0.store.find(model, Task::Transcription)?;
        self.compute(|| loaded(&self.0.listeners, &found, Listener::load)?.transcribe(request, found.matched))
    }

    /// Sorts texts by how well they answer a query.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; there is no text.
    pub fn rerank(&self, model: &str, request: &RerankRequest) -> Result<Reranking> {
        let found = self.0.store.find(model, Task::Reranking)?;
        self.compute(|| loaded(&self.0.rerankers, &found, Reranker::load)?.rerank(request, found.matched))
    }

    /// Labels a text.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; there is no text.
    pub fn classify(&self, model: &str, text: &str) -> Result<Classification> {
        let found = self.0.store.find(model, Task::Classification)?;
        self.compute(|| loaded(&self.0.classifiers, &found, Classifier::load)?.classify(text, found.matched))
    }

    /// Finds where somebody speaks.
    ///
    /// # Errors
    ///
    /// No weights answer the model or they cannot be read; the audio cannot be decoded.
    pub fn voice_activity(&self, model: &str, request: &VoiceActivityRequest) -> Result<VoiceActivity> {
        let found = self.0.store.find(model, Task::VoiceActivity)?;
        self.compute(|| loaded(&self.0.recognisers, &found, Recogniser::load)?.recognise(request, found.matched))
    }

    /// Runs work on threads that no other request has. A pool of its own is what keeps a request to its number of
    /// threads, for whatever is parallel within takes all of the pool that it is called from.
    fn compute<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let pool = match idle {
            Some(pool) => pool,
            None => ThreadPoolBuilder::new()
                .num_threads(self.0.options.threads)
                .thread_name(|number| format!("inference-{number}"))
                .build()
                .map_err(|error| Error::compute(format!("no threads to compute on: {error}")))?,
        };
        // A broken file or odd audio may upset a library so much that it panics; that is no reason to take a server down.
        let found = pool.install(|| catch_unwind(AssertUnwindSafe(work)));
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(pool);
        found.unwrap_or_else(|panic| Err(Error::compute(format!("the computation gave up: {}", words(&*panic)))))
    }
}

/// The model of a folder, which is read if it is asked for the first time.
fn loaded<T>(models: &Loaded<T>, found: &Found, load: impl FnOnce(&Path) -> Result<T>) -> Result<Arc<T>> {
    let slot = {
        let mut models = models.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(models.entry(found.folder.clone()).or_default())
    };
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = &*slot {
        return Ok(Arc::clone(model));
    }
    let model = Arc::new(load(&found.folder)?);
    *slot = Some(Arc::clone(&model));
    Ok(model)
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}
