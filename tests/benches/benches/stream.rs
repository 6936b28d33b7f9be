//! Streams of 10,000 chunks in both dialects, read to their end: over HTTP, and from memory.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::convert::Infallible;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::stream;
use workers_ai_benches::{Reply, Server, ours, peers, replies, runtime};

/// By way of HTTP on loopback, in large pieces.
fn over_http<C: peers::Text>(criterion: &mut Criterion, name: &str, body: String, with_async_openai: bool) {
    let server = Server::start(Reply::events(body)).unwrap();
    let runtime = runtime().unwrap();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(replies::CHUNKS as u64));
    let client = ours::client(server.base()).unwrap();
    group.bench_function("workers-ai", |bencher| {
        bencher.to_async(&runtime).iter(async || ours::read(ours::stream(&client).await.unwrap()).await.unwrap());
    });
    let client = peers::reqwest();
    group.bench_function("eventsource-stream + serde_json", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let reply = peers::open(&client, server.base()).await.unwrap();
            peers::read::<C, _>(reply.bytes_stream()).await.unwrap()
        });
    });
    if with_async_openai {
        let client = peers::async_openai(server.base());
        group.bench_function("async-openai", |bencher| {
            bencher.to_async(&runtime).iter(async || peers::read_async_openai(&client).await.unwrap());
        });
    }
    group.finish();
}

/// Reading alone: what HTTP costs everybody alike is left out.
fn from_memory<C: peers::Text>(criterion: &mut Criterion, name: &str, body: String) {
    let body = Bytes::from(body);
    let pieces: Vec<Bytes> = body.chunks(8 << 10).map(|piece| body.slice_ref(piece)).collect();
    let runtime = runtime().unwrap();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(replies::CHUNKS as u64));
    let client = ours::client_from_memory(pieces.clone()).unwrap();
    group.bench_function("workers-ai", |bencher| {
        bencher.to_async(&runtime).iter(async || ours::read(ours::stream(&client).await.unwrap()).await.unwrap());
    });
    group.bench_function("workers-ai deltas", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(async || ours::read_deltas(ours::stream(&client).await.unwrap()).await.unwrap());
    });
    group.bench_function("eventsource-stream + serde_json", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            peers::read::<C, _>(stream::iter(pieces.clone().into_iter().map(Ok::<_, Infallible>))).await.unwrap()
        });
    });
    group.finish();
}

fn native(criterion: &mut Criterion) {
    over_http::<peers::Classic>(criterion, "stream.native", replies::classic_stream(), false);
    from_memory::<peers::Classic>(criterion, "stream.native-memory", replies::classic_stream());
}

fn openai(criterion: &mut Criterion) {
    over_http::<peers::Completion>(criterion, "stream.openai", replies::completion_stream(), true);
    from_memory::<peers::Completion>(criterion, "stream.openai-memory", replies::completion_stream());
}

criterion_group!(benches, native, openai);
criterion_main!(benches);
