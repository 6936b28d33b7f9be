//! Both sides' books: what a caller knows of its calls, held against what the server has written down.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::failure::{Reason, Stage};
use crate::kind::{ID, Kind};

/// A call as its caller saw it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) failure: Option<String>,
    pub(crate) ending: Option<Ending>,
    pub(crate) attempts: Option<u32>,
    pub(crate) batch: Option<String>,
    /// How many calls the budget has counted for it, and how many neurons.
    pub(crate) charges: u64,
    pub(crate) neurons: f64,
    /// What the budget still kept aside when the call was over.
    pub(crate) reserved: f64,
}

/// How a call failed in the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ending {
    pub(crate) kind: Kind,
    pub(crate) stage: Stage,
    pub(crate) what: String,
    pub(crate) reason: Reason,
}

/// How often each ending came about.
pub(crate) type Endings = BTreeMap<Ending, u64>;

/// Sums over the calls of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) calls: u64,
    pub(crate) failed: u64,
    /// Requests that the server has seen.
    pub(crate) requests: u64,
    /// Those beyond the first, and polls of batches.
    pub(crate) again: u64,
    pub(crate) polls: u64,
}

impl Sum {
    pub(crate) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.failed += other.failed;
        self.requests += other.requests;
        self.again += other.again;
        self.polls += other.polls;
    }
}

/// Compares the books of one sandbox; gives the sums and all that does not agree.
pub(crate) fn settle(told: &[Told], journal: &[Value], charged: f64) -> (BTreeMap<Kind, Sum>, Vec<String>) {
    let mut faults = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let mut polls: BTreeMap<&str, u64> = BTreeMap::new();
    let batches: BTreeSet<&str> = told.iter().filter_map(|call| call.batch.as_deref()).collect();
    for entry in journal {
        let id = entry.pointer(&format!("/headers/{ID}")).and_then(Value::as_str);
        let batch = entry.pointer("/body/request_id").and_then(Value::as_str);
        match (id, batch) {
            (Some(id), _) => by_id.entry(id).or_default().push(entry),
            // A batch that was handed in and then failed is not known by its id.
            (None, Some(batch)) => *polls.entry(batch).or_default() += 1,
            (None, None) => faults.push(format!("the server was asked something else: {entry}")),
        }
    }
    let mut sums: BTreeMap<Kind, Sum> = BTreeMap::new();
    for call in told {
        let entries = by_id.remove(call.id.as_str()).unwrap_or_default();
        let requests = entries.len() as u64;
        let polls = call.batch.as_deref().and_then(|batch| polls.get(batch)).copied().unwrap_or_default();
        let sum = Sum {
            calls: 1,
            failed: u64::from(call.failure.is_some()),
            requests: requests + polls,
            again: requests.saturating_sub(1),
            polls,
        };
        sums.entry(call.kind).or_default().add(sum);
        faults.extend(disagreements(call, &entries).into_iter().map(|fault| format!("{}: {fault}; {call:?}", call.id)));
    }
    faults.extend(by_id.keys().map(|id| format!("the server knows a call {id} that nobody made")));
    if polls.keys().any(|batch| !batches.contains(batch)) && told.iter().all(|call| call.failure.is_none()) {
        faults.push("the server was polled for a batch that nobody has".to_owned());
    }
    let written: f64 = journal.iter().filter_map(|entry| entry.get("neurons")?.as_f64()).sum();
    if (written - charged).abs() > 1e-6 {
        faults.push(format!("the server charged {charged} neurons and wrote down {written}"));
    }
    (sums, faults)
}

fn disagreements(call: &Told, entries: &[&Value]) -> Vec<String> {
    let mut faults = Vec::new();
    let requests = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    if call.attempts.is_some_and(|attempts| attempts != requests) || requests == 0 {
        faults.push(format!("{requests} requests reached the server"));
    }
    if call.reserved != 0.0 {
        faults.push("something is still set aside for it".to_owned());
    }
    if let Some(ending) = &call.ending {
        if ending.reason == Reason::None {
            faults.push("it was given up though it could have been attempted again".to_owned());
        }
        return faults;
    }
    let last = entries.last();
    let status = last.and_then(|entry| entry.get("status")?.as_u64()).unwrap_or_default();
    if !(status == 101 || (200..300).contains(&status)) {
        faults.push(format!("it succeeded with status {status}"));
    }
    // The server charges every attempt that it answers. The budget counts those whose answer began to arrive: the last, and
    // those before it that broke off.
    let answered =
        entries.iter().filter(|entry| entry.get("status").and_then(Value::as_u64).is_some_and(|status| status < 300));
    if call.charges == 0 || call.charges > answered.count() as u64 {
        faults.push(format!("the budget has counted {} calls", call.charges));
    }
    // A batch costs what it was estimated at, and a session what was said in it.
    let is_known = !matches!(call.kind, Kind::Batch | Kind::Session);
    let neurons = last.and_then(|entry| entry.get("neurons")?.as_f64()).filter(|_| is_known);
    #[expect(clippy::cast_precision_loss, reason = "a handful of attempts")]
    if neurons.is_some_and(|neurons| (neurons * call.charges as f64 - call.neurons).abs() > 1e-6) {
        faults.push(format!("the server charged {neurons:?} neurons for each of its requests"));
    }
    faults
}
