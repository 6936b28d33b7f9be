//! Queued requests: taken at once, running at the first look, done at the second.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::answer::Fidelity;

/// The largest batch that the service takes.
pub(crate) const LARGEST_BATCH: usize = 10_000_000;

/// How many batches are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 1000;

/// How many bytes of results they have together.
const HEAVIEST: usize = 64 << 20;

/// What waits to be asked for.
#[derive(Debug, Default)]
pub(crate) struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    batches: VecDeque<Batch>,
    weight: usize,
}

#[derive(Debug)]
struct Batch {
    request_id: String,
    model: String,
    result: Value,
    /// How long the result is as JSON.
    weight: usize,
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
        let (request_id, model, weight) = (request_id.to_owned(), model.to_owned(), result.to_string().len());
        waiting.weight += weight;
        waiting.batches.push_back(Batch { request_id, model, result, weight, fidelity, looked_at: false });
        while waiting.batches.len() > REMEMBERED || (waiting.weight > HEAVIEST && waiting.batches.len() > 1) {
            let Some(oldest) = waiting.batches.pop_front() else { return };
            waiting.weight -= oldest.weight;
        }
    }

    pub(crate) fn look(&self, request_id: &str, model: &str) -> Standing {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.batches.iter_mut().rfind(|batch| batch.request_id == request_id && batch.model == model) {
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

    #[test]
    fn a_queue_has_an_end() {
        let queue = Queue::default();
        let long = json!("a".repeat(HEAVIEST / 4));
        for id in ["a", "b", "c", "d", "e"] {
            queue.put(id, "@cf/a/b", long.clone(), None);
        }
        let known = ["a", "b", "c", "d", "e"].map(|id| queue.look(id, "@cf/a/b") != Standing::Unknown);
        assert_eq!(known, [false, false, true, true, true]);
        for id in 0..=REMEMBERED {
            queue.put(&id.to_string(), "@cf/a/b", json!(1), None);
        }
        assert_eq!(["0", "1"].map(|id| queue.look(id, "@cf/a/b") != Standing::Unknown), [false, true]);
    }
}
