//! Allocations of a small call, and the memory that large replies take while they are read. Counted, not timed.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::hint::black_box;

use bytes::Bytes;
use workers_ai_benches::{
    Reply, Server, ours, peers,
    program::{Asked, Row},
    replies, runtime,
};

/// Calls over which the allocations of one are counted.
const CALLS: u32 = 100;

fn main() {
    let asked = Asked::from_args();
    let rows = [chat(&asked), embeddings(&asked), image(&asked)];
    for (name, row) in ["chat.allocations", "embeddings.memory", "image.memory"].into_iter().zip(rows) {
        if asked.wants(name) {
            row.print();
        }
    }
}

fn chat(asked: &Asked) -> Row {
    let mut row = Row::less("chat.allocations", "allocations of one small chat call", "allocations");
    let server = Server::start(Reply::json(replies::chat())).unwrap();
    let runtime = runtime().unwrap();
    let ours = ours::client(server.base()).unwrap();
    let by_hand = peers::reqwest();
    for _ in 0..asked.rounds {
        let counted = |call: &dyn Fn()| {
            // The first one makes the connection.
            call();
            let counted = allocation_counter::measure(|| (0..CALLS).for_each(|_| call()));
            counted.count_total as f64 / f64::from(CALLS)
        };
        row.sample("workers-ai", counted(&|| assert!(runtime.block_on(ours::chat(&ours)).unwrap() > 0)));
        let by_hand = || assert!(runtime.block_on(peers::chat(&by_hand, server.base())).unwrap() > 0);
        row.sample("reqwest + serde_json", counted(&by_hand));
    }
    row
}

/// The most bytes that were allocated at a time, those of the body not counted.
fn peak<T>(read: impl FnOnce() -> T) -> f64 {
    allocation_counter::measure(|| drop(black_box(read()))).bytes_max as f64
}

/// The type of async-openai is not here: its numbers have 32 bits as well, and take as much room to within a few per cent.
fn embeddings(asked: &Asked) -> Row {
    let mut row = Row::less("embeddings.memory", "peak of what reading 100 × 1,024 numbers has allocated", "bytes");
    let body = Bytes::from(replies::embeddings());
    for _ in 0..asked.rounds {
        row.sample("workers-ai", peak(|| ours::embeddings(body.clone()).unwrap()));
        row.sample("serde_json", peak(|| peers::embeddings(&body).unwrap()));
    }
    row
}

fn image(asked: &Asked) -> Row {
    let mut row = Row::less("image.memory", "bytes allocated while reading a picture of 4 MB in base64", "bytes");
    let body = Bytes::from(replies::drawn());
    let allocated = |read: &dyn Fn()| allocation_counter::measure(read).bytes_total as f64;
    for _ in 0..asked.rounds {
        row.sample("workers-ai", allocated(&|| drop(ours::picture(body.clone()).unwrap())));
        row.sample("serde_json + base64", allocated(&|| drop(peers::picture(&body).unwrap())));
    }
    row
}
