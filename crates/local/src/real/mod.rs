//! Answers that are really computed, on this machine's CPU, where there are weights for them.

mod chat;
mod hearing;
mod reading;

use std::pin::Pin;

use workers_ai_inference::{Engine, Error, Match, Task};

use crate::answer::{Answer, Answerer, Fidelity, Question, Reply, Usage};
use crate::catalog::Model;
use crate::input::Input;
use crate::refusal::Refusal;
use crate::synthetic::Synthetic;

/// Answers with the very model where its weights are there, with another of its kind where such are there, and makes the
/// answer up where there are none.
///
/// ```no_run
/// use workers_ai_inference::{Engine, Options, Store};
/// use workers_ai_local::{LocalServer, Real};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::new(Store::from_env()?, Options::default());
/// let server = LocalServer::builder().answerer(Real::new(engine)).start().await?;
/// # let _ = server;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Real {
    engine: Engine,
    otherwise: Synthetic,
}

impl Real {
    /// Answers with an engine's weights.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine, otherwise: Synthetic::default() }
    }

    /// Makes up what there are no weights for from this seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { otherwise: Synthetic::new(seed), ..self }
    }

    /// How near to the model an answer would be.
    #[must_use]
    pub fn fidelity(&self, model: &Model) -> Fidelity {
        let found = task(model).and_then(|task| self.engine.supports(model.id(), task));
        found.map_or(Fidelity::Synthetic, fidelity)
    }

    /// What the engine would be asked to do for a model; nothing where it knows no models of its kind.
    ///
    /// ```
    /// use workers_ai_inference::Task;
    /// use workers_ai_local::{Catalog, Real};
    ///
    /// let catalog = Catalog::embedded()?;
    /// let model = catalog.get("@cf/baai/bge-m3").expect("it is published");
    /// assert_eq!(Real::task(model), Some(Task::Embedding));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn task(model: &Model) -> Option<Task> {
        task(model)
    }

    fn make(&self, question: &Question, task: Task) -> Result<Reply, Refusal> {
        let asked = Asked { engine: &self.engine, model: &question.model, input: &question.input };
        let made = match task {
            Task::Embedding => asked.embed(),
            Task::Reranking => asked.rerank(),
            Task::Classification => asked.classify(),
            Task::Transcription => asked.transcribe(),
            Task::VoiceActivity => asked.turn_end(),
            _ => return Err(Refusal::failed("there is no such task")),
        };
        let (answer, usage, matched) = made.map_err(|error| refusal(question.model.id(), &error))?;
        Ok(Reply { answer, usage, fidelity: fidelity(matched) })
    }
}

impl Answerer for Real {
    fn answer(&self, question: Question) -> Pin<Box<dyn Future<Output = Result<Reply, Refusal>> + Send + '_>> {
        Box::pin(async move {
            let task = task(&question.model).map(|task| match task {
                // One task holds both: texts to compare, and texts to label.
                Task::Classification if question.input.fields.contains_key("contexts") => Task::Reranking,
                task => task,
            });
            match task.filter(|task| self.engine.supports(question.model.id(), *task).is_some()) {
                None => self.otherwise.answer(question).await,
                Some(Task::Generation) => chat::answer(&self.engine, question).await,
                Some(task) => {
                    let real = self.clone();
                    let made = tokio::task::spawn_blocking(move || real.make(&question, task)).await;
                    made.map_err(|error| Refusal::failed(&error.to_string()))?
                }
            }
        })
    }
}

/// What the engine would be asked to do for a model.
fn task(model: &Model) -> Option<Task> {
    Some(match model.modality() {
        "text-generation" => Task::Generation,
        "text-embeddings" => Task::Embedding,
        "text-classification" if model.id().contains("rerank") => Task::Reranking,
        "text-classification" => Task::Classification,
        "automatic-speech-recognition" => Task::Transcription,
        "voice-activity-detection" => Task::VoiceActivity,
        _ => return None,
    })
}

fn fidelity(matched: Match) -> Fidelity {
    match matched {
        Match::Exact => Fidelity::Exact,
        Match::Substitute => Fidelity::Substitute,
    }
}

/// The service's own code for what the engine cannot do.
fn refusal(id: &str, error: &Error) -> Refusal {
    if error.is_too_long() {
        return Refusal::of_code(3030, id).with_message(&format!("AiError: AiError: {error}"));
    }
    if error.is_bad_input() {
        return Refusal::bad_input(&error.to_string());
    }
    Refusal::failed(&error.to_string())
}

/// One request and the engine that is to answer it.
struct Asked<'a> {
    engine: &'a Engine,
    model: &'a Model,
    input: &'a Input,
}

/// What was made, what it used, and how near it is.
type Made = Result<(Answer, Usage, Match), Error>;

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
