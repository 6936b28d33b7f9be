//! 2,000 chat calls on loopback at the same time: how many by the second, and how much memory they take together.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use workers_ai_benches::{
    Reply, Server, ours, peers,
    program::{Asked, Row},
    replies, runtime,
};
use workers_ai_client::Client;

const CALLS: usize = 2_000;

/// How often all of them are made while the time is taken.
const TURNS: usize = 10;

/// Both ends of every connection of three subjects, and what else a process has open.
const FILES: u64 = 6 * CALLS as u64 + 1_000;

fn main() {
    let allowed = rlimit::increase_nofile_limit(FILES).unwrap();
    assert!(allowed >= FILES, "{FILES} files have to be open at the same time, and the system allows {allowed}");
    let asked = Asked::from_args();
    let mut throughput = Row::more("concurrent.throughput", "2,000 chat calls at the same time", "calls/s");
    let mut memory =
        Row::less("concurrent.memory", "peak of what 2,000 calls at the same time have allocated", "bytes");
    for _ in 0..asked.rounds {
        let [ours, alike, bare] = runtime().unwrap().block_on(round());
        throughput.sample(OURS, ours);
        throughput.sample(ALIKE, alike);
        throughput.sample(BARE, bare);
        memory.sample(OURS, peak(async |base| all(&Ours::new(base)).await));
        memory.sample(BARE, peak(async |base| all(&ByHand::new(peers::reqwest(), base)).await));
    }
    for row in [("concurrent.throughput", throughput), ("concurrent.memory", memory)] {
        if asked.wants(row.0) {
            row.1.print();
        }
    }
}

const OURS: &str = "workers-ai";
/// Without what ours has.
const BARE: &str = "reqwest + serde_json";
/// Sends what ours sends, and does not wait for ever either.
const ALIKE: &str = "reqwest + serde_json with user-agent and time-out";

/// Who makes a call.
trait Caller {
    async fn call(&self) -> usize;
}

struct Ours(Client);

impl Ours {
    fn new(base: &str) -> Self {
        Self(ours::client(base).unwrap())
    }
}

impl Caller for Ours {
    async fn call(&self) -> usize {
        ours::chat(&self.0).await.unwrap()
    }
}

struct ByHand {
    client: reqwest::Client,
    base: String,
}

impl ByHand {
    fn new(client: reqwest::Client, base: &str) -> Self {
        Self { client, base: base.to_owned() }
    }
}

impl Caller for ByHand {
    async fn call(&self) -> usize {
        peers::chat(&self.client, &self.base).await.unwrap()
    }
}

/// Calls by the second of each subject, once connections are open. They take turns, 2,000 calls each: how busy the machine
/// is changes by more than the subjects differ.
async fn round() -> [f64; 3] {
    let server = || Server::start(Reply::json(replies::chat())).unwrap();
    let ours = Ours::new(server().base());
    let alike = ByHand::new(peers::reqwest_alike().unwrap(), server().base());
    let bare = ByHand::new(peers::reqwest(), server().base());
    // This opens the connections.
    all(&ours).await;
    all(&alike).await;
    all(&bare).await;
    let mut taken = [Duration::ZERO; 3];
    for turn in 0..3 * TURNS {
        let [by_ours, by_alike, by_bare] = &mut taken;
        // Nobody is always the one after somebody.
        match turn % 6 {
            0 | 4 => *by_ours += all(&ours).await,
            1 | 3 => *by_alike += all(&alike).await,
            _ => *by_bare += all(&bare).await,
        }
    }
    taken.map(|taken| (CALLS * TURNS) as f64 / taken.as_secs_f64())
}

/// The most bytes that were allocated at a time. The server's are on another thread, and not counted.
fn peak(calls: impl AsyncFn(&str) -> Duration) -> f64 {
    let server = Server::start(Reply::json(replies::chat())).unwrap();
    let runtime = runtime().unwrap();
    let counted = allocation_counter::measure(|| {
        runtime.block_on(calls(server.base()));
    });
    counted.bytes_max as f64
}

/// How long all of them take.
async fn all(caller: &impl Caller) -> Duration {
    let start = Instant::now();
    stream::iter(0..CALLS).for_each_concurrent(None, async |_| assert!(caller.call().await > 0)).await;
    start.elapsed()
}
