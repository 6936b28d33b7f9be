//! The client that progenitor makes from `openapi.json`.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::all,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "generated; the wrappers in this crate are the documented interface"
)]

include!(concat!(env!("OUT_DIR"), "/account.rs"));
