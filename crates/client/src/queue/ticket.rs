//! A batch as data: what is needed to ask for it again, from another program perhaps.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Queues;

/// A batch of queued requests as data: the model, the id, and what the requests were called. Reading one checks that it is
/// the model's.
///
/// ```
/// use workers_ai_client::{Ticket, Untyped};
///
/// # fn main() -> Result<(), serde_json::Error> {
/// # let kept = r#"{"model": "@cf/acme/new", "type": "", "request_id": "768f15b7", "requests": 2}"#;
/// let ticket: Ticket<Untyped> = serde_json::from_str(kept)?;
/// assert_eq!((ticket.model(), ticket.request_id(), ticket.requests()), ("@cf/acme/new", "768f15b7", Some(2)));
/// assert_eq!(serde_json::from_str::<serde_json::Value>(kept)?, serde_json::to_value(&ticket)?);
/// # Ok(())
/// # }
/// ```
///
/// See [`Queued::ticket`](crate::Queued::ticket) and [`Queued::resume`](crate::Queued::resume).
pub struct Ticket<M: Queues> {
    pub(super) fields: Fields,
    model: PhantomData<fn() -> M>,
}

#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) model: String,
    /// The model whose types the batch has, where the requests went to another.
    typed: Option<String>,
    pub(super) request_id: String,
    /// How many requests there are, where that is known.
    pub(super) requests: Option<usize>,
    /// What the requests are called, where any has a name.
    pub(super) references: Option<Vec<Option<String>>>,
}

crate::members! {
    Fields []
    @ [] model needed String;
    @ ["type"] typed wanted String;
    @ [] request_id needed String;
    @ [] requests wanted usize;
    @ [] references wanted Vec<Option<String>>;
}

impl<M: Queues> Ticket<M> {
    pub(super) fn new(
        model: &str,
        request_id: String,
        requests: Option<usize>,
        references: Option<Vec<Option<String>>>,
    ) -> Self {
        let typed = (model != M::INFO.id).then(|| M::INFO.id.to_owned());
        let fields = Fields { model: model.to_owned(), typed, request_id, requests, references };
        Self { fields, model: PhantomData }
    }

    /// The id of the batch.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.fields.request_id
    }

    /// The model that the requests went to.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.fields.model
    }

    /// How many requests the batch has; `None` for one that is known by its id alone.
    #[must_use]
    pub fn requests(&self) -> Option<usize> {
        self.fields.requests
    }
}

impl<M: Queues> Clone for Ticket<M> {
    fn clone(&self) -> Self {
        Self { fields: self.fields.clone(), model: PhantomData }
    }
}

impl<M: Queues> fmt::Debug for Ticket<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("model", &self.model()).field("request_id", &self.request_id()).finish()
    }
}

impl<M: Queues> Serialize for Ticket<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

impl<'de, M: Queues> Deserialize<'de> for Ticket<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let typed = fields.typed.as_ref().unwrap_or(&fields.model);
        if typed == M::INFO.id {
            Ok(Self { fields, model: PhantomData })
        } else {
            Err(de::Error::custom(format_args!("this batch belongs to {typed}, not to {}", M::INFO.id)))
        }
    }
}
