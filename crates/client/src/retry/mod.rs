//! Sending again: what may be, how long to wait, and when to stop.

mod allowance;
mod attempts;
mod policy;

pub(crate) use self::allowance::Allowance;
pub(crate) use self::attempts::{Attempts, Repeatable};
pub use self::policy::RetryPolicy;

/// What the same request can hope for when it is sent again. See [`Error::retry_class`](crate::Error::retry_class).
///
/// ```
/// use workers_ai_client::{
///     Error, RetryClass,
///     transport::{TransportError, TransportErrorKind},
/// };
///
/// let error = Error::from(TransportError::new(TransportErrorKind::Connection, "connection reset"));
/// assert_eq!(error.retry_class(), RetryClass::Soon);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// The same answer: the request has to change first.
    Never,
    /// A better answer soon: capacity, the network, a fault of the service.
    Soon,
    /// A better answer in the next minute: the limit of requests per minute.
    NextMinute,
    /// Perhaps a better answer, but more likely the same: worth one more attempt and no more.
    Once,
    /// A better answer after midnight UTC: the day's free allocation is spent.
    NextDay,
}
