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
        let [ours, by_hand, async_openai] = runtime().unwrap().block_on(round());
        row.sample("workers-ai", ours);
        row.sample("eventsource-stream + serde_json", by_hand);
        row.sample("async-openai", async_openai);
    }
    if asked.wants("stream.delay") {
        row.print();
    }
}

/// The median delay of each subject. They take turns chunk by chunk: how long it takes to wake a thread changes from one
/// moment to the next, and by more than the subjects differ.
async fn round() -> [f64; 3] {
    let (server, mut ours_pace) = server();
    let client = ours::client(server.base()).unwrap();
    let mut chunks = ours::stream(&client).await.unwrap();
    let mut ours_next = async || assert!(!chunks.try_next().await.unwrap().unwrap().text().is_empty());

    let (server, mut by_hand_pace) = self::server();
    let reply = peers::open(&peers::reqwest(), server.base()).await.unwrap();
    let mut events = Box::pin(reply.bytes_stream().eventsource());
    let mut by_hand_next = async || {
        let event = events.next().await.unwrap().unwrap();
        let chunk: peers::Completion = serde_json::from_str(&event.data).unwrap();
        assert!(!peers::Text::text(&chunk).is_empty());
    };

    let (server, mut async_openai_pace) = self::server();
    let client = peers::async_openai(server.base());
    let mut chunks = client.chat().create_stream(peers::question().unwrap()).await.unwrap();
    let mut async_openai_next = async || assert!(!chunks.next().await.unwrap().unwrap().choices.is_empty());

    let mut delays: [Vec<u128>; 3] = Default::default();
    let [ours, by_hand, async_openai] = &mut delays;
    for chunk in 0..CHUNKS {
        for turn in 0..3 {
            match (chunk + turn) % 3 {
                0 => ours.push(delay(&mut ours_pace, &mut ours_next).await),
                1 => by_hand.push(delay(&mut by_hand_pace, &mut by_hand_next).await),
                _ => async_openai.push(delay(&mut async_openai_pace, &mut async_openai_next).await),
            }
        }
    }
    delays.map(|mut delays| {
        let mut warm = delays.split_off(COLD);
        warm.sort_unstable();
        warm.get(warm.len() / 2).copied().unwrap_or_default() as f64
    })
}

fn server() -> (Server, Pace) {
    let mut events: Vec<Bytes> = (0..CHUNKS).map(|index| replies::completion_event(index).into()).collect();
    events.push(replies::COMPLETION_END.into());
    Server::paced(Reply::Paced(events)).unwrap()
}

/// How long one chunk takes.
async fn delay(pace: &mut Pace, next: &mut impl AsyncFnMut()) -> u128 {
    pace.ask();
    next().await;
    let now = Instant::now();
    now.saturating_duration_since(pace.written().await.unwrap()).as_nanos()
}
