//! The client against replies of the service: over a transport that answers from memory, and over real sockets.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod support;

mod arms;
mod bindings;
mod bounded_values;
mod conversions;
mod credentials;
mod dependencies;
mod envelope;
mod error_table;
mod media;
mod options;
mod over_http;
#[cfg(feature = "rustls")]
mod over_tls;
mod queueing;
#[cfg(feature = "realtime")]
mod realtime;
mod requests;
mod retries;
mod service_errors;
mod shown;
mod spawning;
#[cfg(feature = "limits")]
mod spending;
mod streaming;
mod untyped;
mod uploads;
mod vectors;
