//! Spans of calls for the feature `tracing`; without it, nothing at all.

#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod spans;
#[cfg(feature = "tracing")]
mod tail;

#[cfg(not(feature = "tracing"))]
pub(crate) use self::silent::CallSpan;
#[cfg(feature = "tracing")]
pub(crate) use self::spans::CallSpan;
