//! An embeddings reply of 100 × 1,024 numbers, from the bytes of its body to what a program works with.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use workers_ai_benches::{ours, peers, replies};

fn decode(criterion: &mut Criterion) {
    let body = Bytes::from(replies::embeddings());
    let mut group = criterion.benchmark_group("embeddings.decode");
    group.bench_function("workers-ai", |bencher| bencher.iter(|| ours::embeddings(black_box(body.clone())).unwrap()));
    group.bench_function("serde_json", |bencher| bencher.iter(|| peers::embeddings(black_box(&body)).unwrap()));
    let openai = replies::openai_embeddings();
    group.bench_function("async-openai", |bencher| {
        bencher.iter(|| peers::openai_embeddings(black_box(openai.as_bytes())).unwrap());
    });
    group.finish();
}

/// A model whose reply has one of several shapes, told apart by what arrives.
fn shapes(criterion: &mut Criterion) {
    let body = Bytes::from(replies::embeddings());
    let mut group = criterion.benchmark_group("embeddings.shapes");
    group.bench_function("workers-ai", |bencher| {
        bencher.iter(|| ours::embeddings_of_several_shapes(black_box(body.clone())).unwrap());
    });
    group.bench_function("serde_json", |bencher| bencher.iter(|| peers::embeddings(black_box(&body)).unwrap()));
    group.finish();
}

criterion_group!(benches, decode, shapes);
criterion_main!(benches);
