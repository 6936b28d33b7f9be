//! The commands as somebody types them, on small checkouts of their own, without a network.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic fails the test")]

mod api;
mod catalogue;
mod checkout;
mod diff;
mod feed;
mod hostile;
mod http;
mod scaffold;
mod server;
mod settled;
mod snapshots;
