//! What a model is to this crate: its published facts, its types, and what it can do beyond answering.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Chunk, Reply, Request};

/// A model of Workers AI, as a type.
///
/// The bindings declare one empty struct per model. It is never made into a value: it only carries the types and the
/// facts, so that [`Call`](crate::Call) knows what to send and what comes back.
///
/// ```
/// use serde::Deserialize;
/// use serde_json::{Value, json};
/// use workers_ai_client::{Answer, Call, Client, Error, Info, Model, Reply};
///
/// /// A model that the bindings do not know.
/// struct Haiku;
///
/// impl Model for Haiku {
///     const INFO: &'static Info = &Info::new("@cf/acme/haiku", "Text Generation", "2026-11");
///     type Request = Value;
///     type Reply = Lines;
/// }
///
/// #[derive(Deserialize)]
/// struct Lines {
///     lines: [String; 3],
/// }
///
/// impl Reply for Lines {
///     fn decode(answer: Answer) -> Result<Self, Error> {
///         answer.json()
///     }
/// }
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let haiku = Call::<Haiku>::new(client, json!({"about": "the sea"})).await?;
/// println!("{}", haiku.lines.join("\n"));
/// # Ok(())
/// # }
/// # assert_eq!(Haiku::INFO.id, "@cf/acme/haiku");
/// ```
pub trait Model: Send + Sync + 'static {
    /// The published facts of this model.
    const INFO: &'static Info;

    /// What the model takes.
    type Request: Request;

    /// What the model answers in one piece.
    type Reply: Reply;
}

/// A model that can answer piece by piece.
///
/// ```
/// use serde::Deserialize;
/// use workers_ai_client::{Call, Chunk, Error, Streams};
/// # use serde_json::Value;
/// # use workers_ai_client::{Info, Model};
/// # struct Haiku;
/// # impl Model for Haiku {
/// #     const INFO: &'static Info = &Info::new("@cf/acme/haiku", "Text Generation", "2026-11");
/// #     type Request = Value;
/// #     type Reply = Value;
/// # }
///
/// #[derive(Deserialize)]
/// struct Line {
///     line: String,
///     last: bool,
/// }
///
/// impl Chunk for Line {
///     fn is_final(&self) -> bool {
///         self.last
///     }
/// }
///
/// impl Streams for Haiku {
///     type Chunk = Line;
/// }
///
/// # async fn example(call: Call<Haiku>) -> Result<(), Error> {
/// let mut lines = call.stream().await?;
/// while let Some(line) = lines.try_next().await? {
///     println!("{}", line.line);
/// }
/// # Ok(())
/// # }
/// ```
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
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use workers_ai_client::{Client, Error, Queues};
/// # use serde_json::{Value, json};
/// # use workers_ai_client::{Info, Model};
/// # struct Haiku;
/// # impl Model for Haiku {
/// #     const INFO: &'static Info = &Info::new("@cf/acme/haiku", "Text Generation", "2026-11");
/// #     type Request = Value;
/// #     type Reply = Value;
/// # }
///
/// /// What the queue takes: `about` and nothing else.
/// #[derive(Serialize, Deserialize)]
/// struct QueuedHaiku {
///     about: String,
/// }
///
/// impl Queues for Haiku {
///     type Item = QueuedHaiku;
/// }
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let queued = client.enqueue::<Haiku>([json!({"about": "the sea"}), json!({"about": "the sky"})]).await?;
/// # let _ = queued;
/// # Ok(())
/// # }
/// ```
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
///
/// ```
/// use workers_ai_client::{Flags, Info, Price};
///
/// /// As the bindings have one for each model.
/// const LLAMA: Info = Info {
///     context_window: Some(24_000),
///     prices: &[Price { unit: "per_M_input_tokens", usd: 0.293, neurons: Some(26_668.0) }],
///     requests_per_minute: Some(300),
///     flags: Flags { async_queue: true, function_calling: true, ..Flags::NONE },
///     ..Info::new("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "Text Generation", "2025-12")
/// };
///
/// let long_prompt = 30_000;
/// assert!(LLAMA.context_window.is_some_and(|window| long_prompt > window));
/// assert!(LLAMA.flags.function_calling && LLAMA.gone_by.is_none());
/// ```
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
    ///
    /// ```
    /// use workers_ai_client::Info;
    ///
    /// const NEW: Info = Info { context_window: Some(8192), ..Info::new("@cf/acme/new", "Text Generation", "2026-11") };
    /// assert_eq!((NEW.first_seen, NEW.requests_per_minute), ("2026-11", None));
    /// ```
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
    ///
    /// ```
    /// use workers_ai_client::Info;
    ///
    /// const EMBED: Info =
    ///     Info { requests_per_minute: Some(3000), ..Info::new("@cf/baai/bge-m3", "Text Embeddings", "2025-12") };
    /// assert_eq!(EMBED.requests_per_hour(), Some(180_000));
    /// ```
    #[must_use]
    pub const fn requests_per_hour(&self) -> Option<u64> {
        match self.requests_per_minute {
            Some(limit) => Some(limit as u64 * 60),
            None => None,
        }
    }

    /// How many requests an account may send per day at the per-minute limit.
    ///
    /// ```
    /// use workers_ai_client::Info;
    ///
    /// const EMBED: Info =
    ///     Info { requests_per_minute: Some(3000), ..Info::new("@cf/baai/bge-m3", "Text Embeddings", "2025-12") };
    /// let texts = 500_000_000_u64;
    /// let calls = texts.div_ceil(100);
    /// assert!(EMBED.requests_per_day().is_some_and(|most| calls > most), "more than a day's work");
    /// ```
    #[must_use]
    pub const fn requests_per_day(&self) -> Option<u64> {
        match self.requests_per_minute {
            Some(limit) => Some(limit as u64 * 60 * 24),
            None => None,
        }
    }
}

/// What one unit of work costs.
///
/// ```
/// use workers_ai_client::Price;
///
/// const OUTPUT: Price = Price { unit: "per_M_output_tokens", usd: 2.253, neurons: Some(204_805.0) };
///
/// let tokens = 20_000.0;
/// let usd = OUTPUT.usd * tokens / 1e6;
/// assert!((usd - 0.04506).abs() < 1e-9);
/// ```
///
/// For what a whole call costs see [`Info::neurons`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// What is counted, for example `per_M_input_tokens`.
    pub unit: &'static str,
    /// US dollars per unit.
    pub usd: f64,
    /// Neurons per unit: the service's own measure of work, which free allocations are given in.
    pub neurons: Option<f64>,
}

impl Price {
    /// What one unit costs.
    ///
    /// ```
    /// use workers_ai_client::Price;
    ///
    /// const INPUT: Price = Price::new("per_M_input_tokens", 0.293, Some(26_668.0));
    /// assert_eq!(INPUT.usd, 0.293);
    /// ```
    #[must_use]
    pub const fn new(unit: &'static str, usd: f64, neurons: Option<f64>) -> Self {
        Self { unit, usd, neurons }
    }
}

/// What the catalogue says a model can do or needs.
///
/// ```
/// use workers_ai_client::Flags;
///
/// let flags = Flags { function_calling: true, vision: true, ..Flags::NONE };
/// assert!(flags.vision && !flags.require_workers_paid);
/// assert_eq!(Flags::NONE, Flags::default());
/// ```
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
///
/// ```
/// use workers_ai_client::{Headline, Info};
///
/// const LLAMA: Info = Info {
///     context_window: Some(24_000),
///     headline: Some(Headline { context_window: Some(128_000), requests_per_minute: 300 }),
///     ..Info::new("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "Text Generation", "2025-12")
/// };
/// // What is advertised, and what fits.
/// let advertised = LLAMA.headline.and_then(|headline| headline.context_window);
/// assert!(advertised > LLAMA.context_window);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// How many tokens fit, prompt and answer together.
    pub context_window: Option<u64>,
    /// How many requests an account may send per minute.
    pub requests_per_minute: u32,
}
