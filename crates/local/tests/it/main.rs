//! The local server over real loopback HTTP, behaviour by behaviour.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

mod api;

mod access;
mod answers;
mod batches;
mod binding;
mod caps;
mod catalogue;
#[cfg(feature = "network")]
mod cloudflare;
mod control;
mod determinism;
#[cfg(feature = "documents")]
mod documents;
mod errors;
mod every_model;
mod faults;
mod finetunes;
mod gateways;
mod limits;
mod markdown;
mod multipart;
mod openai;
mod piecemeal;
mod playground;
#[cfg(feature = "inference")]
mod real;
mod rebinding;
mod retired_models;
mod sandboxes;
mod sessions;
mod sources;
mod streams;
mod tapes;
mod transports;
#[cfg(feature = "network")]
mod upstream;
