//! One request of a batch, before it is sent.

use serde_json::{Value, value::RawValue};

use super::accepts;
use crate::{Invalid, Queues, Request};

/// A request for a batch, with a name of the caller's own that comes back with the answer.
///
/// ```no_run
/// # async fn example<M: workers_ai_client::Queues>(client: workers_ai_client::Client, pages: Vec<(String, M::Request)>)
/// # -> Result<(), workers_ai_client::Error> {
/// use workers_ai_client::BatchItem;
///
/// let items = pages.into_iter().map(|(name, request)| BatchItem::new(request).reference(name));
/// for reply in client.enqueue_items::<M>(items).await?.wait().await? {
///     println!("{:?} is {}", reply.reference, if reply.result.is_ok() { "done" } else { "not" });
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem<R> {
    pub(super) request: R,
    pub(super) reference: Option<String>,
}

impl<R> BatchItem<R> {
    /// A request.
    #[must_use]
    pub fn new(request: R) -> Self {
        Self { request, reference: None }
    }

    /// What the caller calls the request: the service's `external_reference`.
    ///
    /// ```
    /// use workers_ai_client::BatchItem;
    ///
    /// let items = [("invoice-17", "Sum up: …"), ("invoice-18", "Sum up: …")]
    ///     .map(|(name, prompt)| BatchItem::new(prompt).reference(name));
    /// # let _ = items;
    /// ```
    #[must_use]
    pub fn reference(mut self, name: impl Into<String>) -> Self {
        self.reference = Some(name.into());
        self
    }

    pub(crate) fn into_request<T>(self) -> BatchItem<T>
    where
        R: Into<T>,
    {
        BatchItem { request: self.request.into(), reference: self.reference }
    }
}

/// The body of one queued request.
pub(super) fn encode<M: Queues>(
    item: &BatchItem<M::Request>,
    fields: &[(String, Value)],
) -> Result<Box<RawValue>, Invalid> {
    let mut encoded = item.request.encode()?;
    match encoded.as_json() {
        Some(body) => accepts::check::<M::Item>(body)?,
        None => return Err(Invalid::request("a request that carries a file outside JSON cannot be queued")),
    }
    // What the caller sets by name is not checked here either.
    encoded.set(fields)?;
    if let Some(reference) = &item.reference {
        encoded.set(&[("external_reference".to_owned(), Value::from(reference.as_str()))])?;
    }
    let body = encoded.as_json().unwrap_or_default();
    serde_json::from_slice(body).map_err(|_| Invalid::request("the request is not JSON"))
}
