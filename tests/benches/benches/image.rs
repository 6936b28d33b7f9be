//! A reply that holds a picture of 4 MB in base64, from the bytes of its body to the picture's.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use workers_ai_benches::{ours, peers, replies};

fn decode(criterion: &mut Criterion) {
    let body = Bytes::from(replies::drawn());
    let mut group = criterion.benchmark_group("image.decode");
    group.bench_function("workers-ai", |bencher| bencher.iter(|| ours::picture(black_box(body.clone())).unwrap()));
    group.bench_function("serde_json + base64", |bencher| bencher.iter(|| peers::picture(black_box(&body)).unwrap()));
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
