//! The client against replies of the service: over a transport that answers from memory, and over real sockets.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod support;

mod bounded_values;
mod credentials;
mod dependencies;
mod envelope;
mod error_table;
mod options;
mod over_http;
mod queueing;
#[cfg(feature = "realtime")]
mod realtime;
mod requests;
mod retries;
mod service_errors;
mod spawning;
mod spending;
mod streaming;
#[cfg(feature = "tracing")]
mod tracing;
mod untyped;
mod uploads;
