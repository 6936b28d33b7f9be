//! What comes out of a queue: how the batch stands, and an answer for each of its requests.

use bytes::Bytes;
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::ticket::Fields;
use crate::fields::{self, Members};
use crate::{Answer, Error, Reply, Usage};

/// What has become of queued requests.
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
/// use workers_ai_client::Progress;
///
/// if let Progress::Ready(batch) = queued.poll().await? {
///     println!("{} answers for {:?}", batch.items.len(), batch.usage);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<T> {
    /// Not answered yet.
    Pending {
        /// Where the batch is.
        status: BatchStatus,
    },
    /// Answered.
    Ready(Batch<T>),
}

/// Where a batch is that has no answers yet.
///
/// ```
/// use workers_ai_client::BatchStatus;
///
/// fn say(status: &BatchStatus) -> &str {
///     match status {
///         BatchStatus::Queued => "waiting",
///         BatchStatus::Running => "under way",
///         BatchStatus::Other(word) => word,
///         _ => "somewhere",
///     }
/// }
///
/// assert_eq!(say(&BatchStatus::Running), "under way");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchStatus {
    /// It waits.
    Queued,
    /// It is worked on.
    Running,
    /// A state that was not known when this was written.
    Other(String),
}

/// The answers of a batch.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([
/// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
/// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}], "usage": {"neurons": 0.5}}, "success": true}"#,
/// # ]);
/// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
/// let batch = queued.wait().await?;
/// assert_eq!(batch.usage.as_ref().and_then(|usage| usage.neurons), Some(0.5));
/// for reply in batch {
///     println!("{} is {}", reply.id, if reply.result.is_ok() { "answered" } else { "not" });
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Batch<T> {
    /// One for each request, in their order.
    pub items: Vec<BatchReply<T>>,
    /// What all of them used together, where the service says.
    pub usage: Option<Usage>,
}

/// The answer to one request of a batch. Each can fail by itself.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([
/// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
/// #     r#"{"result": {"responses": [{"id": 0, "success": false, "external_reference": "page-7", "error": {"code": 3040, "message": "Capacity temporarily exceeded"}}]}, "success": true}"#,
/// # ]);
/// # let queued = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?;
/// # fn keep<T>(_: &str, _: T) {}
/// let mut again = Vec::new();
/// for reply in queued.wait().await? {
///     match (reply.reference, reply.result) {
///         (Some(name), Ok(answer)) => keep(&name, answer),
///         (Some(name), Err(error)) if error.is_retryable() => again.push(name),
///         (name, Err(error)) => eprintln!("{name:?}: {error}"),
///         (None, Ok(_)) => {}
///     }
/// }
/// assert_eq!(again, ["page-7"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchReply<T> {
    /// The place of the request in the batch, from 0.
    pub id: u64,
    /// What the request was called: [`BatchItem::reference`](super::BatchItem::reference).
    pub reference: Option<String>,
    /// What the model answered.
    pub result: Result<T, Error>,
}

impl<T> Batch<T> {
    /// The answers alone, in the order of the requests.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([
    /// #     r#"{"result": {"status": "queued", "request_id": "768f15b7"}, "success": true}"#,
    /// #     r#"{"result": {"responses": [{"id": 0, "success": true, "result": {"response": "Blue."}}]}, "success": true}"#,
    /// # ]);
    /// # let batch = client.untyped("@cf/a/b", serde_json::json!({})).enqueue().await?.wait().await?;
    /// // All of them, or the first error.
    /// let answers: Vec<serde_json::Value> = batch.into_results().collect::<Result<_, _>>()?;
    /// assert_eq!(answers[0]["response"], "Blue.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_results(self) -> impl Iterator<Item = Result<T, Error>> {
        self.items.into_iter().map(|item| item.result)
    }
}

impl<T> IntoIterator for Batch<T> {
    type Item = BatchReply<T>;
    type IntoIter = std::vec::IntoIter<BatchReply<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// Reads how a batch stands.
pub(super) fn read<R: Reply>(answer: &Answer, ticket: &Fields) -> Result<Progress<R>, Error> {
    let whole: &RawValue = answer.json_borrowed()?;
    let state: State<'_> = answer.json_borrowed()?;
    let status = state.status.map(|status| status.to_ascii_lowercase());
    if status.as_deref().is_some_and(|status| matches!(status, "failed" | "error" | "errored" | "cancelled")) {
        let said = share(state.error.unwrap_or(whole));
        return Err(Error::service(answer.status().as_u16(), answer.headers(), said));
    }
    let Some(responses) = state.responses else {
        return match status.as_deref() {
            Some("queued") => Ok(Progress::Pending { status: BatchStatus::Queued }),
            Some("running") => Ok(Progress::Pending { status: BatchStatus::Running }),
            None | Some("succeeded" | "completed") => Err(answer.unexpected("a status or answers from the queue")),
            Some(other) => Ok(Progress::Pending { status: BatchStatus::Other(other.to_owned()) }),
        };
    };
    let items = in_order(responses, ticket).map(|(id, item)| BatchReply {
        id,
        // The service gives back what it was told; what it forgot is remembered here.
        reference: item.as_ref().and_then(|item| item.external_reference.clone()).or_else(|| named(ticket, id)),
        result: match item {
            Some(item) => item.read(answer),
            None => Err(Error::decode(format!("the queue has no answer for request {id}"))),
        }
        .map_err(|error| error.with_model(&ticket.model)),
    });
    Ok(Progress::Ready(Batch { items: items.collect(), usage: state.usage }))
}

/// The answers by their ids, with a gap for each request that has none.
fn in_order<'a>(responses: Vec<Item<'a>>, ticket: &Fields) -> impl Iterator<Item = (u64, Option<Item<'a>>)> {
    let mut items: Vec<(u64, Option<Item<'a>>)> =
        (0..).zip(responses).map(|(place, item)| (item.id.unwrap_or(place), Some(item))).collect();
    let missing = |id: &u64| !items.iter().any(|(present, _)| present == id);
    let gaps: Vec<u64> = (0..ticket.requests.unwrap_or_default() as u64).filter(missing).collect();
    items.extend(gaps.into_iter().map(|id| (id, None)));
    items.sort_by_key(|(id, _)| *id);
    items.into_iter()
}

fn named(ticket: &Fields, id: u64) -> Option<String> {
    ticket.references.as_ref()?.get(usize::try_from(id).ok()?)?.clone()
}

fn share(raw: &RawValue) -> Bytes {
    Bytes::copy_from_slice(raw.get().as_bytes())
}

#[derive(Default)]
struct State<'a> {
    status: Option<String>,
    responses: Option<Vec<Item<'a>>>,
    usage: Option<Usage>,
    error: Option<&'a RawValue>,
}

impl<'de> Members<'de> for State<'de> {
    const NAME: &'static str = "State";
    const CLOSED: bool = false;
    const FIELDS: &'static [&'static str] = &["status", "responses", "usage", "error"];

    fn members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut state = Self::default();
        let Self { status, responses, usage, error } = &mut state;
        fields::fill::<Self, A>(&mut members, &mut [status, responses, usage, error])?;
        Ok(state)
    }
}

impl<'de> Deserialize<'de> for State<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::read(deserializer)
    }
}

#[derive(Default)]
struct Item<'a> {
    id: Option<u64>,
    success: Option<bool>,
    external_reference: Option<String>,
    result: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
    errors: Option<&'a RawValue>,
}

impl<'de> Members<'de> for Item<'de> {
    const NAME: &'static str = "Item";
    const CLOSED: bool = false;
    const FIELDS: &'static [&'static str] = &["id", "success", "external_reference", "result", "error", "errors"];

    fn members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut item = Self::default();
        let Self { id, success, external_reference, result, error, errors } = &mut item;
        fields::fill::<Self, A>(&mut members, &mut [id, success, external_reference, result, error, errors])?;
        Ok(item)
    }
}

impl<'de> Deserialize<'de> for Item<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::read(deserializer)
    }
}

impl Item<'_> {
    fn read<R: Reply>(&self, answer: &Answer) -> Result<R, Error> {
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
