//! Turns published Cloudflare Workers AI schemas into typed Rust bindings.
//!
//! The stages, in order: [`Facts::parse`] reads a model file, [`normalise`] brings its schemas into one canonical dialect,
//! overlays correct what the wire contradicts ([`load`] does all three for a folder).

#![cfg_attr(not(test), warn(clippy::expect_used, clippy::string_slice, clippy::unimplemented, clippy::unreachable))]

mod problem;

mod facts;
mod parse;
mod pointer;
mod shape;

mod canonical;
mod modality;
mod normalise;
mod overlay;

#[cfg(feature = "emit")]
mod build_script;
#[cfg(feature = "emit")]
mod emit;
#[cfg(feature = "emit")]
mod glossary;
mod meaning;
mod name;
#[cfg(feature = "emit")]
mod place;
#[cfg(feature = "emit")]
mod share;

#[cfg(feature = "emit")]
pub use build_script::{Builder, build};
#[cfg(feature = "emit")]
pub use emit::{Options, generate, program};

pub use canonical::{Batch, Bytes, Canonical, Form, Reply, Request, Stream, Transport};
pub use facts::{Facts, Headline, Lifecycle, Limits, Price, RustNames, Schemas};
pub use meaning::meaning;
pub use modality::{CanonicalModel, Modality, load};
pub use normalise::normalise;
pub use overlay::{AppliesTo, Overlay};
pub use problem::{Problem, Problems};
pub use shape::{Bounds, Fields, Kind, Lengths, Rest, Shape};
