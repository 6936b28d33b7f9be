//! Neither side can flood the other.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, SinkExt};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message;
use workers_ai_client::{Bytes, Call, Frame};

use super::{Listen, ListenRequest, Said, connect, server::Server};

const PIECE: usize = 64 * 1024;
/// Far more than sockets hold: 128 MiB.
const PIECES: usize = 2048;
/// What the two sockets, and a few messages in between, may hold: well below the whole.
const HELD: usize = PIECES / 4;

/// Waits until the count stands still.
async fn settled(count: &AtomicUsize) -> usize {
    let mut last = usize::MAX;
    loop {
        sleep(Duration::from_millis(200)).await;
        let now = count.load(Ordering::SeqCst);
        if now == last {
            return now;
        }
        last = now;
    }
}

#[tokio::test]
async fn a_reader_that_is_slow_slows_the_service_down() {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let server = Server::play(async move |mut line| {
        for _ in 0..PIECES {
            line.0.send(Message::binary(vec![7_u8; PIECE])).await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
        }
        line.0.close(None).await.unwrap();
        let _ = line.hear().await;
    })
    .await;
    let call = Call::<Listen>::new(server.client.clone(), ListenRequest(Bytes::new()));
    let mut session = call.connect().await.unwrap();
    let early = settled(&sent).await;
    assert!(early < HELD, "{early} of {PIECES} pieces left though none was read");
    assert!(session.try_next().await.unwrap().is_some());
    let later = settled(&sent).await;
    assert!(later < early + HELD, "one read let {} pieces through", later - early);
    // Everything arrives once it is wanted.
    let mut read = 1;
    while let Some(Frame::Binary(piece)) = session.try_next().await.unwrap() {
        assert_eq!(piece.len(), PIECE);
        read += 1;
    }
    assert_eq!(read, PIECES);
    server.finish().await;
}

#[tokio::test]
async fn a_service_that_is_slow_slows_the_program_down() {
    let server = Server::play(async |mut line| {
        // Nothing is read until the program has had to wait.
        sleep(Duration::from_secs(1)).await;
        let mut heard = 0;
        while let Some(Message::Binary(piece)) = line.hear().await {
            assert_eq!(piece.len(), PIECE);
            heard += 1;
        }
        heard
    })
    .await;
    let (mut sender, _receiver) = connect(&server.client).await.split();
    let piece = Bytes::from(vec![7_u8; PIECE]);
    let mut sent = 0;
    // A send that is abandoned while it waits has sent its piece as a whole, or not at all.
    let flood = async {
        loop {
            sender.send(Said(Frame::Binary(piece.clone()))).await.unwrap();
            sent += 1;
        }
    };
    assert!(timeout(Duration::from_millis(500), flood).await.is_err());
    assert!(sent < HELD, "{sent} pieces left though none was read");
    drop((sender, _receiver));
    let (_, heard) = server.finish().await;
    assert!(heard >= sent.saturating_sub(HELD) && heard <= sent + 1, "{heard} of {sent} arrived");
}

#[tokio::test]
async fn what_is_given_up_before_its_turn_is_not_sent() {
    const LARGE: usize = 16 << 20;
    let (read, reading) = oneshot::channel();
    let server = Server::play(async move |mut line| {
        reading.await.unwrap();
        let mut heard = Vec::new();
        while let Some(message) = line.hear().await
            && message != Message::text("the end")
        {
            heard.push(message.len());
        }
        heard
    })
    .await;
    let (mut sender, _receiver) = connect(&server.client).await.split();
    let piece = Bytes::from(vec![7_u8; LARGE]);
    // The last of them is under way, and goes out as a whole.
    let mut large = 1;
    while timeout(Duration::from_millis(300), sender.send(Said(Frame::Binary(piece.clone())))).await.is_ok() {
        large += 1;
    }
    for _ in 0..3 {
        assert!(sender.send("never mind").now_or_never().is_none());
    }
    read.send(()).unwrap();
    sender.send("the end").await.unwrap();
    assert_eq!(server.finish().await.1, vec![LARGE; large]);
}
