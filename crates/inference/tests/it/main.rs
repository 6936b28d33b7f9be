//! The engine on real weights, where they are here, and on small made-up or broken ones everywhere.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap fails the test")]

mod broken;
mod chat;
mod embedding;
mod made_up;
#[cfg(feature = "pull")]
mod pull;
mod speech;
mod store;
mod voice;
mod weights;
