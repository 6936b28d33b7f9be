//! The catalogue under `schemas/`: what a model file and the index hold, and how they are written.

pub(crate) mod canonical;
pub(crate) mod date;
pub(crate) mod id;
pub(crate) mod index;
pub(crate) mod keyword;
pub(crate) mod model;
pub(crate) mod task;
