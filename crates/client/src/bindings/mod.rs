//! The macros that generated bindings are written in: a type in a few lines that read like Rust, with its setters, its
//! conversions and its JSON.
//!
//! What they write is `#[inline]` where it is not generic, and so compiled where it is used: a program pays for the models
//! that it calls, and a crate of bindings for none.
//!
//! They are exported at the root of the crate, so that a module of the bindings says `client::request!`.

mod choice;
pub mod fields;
mod reply;
mod request;
mod union;
