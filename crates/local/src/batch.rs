//! Queued requests: taken at once, running at the first look, done at the second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::answer::Fidelity;

/// The largest batch that the service takes.
pub(crate) const LARGEST_BATCH: usize = 10_000_000;

/// How many batches are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 1000;

/// What waits to be asked for.
#[derive(Debug, Default)]
pub(crate) struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    batches: HashMap<String, Batch>,
    order: Vec<String>,
}

#[derive(Debug)]
struct Batch {
    model: String,
    result: Value,
    fidelity: Option<Fidelity>,
    looked_at: bool,
}

/// How a batch stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Standing {
    Unknown,
    Running(Option<Fidelity>),
    /// The result, and how near the farthest of its answers is to the real model's.
    Done(Value, Option<Fidelity>),
}

impl Queue {
    pub(crate) fn put(&self, request_id: &str, model: &str, result: Value, fidelity: Option<Fidelity>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.order.len() >= REMEMBERED {
            let oldest = waiting.order.remove(0);
            waiting.batches.remove(&oldest);
        }
        waiting.order.push(request_id.to_owned());
        let batch = Batch { model: model.to_owned(), result, fidelity, looked_at: false };
        waiting.batches.insert(request_id.to_owned(), batch);
    }

    pub(crate) fn look(&self, request_id: &str, model: &str) -> Standing {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.batches.get_mut(request_id).filter(|batch| batch.model == model) {
            None => Standing::Unknown,
            Some(batch) if batch.looked_at => Standing::Done(batch.result.clone(), batch.fidelity),
            Some(batch) => {
                batch.looked_at = true;
                Standing::Running(batch.fidelity)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_runs_once_and_is_then_done() {
        let queue = Queue::default();
        queue.put("id", "@cf/a/b", json!(1), Some(Fidelity::Upstream));
        assert_eq!(queue.look("id", "@cf/a/c"), Standing::Unknown);
        assert_eq!(queue.look("id", "@cf/a/b"), Standing::Running(Some(Fidelity::Upstream)));
        for _ in 0..2 {
            assert_eq!(queue.look("id", "@cf/a/b"), Standing::Done(json!(1), Some(Fidelity::Upstream)));
        }
    }
}
