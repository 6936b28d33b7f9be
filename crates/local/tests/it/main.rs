//! The local server over real loopback HTTP, behaviour by behaviour.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

mod api;

mod access;
mod answers;
mod batches;
mod binding;
mod catalogue;
mod determinism;
#[cfg(feature = "documents")]
mod documents;
mod errors;
mod every_model;
mod finetunes;
mod gateways;
mod markdown;
mod multipart;
mod openai;
mod retired_models;
mod sessions;
mod streams;
mod transports;
