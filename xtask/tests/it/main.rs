//! The commands as somebody types them, on small checkouts of their own, without a network.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic fails the test")]

mod api;
mod checkout;
mod feed;
mod http;
mod scaffold;
mod server;
mod snapshots;
