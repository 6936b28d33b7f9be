//! The sources of answers that a server has, set up by its builder and asked by its handlers.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName};

use super::Builder;
use crate::answer::{Answerer, Fidelity, Question, Reply};
use crate::answering::{Plan, Source};
use crate::exchange::Forward;
use crate::refusal::Refusal;
use crate::synthetic::Synthetic;
use crate::tape::{Recorder, Shelf};

/// Chooses the source of one answer.
const ANSWER: HeaderName = HeaderName::from_static("x-workers-ai-answer");

/// What a builder was told about sources.
#[derive(Default)]
pub(crate) struct Wanted {
    plan: Plan,
    answerers: BTreeMap<Source, Box<dyn Answerer>>,
    cloudflare: Option<Box<dyn Forward>>,
    replay: Option<PathBuf>,
    with_pauses: bool,
    record: Option<PathBuf>,
    record_all: bool,
    strict: bool,
}

/// The sources of a server.
pub(crate) struct Sources {
    plan: Plan,
    answerers: BTreeMap<Source, Box<dyn Answerer>>,
    pub(crate) cloudflare: Option<Box<dyn Forward>>,
    pub(crate) shelf: Option<Arc<Shelf>>,
    pub(crate) recorder: Option<Arc<Recorder>>,
    pub(crate) strict: bool,
}

impl Builder {
    /// Which source answers for which model. A request that has the header `x-workers-ai-answer` chooses by itself.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::{LocalServer, Plan, Source, Synthetic};
    ///
    /// let server = LocalServer::builder()
    ///     .source(Source::Real, Synthetic::new(1)) // what stands here runs models in earnest
    ///     .answers(Plan::default().model("@cf/baai/*", Source::Real))
    ///     .start()
    ///     .await?;
    /// # let _ = server;
    ///
    /// // Nobody has said where the recordings are.
    /// assert!(LocalServer::builder().answers(Plan::all(Source::Replay)).start().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn answers(mut self, plan: Plan) -> Self {
        self.sources.plan = plan;
        self
    }

    /// What makes the answers of a source. [`Synthetic`] is there already; [`Source::Cloudflare`] and [`Source::Replay`]
    /// answer whole exchanges, have methods of their own ([`cloudflare`](Self::cloudflare), [`replay`](Self::replay)), and
    /// are not asked through an [`Answerer`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::{LocalServer, Source, Synthetic};
    ///
    /// let server = LocalServer::builder().source(Source::Real, Synthetic::new(1)).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn source(mut self, source: Source, answerer: impl Answerer) -> Self {
        self.sources.answerers.insert(source, Box::new(answerer));
        self
    }

    /// What makes the answers where the source is [`Source::Synthetic`]; [`Synthetic`] unless set.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::{LocalServer, Synthetic};
    ///
    /// let server = LocalServer::builder().answerer(Synthetic::new(7)).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn answerer(self, answerer: impl Answerer) -> Self {
        self.source(Source::Synthetic, answerer)
    }

    /// Cloudflare as a source: calls are passed on as they are, and so are the answers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::{Cloudflare, LocalServer, Plan, Source};
    ///
    /// let server = LocalServer::builder()
    ///     .cloudflare(Cloudflare::new()?)
    ///     .answers(Plan::default().model("@cf/openai/*", Source::Cloudflare))
    ///     .start()
    ///     .await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "network")]
    #[must_use]
    pub fn cloudflare(mut self, cloudflare: crate::Cloudflare) -> Self {
        self.sources.cloudflare = Some(Box::new(cloudflare));
        self
    }

    /// Refuses answers that are made up or another model's: status 501, code 5001.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// let server = LocalServer::builder().strict(true).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.sources.strict = strict;
        self
    }

    /// Writes down what Cloudflare and an upstream server answer: a JSON file in this folder for each exchange. What an
    /// earlier run recorded of the same request is replaced; tokens and account ids are left out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// # let folder = std::env::temp_dir().join(format!("recordings-{}", std::process::id()));
    /// # let directory = &folder;
    /// let server = LocalServer::builder().record(directory).start().await?;
    /// # drop(server);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn record(mut self, directory: impl Into<PathBuf>) -> Self {
        self.sources.record = Some(directory.into());
        self
    }

    /// Writes down what every source answers, the synthetic one included. It is for use with [`record`](Self::record).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// # let folder = std::env::temp_dir().join(format!("all-recordings-{}", std::process::id()));
    /// # let directory = &folder;
    /// let server = LocalServer::builder().record(directory).record_all(true).start().await?;
    /// # drop(server);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn record_all(mut self, all: bool) -> Self {
        self.sources.record_all = all;
        self
    }

    /// Recordings as a source, and as the one for everything that the [plan](Self::answers) says nothing of.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// # let folder = std::env::temp_dir().join(format!("replayed-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let directory = &folder;
    /// let server = LocalServer::builder().replay(directory).start().await?;
    /// # drop(server);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replay(mut self, directory: impl Into<PathBuf>) -> Self {
        self.sources.replay = Some(directory.into());
        self
    }

    /// Has recordings replayed with the pauses that were recorded; at once unless set.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// # let folder = std::env::temp_dir().join(format!("paused-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let directory = &folder;
    /// let server = LocalServer::builder().replay(directory).replay_timing(true).start().await?;
    /// # drop(server);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replay_timing(mut self, with_pauses: bool) -> Self {
        self.sources.with_pauses = with_pauses;
        self
    }
}

impl Wanted {
    /// The sources, set up.
    pub(super) fn set_up(mut self, seed: u64) -> io::Result<Sources> {
        self.answerers.entry(Source::Synthetic).or_insert_with(|| Box::new(Synthetic::new(seed)));
        let recorder = self.record.map(|directory| Recorder::new(directory, self.record_all)).transpose()?;
        let shelf = self.replay.map(|directory| Shelf::new(directory, self.with_pauses)).transpose()?;
        let sources = Sources {
            plan: self.plan,
            answerers: self.answerers,
            cloudflare: self.cloudflare,
            shelf: shelf.map(Arc::new),
            recorder: recorder.map(Arc::new),
            strict: self.strict,
        };
        let missing = sources.plan.sources().find(|source| !sources.has(*source));
        match missing {
            None => Ok(sources),
            Some(missing) => {
                let reason =
                    format!("answers are to come from `{missing}`, which is not set up: {}", missing.how_to_add());
                Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
            }
        }
    }
}

impl Sources {
    fn has(&self, source: Source) -> bool {
        match source {
            Source::Cloudflare => self.cloudflare.is_some(),
            Source::Replay => self.shelf.is_some(),
            source => self.answerers.contains_key(&source),
        }
    }

    /// Who answers a call: whom its header names, or else whom the plan has for its model.
    pub(super) fn choose(&self, headers: &HeaderMap, model: &str) -> Result<Source, Refusal> {
        let source = match headers.get(ANSWER) {
            Some(named) => {
                let named = named.to_str().unwrap_or_default().trim();
                named.parse().map_err(|reason: String| Refusal::bad_input(&format!("the header {ANSWER}: {reason}")))?
            }
            None => self.plan.source(model).unwrap_or_else(|| self.unless_planned()),
        };
        if self.has(source) { Ok(source) } else { Err(Refusal::no_such_source(source)) }
    }

    fn unless_planned(&self) -> Source {
        if self.shelf.is_some() { Source::Replay } else { Source::Synthetic }
    }

    /// Has a question answered by one of the sources, as faithfully as it has to be.
    pub(super) async fn ask(&self, source: Source, question: Question) -> Result<Reply, Refusal> {
        let answerer = self.answerers.get(&source).ok_or_else(|| Refusal::no_such_source(source))?;
        let id = question.model.id().to_owned();
        let reply = answerer.answer(question).await?;
        self.check(&id, reply.fidelity)?;
        Ok(reply)
    }

    /// Refuses what is not as near to the real thing as it has to be.
    pub(super) fn check(&self, about: &str, fidelity: Fidelity) -> Result<(), Refusal> {
        let is_far = matches!(fidelity, Fidelity::Substitute | Fidelity::Synthetic);
        if self.strict && is_far { Err(Refusal::not_faithful(about, fidelity)) } else { Ok(()) }
    }
}
