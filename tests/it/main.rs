//! Tests of the whole: every model, every overlay, any feed.

#![allow(deprecated, reason = "models that are leaving or have left are tested like the others")]

mod subject;

mod fidelity;
