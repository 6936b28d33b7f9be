//! One of many callers: rounds of calls, each round in a sandbox of its own by a client of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;
use workers_ai_client::{Budget, Client, RetryPolicy};

use crate::failure::ATTEMPTS;
use crate::faults::faults;
use crate::kind::{Kind, MIX};
use crate::ledger::{Ending, Endings, Sum, Told, settle};
use crate::server::Sandboxes;

/// The calls of a round, at most: a journal holds a thousand requests.
const ROUND: usize = 90;

/// How much is going on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Load {
    /// Callers with a lower number are calling.
    pub(crate) callers: usize,
    /// What each waits between two calls.
    pub(crate) pause: Duration,
    pub(crate) is_over: bool,
}

/// What all callers share.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) base_url: String,
    pub(crate) account: String,
    pub(crate) sandboxes: Sandboxes,
    pub(crate) load: watch::Receiver<Load>,
    /// Callers in a round.
    pub(crate) busy: Arc<AtomicUsize>,
}

/// What a caller has to tell in the end.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) sums: BTreeMap<Kind, Sum>,
    pub(crate) endings: Endings,
    pub(crate) faults: Vec<String>,
    pub(crate) rounds: u64,
}

/// Calls whenever it is this caller's time, until all is over.
pub(crate) async fn call(number: usize, mut scene: Scene) -> Result<Account> {
    let mut account = Account::default();
    loop {
        let load = *scene.load.borrow_and_update();
        if load.is_over {
            return Ok(account);
        }
        if number >= load.callers {
            scene.load.changed().await?;
            continue;
        }
        scene.busy.fetch_add(1, Ordering::SeqCst);
        let name = format!("sandbox-soak-{number}-{}", account.rounds);
        account.rounds += 1;
        let done = round(number, &name, &scene, &mut account).await;
        scene.busy.fetch_sub(1, Ordering::SeqCst);
        done?;
    }
}

async fn round(number: usize, name: &str, scene: &Scene, account: &mut Account) -> Result<()> {
    scene.sandboxes.open(name, &faults()).await?;
    let budget = Budget::unlimited();
    let retry = RetryPolicy::default()
        .max_attempts(ATTEMPTS)
        .first_delay(Duration::from_millis(5))
        .longest_delay(Duration::from_millis(50))
        .patience(Duration::from_millis(100));
    let client = Client::builder(&scene.account, name)
        .base_url(&scene.base_url)
        .retry(retry)
        .retry_allowance(1000)
        .budget(budget.clone())
        .build()?;
    let mut told = Vec::new();
    for turn in 0..ROUND {
        let load = *scene.load.borrow();
        if load.is_over || number >= load.callers {
            break;
        }
        // Not all with the same kind at the same time, and in a short run still every kind.
        let kinds = MIX.iter().copied().cycle().skip(number * 11 + turn);
        let Some(kind) = kinds.into_iter().next() else { break };
        told.push(one(kind, &client, &budget, &format!("{name}-{turn}"), turn).await);
        tokio::time::sleep(load.pause).await;
    }
    drop(client);
    let (journal, charged) = scene.sandboxes.close(name).await?;
    for ending in told.iter().filter_map(|call| call.ending.clone()) {
        *account.endings.entry(ending).or_default() += 1;
    }
    let (sums, faults) = settle(&told, &journal, charged);
    for (kind, sum) in sums {
        account.sums.entry(kind).or_default().add(sum);
    }
    account.faults.extend(faults);
    Ok(())
}

/// Makes one call, and looks at what the budget made of it: nobody else calls by this client meanwhile.
async fn one(kind: Kind, client: &Client, budget: &Budget, id: &str, turn: usize) -> Told {
    let before = budget.state();
    let done = kind.call(client, id, turn).await;
    let after = budget.state();
    let (failure, ending, attempts, batch) = match done {
        Ok(done) => (None, None, done.attempts, done.batch),
        Err(failed) => {
            let ending = Ending { kind, stage: failed.stage, what: failed.what(), reason: failed.reason() };
            (Some(failed.error.to_string()), Some(ending), failed.attempts(kind), None)
        }
    };
    Told {
        id: id.to_owned(),
        kind,
        failure,
        ending,
        attempts,
        batch,
        charges: after.calls.saturating_sub(before.calls),
        neurons: after.neurons - before.neurons,
        reserved: budget.reserved(),
    }
}
