//! A file of 25 MB on its way out leaves no trace in memory. In a process of its own, for its memory is measured.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::{fs, io::Write};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use workers_ai_client::{Client, Encoded, Source};

const LENGTH: u64 = 25_000_000;

#[tokio::test]
async fn sending_a_large_file_takes_little_memory_and_few_bytes_more() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let piece = b"RIFF\0\0\0\0WAVE".repeat(1000);
    let mut left = usize::try_from(LENGTH).unwrap();
    while left > 0 {
        let now = left.min(piece.len());
        file.write_all(piece.get(..now).unwrap()).unwrap();
        left -= now;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { swallow(&listener).await });
    let client = Client::builder("account", "token").base_url(base).build().unwrap();

    let before = most_memory();
    let body = Encoded::source(Source::file(file.path()).unwrap(), None);
    client.untyped("@cf/openai/whisper", body).await.unwrap();
    let grown = most_memory() - before;
    let received = server.await.unwrap();

    assert!(grown < 4_000_000, "{grown} bytes more of memory");
    assert!((LENGTH..=LENGTH + LENGTH / 1000).contains(&received), "{received} bytes for {LENGTH}");
}

/// Takes one request without keeping it, and counts its bytes, head and all.
async fn swallow(listener: &TcpListener) -> u64 {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut piece = [0; 16 << 10];
    let mut received = 0;
    while received < LENGTH {
        let count = socket.read(&mut piece).await.unwrap();
        assert!(count > 0, "only {received} bytes came");
        received += count as u64;
    }
    // What is still under way of the last few bytes.
    while let Ok(Ok(count @ 1..)) =
        tokio::time::timeout(std::time::Duration::from_millis(100), socket.read(&mut piece)).await
    {
        received += count as u64;
    }
    let reply = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    socket.write_all(reply).await.unwrap();
    received
}

/// The most memory this process has had so far, in bytes.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse::<u64>().unwrap() * 1024
}
