//! What a model is to this crate: its published facts, its types, and what it can do beyond answering.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Chunk, Reply, Request};

/// A model of Workers AI, as a type.
///
/// The bindings declare one empty struct per model. It is never made into a value: it only carries the types and the
/// facts, so that [`Call`](crate::Call) knows what to send and what comes back.
pub trait Model: Send + Sync + 'static {
    /// The published facts of this model.
    const INFO: &'static Info;

    /// What the model takes.
    type Request: Request;

    /// What the model answers in one piece.
    type Reply: Reply;
}

/// A model that can answer piece by piece.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not stream",
    label = "this model answers in one piece",
    note = "await the call instead: `call.await?`"
)]
pub trait Streams: Model {
    /// One piece of the answer.
    type Chunk: Chunk + Send + 'static;
}

/// A model whose requests can wait in a queue and be answered later.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not queue requests",
    label = "this model only answers at once",
    note = "await the call instead: `call.await?`"
)]
pub trait Queues: Model {
    /// One queued request. The queue of a model may take fewer forms than a direct call.
    type Item: Serialize + DeserializeOwned + Send + 'static;
}

/// The published facts of a model, known at compile time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Info {
    /// The id used in requests, for example `@cf/baai/bge-m3`.
    pub id: &'static str,
    /// The task the catalogue lists the model under, for example `Text Embeddings`.
    pub task: &'static str,
    /// How many tokens fit, prompt and answer together.
    pub context_window: Option<u64>,
    /// How many tokens one input may have.
    pub max_input_tokens: Option<u64>,
    /// The length of one embedding.
    pub output_dimensions: Option<u64>,
    /// What the model costs, one entry per unit.
    pub prices: &'static [Price],
    /// How many requests an account may send per minute.
    pub requests_per_minute: Option<u32>,
    /// What the catalogue says the model can do or needs.
    pub flags: Flags,
    /// The day the model was created, `YYYY-MM-DD`.
    pub created_at: Option<&'static str>,
    /// The first record of the model that the bindings have, `YYYY-MM` or `YYYY-MM-DD`.
    pub first_seen: &'static str,
    /// The date of the first record without the model. Calls to it are expected to fail.
    pub gone_by: Option<&'static str>,
    /// The day the model is announced to leave, `YYYY-MM-DD`.
    pub planned_deprecation: Option<&'static str>,
    /// Where the terms of use are.
    pub terms: Option<&'static str>,
    /// Figures that the service advertises for its best-known models.
    pub headline: Option<Headline>,
}

impl Info {
    /// A model of which nothing is published but its id and task; for `..` in a constant.
    #[must_use]
    pub const fn new(id: &'static str, task: &'static str, first_seen: &'static str) -> Self {
        Self {
            id,
            task,
            context_window: None,
            max_input_tokens: None,
            output_dimensions: None,
            prices: &[],
            requests_per_minute: None,
            flags: Flags::NONE,
            created_at: None,
            first_seen,
            gone_by: None,
            planned_deprecation: None,
            terms: None,
            headline: None,
        }
    }

    /// How many requests an account may send per hour at the per-minute limit.
    #[must_use]
    pub const fn requests_per_hour(&self) -> Option<u64> {
        match self.requests_per_minute {
            Some(limit) => Some(limit as u64 * 60),
            None => None,
        }
    }

    /// How many requests an account may send per day at the per-minute limit.
    #[must_use]
    pub const fn requests_per_day(&self) -> Option<u64> {
        match self.requests_per_minute {
            Some(limit) => Some(limit as u64 * 60 * 24),
            None => None,
        }
    }
}

/// What one unit of work costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// What is counted, for example `per_M_input_tokens`.
    pub unit: &'static str,
    /// US dollars per unit.
    pub usd: f64,
    /// Neurons per unit: the service's own measure of work, which free allocations are given in.
    pub neurons: Option<f64>,
}

/// What the catalogue says a model can do or needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Requests can be queued.
    pub async_queue: bool,
    /// The model is in beta.
    pub beta: bool,
    /// The model can call tools.
    pub function_calling: bool,
    /// Fine-tuned adapters can be applied.
    pub lora: bool,
    /// The model comes from a partner.
    pub partner: bool,
    /// The model speaks WebSocket.
    pub realtime: bool,
    /// The model thinks before it answers.
    pub reasoning: bool,
    /// The model needs the Workers Paid plan.
    pub require_workers_paid: bool,
    /// The model sees images.
    pub vision: bool,
}

impl Flags {
    /// No flag set.
    pub const NONE: Self = Self {
        async_queue: false,
        beta: false,
        function_calling: false,
        lora: false,
        partner: false,
        realtime: false,
        reasoning: false,
        require_workers_paid: false,
        vision: false,
    };
}

/// Figures that the service advertises for a well-known model. They may differ from the catalogue's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// How many tokens fit, prompt and answer together.
    pub context_window: Option<u64>,
    /// How many requests an account may send per minute.
    pub requests_per_minute: u32,
}
