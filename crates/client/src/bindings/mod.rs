//! The macros that generated bindings are written in: a type in a few lines that read like Rust, with its setters, its
//! conversions and its JSON.
//!
//! They are exported at the root of the crate, so that a module of the bindings says `client::request!`.

mod choice;
pub mod fields;
mod reply;
mod request;
mod union;
