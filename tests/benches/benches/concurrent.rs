//! 2,000 chat calls on loopback at the same time: how many by the second, and how much memory they take together.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::time::Instant;

use futures_util::{StreamExt, stream};
use workers_ai_benches::{
    Reply, Server, ours, peers,
    program::{Asked, Row},
    replies, runtime,
};

const CALLS: usize = 2_000;

/// How often all of them are made while the time is taken.
const TURNS: usize = 5;

fn main() {
    let asked = Asked::from_args();
    let mut throughput = Row::more("concurrent.throughput", "2,000 chat calls at the same time", "calls/s");
    let mut memory =
        Row::less("concurrent.memory", "peak of what 2,000 calls at the same time have allocated", "bytes");
    for _ in 0..asked.rounds {
        let (calls, bytes) = measure(async |base| {
            let client = ours::client(base).unwrap();
            all(async || ours::chat(&client).await.unwrap()).await
        });
        throughput.sample("workers-ai", calls);
        memory.sample("workers-ai", bytes);
        let (calls, bytes) = measure(async |base| {
            let client = peers::reqwest();
            all(async || peers::chat(&client, base).await.unwrap()).await
        });
        throughput.sample("reqwest + serde_json", calls);
        memory.sample("reqwest + serde_json", bytes);
    }
    for row in [("concurrent.throughput", throughput), ("concurrent.memory", memory)] {
        if asked.wants(row.0) {
            row.1.print();
        }
    }
}

/// Calls by the second once connections are open, and the most bytes that were allocated at a time. The server's are on
/// another thread, and not counted.
fn measure(calls: impl AsyncFn(&str) -> f64) -> (f64, f64) {
    let server = Server::start(Reply::json(replies::chat())).unwrap();
    let runtime = runtime().unwrap();
    let mut by_the_second = 0.0;
    let counted = allocation_counter::measure(|| by_the_second = runtime.block_on(calls(server.base())));
    (by_the_second, counted.bytes_max as f64)
}

async fn all(call: impl AsyncFn() -> usize) -> f64 {
    let once = async || {
        stream::iter(0..CALLS).for_each_concurrent(None, async |_| assert!(call().await > 0)).await;
    };
    once().await;
    let start = Instant::now();
    for _ in 0..TURNS {
        once().await;
    }
    (CALLS * TURNS) as f64 / start.elapsed().as_secs_f64()
}
