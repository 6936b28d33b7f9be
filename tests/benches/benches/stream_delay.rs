//! How long it takes from the moment at which a chunk is written to the socket until the program has its text.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::time::Instant;

use bytes::Bytes;
use eventsource_stream::Eventsource;
use futures_util::StreamExt;
use workers_ai_benches::{
    Pace, Reply, Server, ours, peers,
    program::{Asked, Row},
    replies, runtime,
};

/// Chunks of a stream. The first few, while everything is still cold, do not count.
const CHUNKS: usize = 2_000;
const COLD: usize = 100;

fn main() {
    let asked = Asked::from_args();
    let mut row = Row::less("stream.delay", "from a chunk's last byte on the socket to its text in the program", "ns");
    for _ in 0..asked.rounds {
        row.sample("workers-ai", ours());
        row.sample("eventsource-stream + serde_json", by_hand());
        row.sample("async-openai", async_openai());
    }
    if asked.wants("stream.delay") {
        row.print();
    }
}

fn server() -> (Server, Pace) {
    let mut events: Vec<Bytes> = (0..CHUNKS).map(|index| replies::completion_event(index).into()).collect();
    events.push(replies::COMPLETION_END.into());
    Server::paced(Reply::Paced(events)).unwrap()
}

/// The median delay of all chunks, each taken by `next`.
async fn delay(mut pace: Pace, mut next: impl AsyncFnMut()) -> f64 {
    let mut delays = Vec::with_capacity(CHUNKS);
    for _ in 0..CHUNKS {
        pace.ask();
        next().await;
        let now = Instant::now();
        delays.push(now.saturating_duration_since(pace.written().await.unwrap()).as_nanos());
    }
    let mut warm = delays.split_off(COLD);
    warm.sort_unstable();
    warm.get(warm.len() / 2).copied().unwrap_or_default() as f64
}

fn ours() -> f64 {
    let (server, pace) = server();
    runtime().unwrap().block_on(async {
        let client = ours::client(server.base()).unwrap();
        let mut chunks = ours::stream(&client).await.unwrap();
        delay(pace, async || assert!(!chunks.try_next().await.unwrap().unwrap().text().is_empty())).await
    })
}

fn by_hand() -> f64 {
    let (server, pace) = server();
    runtime().unwrap().block_on(async {
        let reply = peers::open(&peers::reqwest(), server.base()).await.unwrap();
        let mut events = Box::pin(reply.bytes_stream().eventsource());
        delay(pace, async || {
            let event = events.next().await.unwrap().unwrap();
            let chunk: peers::Completion = serde_json::from_str(&event.data).unwrap();
            assert!(!peers::Text::text(&chunk).is_empty());
        })
        .await
    })
}

fn async_openai() -> f64 {
    let (server, pace) = server();
    runtime().unwrap().block_on(async {
        let client = peers::async_openai(server.base());
        let mut chunks = client.chat().create_stream(peers::question().unwrap()).await.unwrap();
        delay(pace, async || assert!(!chunks.next().await.unwrap().unwrap().choices.is_empty())).await
    })
}
