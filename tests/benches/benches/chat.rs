//! Small chat calls on loopback, one after the other.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use criterion::{Criterion, criterion_group, criterion_main};
use workers_ai_benches::{Reply, Server, ours, peers, replies, runtime};

fn latency(criterion: &mut Criterion) {
    let server = Server::start(Reply::json(replies::chat())).unwrap();
    let runtime = runtime().unwrap();
    let mut group = criterion.benchmark_group("chat.latency");
    let client = ours::client(server.base()).unwrap();
    group.bench_function("workers-ai", |bencher| {
        bencher.to_async(&runtime).iter(async || ours::chat(&client).await.unwrap());
    });
    let client = peers::reqwest();
    group.bench_function("reqwest + serde_json", |bencher| {
        bencher.to_async(&runtime).iter(async || peers::chat(&client, server.base()).await.unwrap());
    });
    group.finish();
}

criterion_group!(benches, latency);
criterion_main!(benches);
