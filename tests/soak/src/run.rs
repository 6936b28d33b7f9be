//! The run itself: cycles of quiet, steady and crowded phases, and a look at what is still held after each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Arguments;
use crate::caller::{self, Account, Load, Scene};
use crate::gauge::{Held, held, peak};
use crate::kind::Kind;
use crate::ledger::{Endings, Sum};
use crate::server::Server;

/// A cycle: which part of it each phase takes, which part of the callers is there, and what they wait between calls.
const PHASES: [(f64, f64, u64); 5] =
    [(0.25, 0.1, 100), (0.25, 0.4, 20), (0.2, 1.0, 0), (0.2, 0.3, 20), (0.1, 0.1, 200)];

/// How long what was closed may take to be gone, and a round to come to its end.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much more memory than after the first cycles a process may hold in the end: a part of it, and some megabytes.
const MEMORY: (f64, u64) = (0.15, 12 << 10);

/// The cycles after which a process has all the memory that it goes on with.
const WARM_UP: usize = 3;

/// What both processes hold when nobody calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    pub(crate) server: Held,
    pub(crate) client: Held,
}

/// How it went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) sums: BTreeMap<Kind, Sum>,
    pub(crate) endings: Endings,
    /// After each cycle, the first of which is before any.
    pub(crate) rests: Vec<Rest>,
    pub(crate) peaks: (Option<u64>, Option<u64>),
    pub(crate) rounds: u64,
    pub(crate) seconds: f64,
    pub(crate) faults: Vec<String>,
}

pub(crate) async fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut server = Server::start().await?;
    let quiet = Load { callers: 0, pause: Duration::ZERO, is_over: false };
    let (load, watched) = watch::channel(quiet);
    let busy = Arc::new(AtomicUsize::new(0));
    let (base_url, account) = (server.base_url.clone(), server.account.clone());
    let scene = Scene { base_url, account, sandboxes: server.sandboxes(), load: watched, busy: Arc::clone(&busy) };
    let callers: Vec<JoinHandle<Result<Account>>> =
        (0..arguments.callers).map(|number| tokio::spawn(caller::call(number, scene.clone()))).collect();

    let began = Instant::now();
    let mut outcome = Outcome::default();
    let cycle = Duration::from_secs_f64(arguments.minutes * 60.0 / f64::from(arguments.cycles.max(1)));
    outcome.rests.push(rest(&mut server, None).await?);
    for number in 1..=arguments.cycles {
        for (part, share, pause) in PHASES {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a number of callers"
            )]
            let callers = ((arguments.callers as f64 * share).ceil() as usize).max(1);
            load.send_replace(Load { callers, pause: Duration::from_millis(pause), is_over: false });
            tokio::time::sleep(cycle.mul_f64(part)).await;
        }
        load.send_replace(quiet);
        until_idle(&busy).await?;
        let first = outcome.rests.get(1).copied();
        let rest = rest(&mut server, first).await?;
        eprintln!(
            "cycle {number} of {}: the server holds {:?}, the callers {:?}",
            arguments.cycles, rest.server, rest.client
        );
        outcome.rests.push(rest);
    }
    load.send_replace(Load { is_over: true, ..quiet });
    for caller in callers {
        let account = caller.await??;
        for (kind, sum) in account.sums {
            outcome.sums.entry(kind).or_default().add(sum);
        }
        for (ending, times) in account.endings {
            *outcome.endings.entry(ending).or_default() += times;
        }
        outcome.rounds += account.rounds;
        outcome.faults.extend(account.faults);
    }
    outcome.seconds = began.elapsed().as_secs_f64();
    outcome.peaks = (peak(server.process), peak(std::process::id()));
    let growth = grown(&outcome.rests);
    outcome.faults.extend(growth);
    Ok(outcome)
}

/// Waits until every caller has closed its round.
async fn until_idle(busy: &AtomicUsize) -> Result<()> {
    let began = Instant::now();
    while busy.load(Ordering::SeqCst) > 0 {
        if began.elapsed() > PATIENCE {
            bail!("{} callers are still waiting for an answer after {PATIENCE:?}", busy.load(Ordering::SeqCst));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // Whoever has just finished may not have seen yet that it is quiet.
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}

/// What is held when nobody calls. What has been closed may take a moment to be gone: as long as there is more than
/// before, it is given one.
async fn rest(server: &mut Server, before: Option<Rest>) -> Result<Rest> {
    let began = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let (theirs, ours) = (server.tasks().await?, Handle::current().metrics().num_alive_tasks());
        let rest = Rest { server: held(server.process, theirs), client: held(std::process::id(), ours) };
        let is_settled = before.is_none_or(|before| more(before, rest).is_empty());
        if is_settled || began.elapsed() > Duration::from_secs(10) {
            return Ok(rest);
        }
    }
}

/// What is held beyond what was held before, memory apart.
fn more(before: Rest, now: Rest) -> Vec<String> {
    let sides = [("the server", before.server, now.server), ("the callers", before.client, now.client)];
    let told = sides.into_iter().flat_map(|(who, before, now)| {
        let files = (now.files > before.files)
            .then(|| format!("{who}: {:?} file descriptors, once {:?}", now.files, before.files));
        let tasks = (now.tasks > before.tasks).then(|| format!("{who}: {} tasks, once {}", now.tasks, before.tasks));
        files.into_iter().chain(tasks)
    });
    told.collect()
}

/// What has grown from cycle to cycle. The first is not compared: some things are made when they are first needed.
fn grown(rests: &[Rest]) -> Vec<String> {
    let (Some(first), Some(last)) = (rests.get(1), rests.last()) else { return Vec::new() };
    let mut faults = more(*first, *last);
    let after = |side: fn(&Rest) -> Held, from: usize, to: usize| -> Option<u64> {
        let mut memory: Vec<u64> = rests.get(from..to)?.iter().filter_map(|rest| side(rest).memory).collect();
        memory.sort_unstable();
        memory.get(memory.len() / 2).copied()
    };
    let count = rests.len();
    for (who, side) in [("the server", (|rest| rest.server) as fn(&Rest) -> Held), ("the callers", |rest| rest.client)]
    {
        let early = after(side, WARM_UP.min(count.saturating_sub(2)), (WARM_UP + 3).min(count));
        let late = after(side, count.saturating_sub(3), count);
        let (Some(early), Some(late)) = (early, late) else { continue };
        let (part, some) = MEMORY;
        #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
        if late as f64 > early as f64 * (1.0 + part) && late > early + some {
            faults.push(format!("{who}: {late} kB of memory in the end, {early} kB after the first cycles"));
        }
    }
    faults
}
