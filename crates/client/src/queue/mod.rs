//! Requests that wait in a model's queue: handing them in, and asking later what became of them.

mod accepts;
mod item;
mod reply;
mod ticket;

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

pub use self::item::BatchItem;
pub use self::reply::{Batch, BatchReply, BatchStatus, Progress};
pub use self::ticket::Ticket;
use crate::{
    Answer, Client, Encoded, Error, Queues,
    client::Outgoing,
    options::Options,
    transport::{TransportError, TransportErrorKind},
};

/// The queue takes less than this many bytes in one batch.
const LARGEST: usize = 10_000_000;

/// Batches of a few requests are done in seconds, large ones in minutes: the pauses between questions grow.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Requests in a model's queue.
///
/// ```no_run
/// # async fn example<M: workers_ai_client::Queues>(client: workers_ai_client::Client, requests: Vec<M::Request>)
/// # -> Result<(), workers_ai_client::Error> {
/// let queued = client.enqueue::<M>(requests).await?;
/// for reply in queued.wait().await? {
///     match reply.result {
///         Ok(_) => println!("{} is answered", reply.id),
///         Err(error) => println!("{} failed: {error}", reply.id),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// It serialises, as its [`ticket`](Queued::ticket), to be asked for by another program or after a restart.
pub struct Queued<M: Queues> {
    client: Client,
    ticket: Ticket<M>,
}

impl<M: Queues> Queued<M> {
    pub(crate) fn new(client: Client, request_id: String) -> Self {
        Self { client, ticket: Ticket::new(M::INFO.id, request_id, None, None) }
    }

    /// Takes up a batch again.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#]);
    /// use workers_ai_client::{Queued, Ticket, Untyped};
    ///
    /// # let kept = r#"{"model": "@cf/acme/new", "type": "", "request_id": "768f15b7", "requests": 1}"#;
    /// let ticket: Ticket<Untyped> = serde_json::from_str(kept)?;
    /// let batch = Queued::resume(&client, ticket).wait().await?;
    /// assert_eq!(batch.items.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn resume(client: &Client, ticket: Ticket<M>) -> Self {
        Self { client: client.clone(), ticket }
    }

    /// The id of the batch.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#]);
    /// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
    /// let queued = call.enqueue().await?;
    /// assert_eq!(queued.request_id(), "768f15b7");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.ticket.request_id()
    }

    /// What is needed to take the batch up again: it can be stored.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#]);
    /// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
    /// let kept = serde_json::to_string(queued.ticket())?; // to a file, a database, another program
    /// assert!(kept.contains("768f15b7"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn ticket(&self) -> &Ticket<M> {
        &self.ticket
    }

    /// Asks once.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"status": "running"}, "success": true}"#,
    /// # ]);
    /// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
    /// # use workers_ai_client::BatchStatus;
    /// use workers_ai_client::Progress;
    ///
    /// match queued.poll().await? {
    ///     Progress::Ready(batch) => println!("{} answers", batch.items.len()),
    ///     Progress::Pending { status } => assert_eq!(status, BatchStatus::Running),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the batch as a whole has failed, and those of any call; see [`Error`]. Failures of single requests are among the
    /// answers instead.
    pub async fn poll(&self) -> Result<Progress<M::Reply>, Error> {
        let model = self.ticket.model();
        let question = Encoded::value(&json!({ "request_id": self.request_id() }));
        let answer = send::<M>(&self.client, model, question, Options::default(), false).await?;
        reply::read(&answer, &self.ticket.fields).map_err(|error| self.client.blamed(error, model))
    }

    /// Asks until the answers are there, first after a second and then less and less often, at least every half minute.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#,
    /// # ]);
    /// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
    /// let answered = queued.wait().await?.into_results().filter(Result::is_ok).count();
    /// assert_eq!(answered, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`poll`](Self::poll), and when the transport has no clock to wait by. What has been queued stays queued:
    /// waiting can begin again.
    pub async fn wait(&self) -> Result<Batch<M::Reply>, Error> {
        self.wait_until(None).await
    }

    /// Like [`wait`](Self::wait), but not longer than this.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#,
    /// # ]);
    /// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
    /// use std::time::Duration;
    ///
    /// match queued.wait_at_most(Duration::from_secs(60)).await {
    ///     Ok(batch) => assert_eq!(batch.items.len(), 1),
    ///     Err(error) if error.is_timeout() => println!("come back later for {}", queued.request_id()),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `wait`, and one that [`is_timeout`](Error::is_timeout) when the answers are not there in time.
    pub async fn wait_at_most(&self, limit: Duration) -> Result<Batch<M::Reply>, Error> {
        self.wait_until(Some(limit)).await
    }

    async fn wait_until(&self, limit: Option<Duration>) -> Result<Batch<M::Reply>, Error> {
        let Some(clock) = self.client.clock() else {
            let error = Error::configuration("without a clock nothing can wait: ClientBuilder::clock, or wait_with");
            return Err(error.with_model(self.ticket.model()));
        };
        let started = clock.ticks();
        let mut pause = FIRST_PAUSE;
        loop {
            if let Progress::Ready(batch) = self.poll().await? {
                return Ok(batch);
            }
            let left = limit.map(|limit| limit.saturating_sub(clock.ticks().saturating_sub(started)));
            if left == Some(Duration::ZERO) {
                let late = "the batch is still in the queue";
                let error = Error::from(TransportError::new(TransportErrorKind::Timeout, late));
                return Err(error.with_model(self.ticket.model()));
            }
            clock.sleep(left.map_or(pause, |left| left.min(pause))).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
        }
    }

    /// Asks until the answers are there, and in between waits for what `pause` makes.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"status": "running"}, "success": true}"#,
    /// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#,
    /// # ]);
    /// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
    /// use std::time::Duration;
    ///
    /// let batch = queued.wait_with(|| tokio::time::sleep(Duration::from_millis(10))).await?;
    /// assert_eq!(batch.items.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// For a host without a [`Clock`](crate::transport::Clock), and for pauses of one's own.
    ///
    /// # Errors
    ///
    /// Those of [`poll`](Self::poll).
    pub async fn wait_with<P, F>(&self, mut pause: P) -> Result<Batch<M::Reply>, Error>
    where
        P: FnMut() -> F,
        F: Future<Output = ()>,
    {
        loop {
            match self.poll().await? {
                Progress::Ready(batch) => return Ok(batch),
                Progress::Pending { .. } => pause().await,
            }
        }
    }

    /// Hands a batch in.
    pub(crate) async fn submit(
        client: &Client,
        model: &str,
        items: &[BatchItem<M::Request>],
        fields: &[(String, Value)],
        options: Options,
    ) -> Result<Self, Error> {
        let named = |error: Error| client.blamed(error, model);
        if items.is_empty() {
            return Err(named(Error::invalid("a batch needs at least one request")));
        }
        let requests = items.iter().map(|request| item::encode::<M>(request, fields)).collect::<Result<Vec<_>, _>>();
        let requests = requests.map_err(|invalid| named(invalid.into()))?;
        let body = Encoded::json(&BTreeMap::from([("requests", requests)])).map_err(|invalid| named(invalid.into()))?;
        let size = body.as_json().map_or(0, <[u8]>::len);
        if size >= LARGEST {
            return Err(named(Error::invalid(format!(
                "the batch has {size} bytes, and the queue takes less than {LARGEST}: hand it in as several"
            ))));
        }
        let answer = send::<M>(client, model, body, options, true).await?;
        let accepted: Accepted = answer.json().map_err(named)?;
        let is_any_named = items.iter().any(|item| item.reference.is_some());
        let references = is_any_named.then(|| items.iter().map(|item| item.reference.clone()).collect());
        let ticket = Ticket::new(model, accepted.request_id, Some(items.len()), references);
        Ok(Self { client: client.clone(), ticket })
    }
}

async fn send<M: Queues>(
    client: &Client,
    model: &str,
    body: Encoded,
    options: Options,
    once: bool,
) -> Result<Answer, Error> {
    let info = (model == M::INFO.id).then_some(M::INFO);
    let outgoing = Outgoing { options, info, queued: true, once, ..Outgoing::new(body) };
    client.answer(model.to_owned().into(), outgoing).await
}

struct Accepted {
    request_id: String,
}

crate::members! {
    Accepted []
    @ [] request_id needed String;
}

impl<M: Queues> Clone for Queued<M> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), ticket: self.ticket.clone() }
    }
}

impl<M: Queues> fmt::Debug for Queued<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queued")
            .field("model", &self.ticket.model())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

/// The same as its ticket.
impl<M: Queues> Serialize for Queued<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ticket.serialize(serializer)
    }
}
