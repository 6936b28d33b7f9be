//! Tests of the whole: every model, every overlay, any feed.

#![allow(deprecated, reason = "models that are leaving or have left are tested like the others")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod arrows;
mod tidy;

mod subject;

mod every_model;
mod fidelity;
mod hostile;
mod live;
mod overlays;
mod unseen;
mod wire;
