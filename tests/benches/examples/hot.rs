//! One hot path, again and again, for a profiler: `hot SUBJECT TIMES`.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the program")]

use std::{convert::Infallible, env, hint::black_box};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::runtime::Runtime;
use workers_ai_benches::{Reply, Server, ours, peers, replies, runtime};

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, subject, times] = arguments.as_slice() else { return println!("hot SUBJECT TIMES") };
    let times: u32 = times.parse().unwrap();
    let runtime = runtime().unwrap();
    match subject.as_str() {
        "embeddings" => {
            let body = Bytes::from(replies::embeddings());
            (0..times).for_each(|_| drop(black_box(ours::embeddings(body.clone()).unwrap())));
        }
        "embeddings-shapes" => {
            let body = Bytes::from(replies::embeddings());
            (0..times).for_each(|_| drop(black_box(ours::embeddings_of_several_shapes(body.clone()).unwrap())));
        }
        "embeddings-peer" => {
            let body = replies::embeddings();
            (0..times).for_each(|_| drop(black_box(peers::embeddings(body.as_bytes()).unwrap())));
        }
        "embeddings-openai" => {
            let body = replies::openai_embeddings();
            (0..times).for_each(|_| drop(black_box(peers::openai_embeddings(body.as_bytes()).unwrap())));
        }
        "image" => {
            let body = Bytes::from(replies::drawn());
            (0..times).for_each(|_| drop(black_box(ours::picture(body.clone()).unwrap())));
        }
        "image-peer" => {
            let body = replies::drawn();
            (0..times).for_each(|_| drop(black_box(peers::picture(body.as_bytes()).unwrap())));
        }
        "native" => ours_streams(&runtime, times, &replies::classic_stream()),
        "openai" => ours_streams(&runtime, times, &replies::completion_stream()),
        "native-peer" => peers_streams::<peers::Classic>(&runtime, times, &replies::classic_stream()),
        "chat" => {
            let server = Server::start(Reply::json(replies::chat())).unwrap();
            let client = ours::client(server.base()).unwrap();
            (0..times).for_each(|_| assert!(runtime.block_on(ours::chat(&client)).unwrap() > 0));
        }
        "chat-peer" => {
            let server = Server::start(Reply::json(replies::chat())).unwrap();
            let client = peers::reqwest();
            (0..times).for_each(|_| assert!(runtime.block_on(peers::chat(&client, server.base())).unwrap() > 0));
        }
        "concurrent" => {
            let server = Server::start(Reply::json(replies::chat())).unwrap();
            let client = ours::client(server.base()).unwrap();
            runtime.block_on(crowds(times, async || ours::chat(&client).await.unwrap()));
        }
        "concurrent-peer" => {
            let server = Server::start(Reply::json(replies::chat())).unwrap();
            let client = peers::reqwest();
            runtime.block_on(crowds(times, async || peers::chat(&client, server.base()).await.unwrap()));
        }
        "openai-peer" => peers_streams::<peers::Completion>(&runtime, times, &replies::completion_stream()),
        other => println!("no subject is called {other}"),
    }
}

/// 2,000 calls at the same time, as often as that.
async fn crowds(times: u32, call: impl AsyncFn() -> usize) {
    for _ in 0..times {
        stream::iter(0..2_000).for_each_concurrent(None, async |_| assert!(call().await > 0)).await;
    }
}

fn pieces(body: &str) -> Vec<Bytes> {
    body.as_bytes().chunks(8 << 10).map(Bytes::copy_from_slice).collect()
}

fn ours_streams(runtime: &Runtime, times: u32, body: &str) {
    let client = ours::client_from_memory(pieces(body)).unwrap();
    for _ in 0..times {
        let length = runtime.block_on(async { ours::read(ours::stream(&client).await.unwrap()).await.unwrap() });
        assert!(length > 0);
    }
}

fn peers_streams<C: peers::Text>(runtime: &Runtime, times: u32, body: &str) {
    let pieces = pieces(body);
    for _ in 0..times {
        let bytes = stream::iter(pieces.clone().into_iter().map(Ok::<_, Infallible>));
        assert!(runtime.block_on(peers::read::<C, _>(bytes)).unwrap() > 0);
    }
}
