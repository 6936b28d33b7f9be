//! Requests that wait in a model's queue: handing them in, and asking later what became of them.

mod accepts;

use std::{fmt, marker::PhantomData, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json, value::RawValue};

use crate::{Answer, Client, Encoded, Error, Invalid, Queues, Reply, Request, client::Outgoing};

/// Requests in a model's queue.
///
/// ```no_run
/// # async fn example<M: workers_ai_client::Queues>(call: workers_ai_client::Call<M>) -> Result<(), workers_ai_client::Error> {
/// use std::time::Duration;
///
/// let queued = call.enqueue().await?;
/// let replies = queued.wait_with(|| tokio::time::sleep(Duration::from_secs(10))).await?;
/// for reply in replies {
///     let _ = reply?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// To ask from another program, keep the [`ticket`](Queued::ticket).
pub struct Queued<M: Queues> {
    client: Client,
    ticket: Ticket<M>,
}

/// What has become of queued requests.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<T> {
    /// Not answered yet.
    Pending {
        /// What the service calls it: `queued` or `running`.
        status: String,
    },
    /// One answer per request, in their order. Each can fail by itself.
    Ready(Vec<Result<T, Error>>),
}

impl<M: Queues> Queued<M> {
    pub(crate) fn new(client: Client, request_id: String) -> Self {
        Self { client, ticket: Ticket { request_id, model: PhantomData } }
    }

    /// Takes up a batch again.
    #[must_use]
    pub fn resume(client: &Client, ticket: Ticket<M>) -> Self {
        Self { client: client.clone(), ticket }
    }

    /// The id of the batch.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.ticket.request_id
    }

    /// What is needed to take the batch up again: it can be stored.
    #[must_use]
    pub fn ticket(&self) -> &Ticket<M> {
        &self.ticket
    }

    /// Asks once.
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`]. Failures of single requests are among the answers instead.
    pub async fn poll(&self) -> Result<Progress<M::Reply>, Error> {
        let question = json!({ "request_id": self.ticket.request_id });
        let answer = send::<M>(&self.client, &question, HeaderMap::new(), None).await?;
        let named = |error: Error| error.with_model(M::INFO.id);
        let state: BatchState<'_> = answer.json_borrowed().map_err(named)?;
        let Some(mut items) = state.responses else {
            return match state.status {
                Some(status) => Ok(Progress::Pending { status }),
                None => Err(named(answer.unexpected("a status or answers from the queue"))),
            };
        };
        items.sort_by_key(|item| item.id.unwrap_or(u64::MAX));
        let read = |item: &BatchItem<'_>| item.read::<M::Reply>(&answer).map_err(named);
        Ok(Progress::Ready(items.iter().map(read).collect()))
    }

    /// Asks until the answers are there, and in between waits for what `pause` makes: this crate has no clock of its own.
    ///
    /// # Errors
    ///
    /// Those of any call; see [`Error`].
    pub async fn wait_with<P, F>(&self, mut pause: P) -> Result<Vec<Result<M::Reply, Error>>, Error>
    where
        P: FnMut() -> F,
        F: Future<Output = ()>,
    {
        loop {
            match self.poll().await? {
                Progress::Ready(replies) => return Ok(replies),
                Progress::Pending { .. } => pause().await,
            }
        }
    }

    pub(crate) async fn submit(client: &Client, requests: &[M::Request]) -> Result<Self, Error> {
        Self::submit_with(client, requests, &[], HeaderMap::new(), None).await
    }

    pub(crate) async fn submit_with(
        client: &Client,
        requests: &[M::Request],
        fields: &[(String, Value)],
        headers: HeaderMap,
        timeout: Option<Duration>,
    ) -> Result<Self, Error> {
        let named = |error: Error| error.with_model(M::INFO.id);
        let items = requests.iter().map(|request| item::<M>(request, fields)).collect::<Result<Vec<_>, _>>();
        let items = items.map_err(|invalid| named(invalid.into()))?;
        let answer = send::<M>(client, &Batch { requests: items }, headers, timeout).await?;
        let accepted: Accepted = answer.json().map_err(named)?;
        Ok(Self::new(client.clone(), accepted.request_id))
    }
}

/// The body of one queued request.
fn item<M: Queues>(request: &M::Request, fields: &[(String, Value)]) -> Result<Box<RawValue>, Invalid> {
    let mut encoded = request.encode()?;
    match encoded.as_json() {
        Some(body) => accepts::check::<M::Item>(body)?,
        None => return Err(Invalid::request("a request that carries a file outside JSON cannot be queued")),
    }
    // What the caller sets by name is not checked here either.
    encoded.set(fields)?;
    let body = encoded.as_json().unwrap_or_default();
    serde_json::from_slice(body).map_err(|_| Invalid::request("the request is not JSON"))
}

async fn send<M: Queues>(
    client: &Client,
    body: &(impl Serialize + Sync),
    headers: HeaderMap,
    timeout: Option<Duration>,
) -> Result<Answer, Error> {
    let body = Encoded::json(body).map_err(|invalid| Error::from(invalid).with_model(M::INFO.id))?;
    let outgoing = Outgoing { headers, timeout, queued: true, ..Outgoing::new(body) };
    client.answer(M::INFO.id, outgoing).await
}

#[derive(Serialize)]
struct Batch {
    requests: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Accepted {
    request_id: String,
}

#[derive(Deserialize)]
struct BatchState<'a> {
    #[serde(default)]
    status: Option<String>,
    #[serde(borrow, default)]
    responses: Option<Vec<BatchItem<'a>>>,
}

#[derive(Deserialize)]
struct BatchItem<'a> {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    success: Option<bool>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    errors: Option<&'a RawValue>,
}

impl BatchItem<'_> {
    fn read<R: Reply>(&self, answer: &Answer) -> Result<R, Error> {
        let share = |raw: &RawValue| Bytes::copy_from_slice(raw.get().as_bytes());
        match self.result {
            Some(result) if self.success != Some(false) => {
                R::decode(Answer::new(answer.status(), answer.headers().clone(), share(result)))
            }
            _ => {
                let part = |name: &str, raw: Option<&RawValue>| raw.map(|raw| format!("{{\"{name}\":{}}}", raw.get()));
                let said = part("errors", self.errors)
                    .or_else(|| part("error", self.error))
                    .or_else(|| part("error", self.result));
                Err(Error::service(answer.status().as_u16(), answer.headers(), said.unwrap_or_default().into()))
            }
        }
    }
}

impl<M: Queues> Clone for Queued<M> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), ticket: self.ticket.clone() }
    }
}

impl<M: Queues> fmt::Debug for Queued<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queued")
            .field("model", &M::INFO.id)
            .field("request_id", &self.ticket.request_id)
            .finish_non_exhaustive()
    }
}

/// The same as its ticket.
impl<M: Queues> Serialize for Queued<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ticket.serialize(serializer)
    }
}

/// A batch of queued requests as data: the model and the id. Reading one checks that the model is the same.
pub struct Ticket<M: Queues> {
    request_id: String,
    model: PhantomData<fn() -> M>,
}

#[derive(Serialize, Deserialize)]
struct TicketFields {
    model: String,
    request_id: String,
}

impl<M: Queues> Ticket<M> {
    /// The id of the batch.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }
}

impl<M: Queues> Clone for Ticket<M> {
    fn clone(&self) -> Self {
        Self { request_id: self.request_id.clone(), model: PhantomData }
    }
}

impl<M: Queues> fmt::Debug for Ticket<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("model", &M::INFO.id).field("request_id", &self.request_id).finish()
    }
}

impl<M: Queues> Serialize for Ticket<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        TicketFields { model: M::INFO.id.to_owned(), request_id: self.request_id.clone() }.serialize(serializer)
    }
}

impl<'de, M: Queues> Deserialize<'de> for Ticket<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = TicketFields::deserialize(deserializer)?;
        if fields.model == M::INFO.id {
            Ok(Self { request_id: fields.request_id, model: PhantomData })
        } else {
            Err(de::Error::custom(format_args!("this batch belongs to {}, not to {}", fields.model, M::INFO.id)))
        }
    }
}
