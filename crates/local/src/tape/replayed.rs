//! How often each request has been replayed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How often each request has been replayed in one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Replayed(Mutex<HashMap<String, usize>>);

impl Replayed {
    /// The number of this turn of a request, from 0.
    pub(crate) fn turn(&self, key: &str) -> usize {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.entry(key.to_owned()).or_default();
        *turn += 1;
        *turn - 1
    }
}
