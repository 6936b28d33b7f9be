//! The local server, sent any bytes: it answers in HTTP or closes, nothing in it panics, and nothing is its own fault.

use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;
use workers_ai_local::{Doorway, Limits, LocalServer};

use crate::{Target, Written};

/// One request as it is written, with line ends of one letter in its head. A request without a length is given the right one.
pub const SERVER: Target = Target { name: "server", written: Written::Lines, run };

/// Time stands still but for waits, which are over at once: this is not waited for.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

struct Bench {
    runtime: Runtime,
    doorway: Doorway,
    _server: LocalServer,
}

thread_local! {
    static BENCH: Bench = {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let builder = LocalServer::builder().limits(Limits::off());
        let (server, doorway) = runtime.block_on(builder.start_in_process()).unwrap();
        Bench { runtime, doorway, _server: server }
    };
}

fn run(bytes: &[u8]) {
    watch_for_panics();
    let request = as_sent(bytes);
    let answer = BENCH.with(|bench| bench.runtime.block_on(exchange(&bench.doorway, &request)));
    if let Some(panic) = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take() {
        panic!("{panic}");
    }
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "no HTTP: {}", answer.escape_ascii());
    let asked_for =
        bytes.windows(7).any(|word| word.eq_ignore_ascii_case(b"x-worke") || word.eq_ignore_ascii_case(b"sandbox"));
    let status = answer.get(9..12).unwrap_or_default();
    assert!(status != b"500" || asked_for, "its own fault: {}", answer.escape_ascii());
}

async fn exchange(doorway: &Doorway, request: &[u8]) -> Vec<u8> {
    let mut connection = doorway.connect().unwrap();
    let mut answer = Vec::new();
    let exchanged = async {
        let (mut reading, mut writing) = tokio::io::split(&mut connection);
        // Whoever refuses early does not read on.
        let (_, read) = tokio::join!(writing.write_all(request), reading.read_to_end(&mut answer));
        read
    };
    let _ = tokio::time::timeout(PATIENCE, exchanged).await;
    drop(connection);
    // The server's tasks see that the connection is over.
    tokio::time::sleep(Duration::from_millis(1)).await;
    answer
}

/// The input as HTTP writes it. The server is asked to close: the answer is over when the connection is.
fn as_sent(bytes: &[u8]) -> Vec<u8> {
    let Some(end) = bytes.windows(2).position(|pair| pair == b"\n\n") else { return bytes.to_vec() };
    let (head, body) = bytes.split_at(end);
    let body = body.get(2..).unwrap_or_default();
    let mut sent = head.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r\n".as_slice());
    let lower = sent.to_ascii_lowercase();
    let says = |name: &[u8]| lower.windows(name.len()).any(|window| window == name);
    if !says(b"content-length") && !says(b"transfer-encoding") {
        sent.extend_from_slice(format!("\r\ncontent-length: {}", body.len()).as_bytes());
    }
    if !says(b"upgrade:") {
        sent.extend_from_slice(b"\r\nconnection: close");
    }
    sent.extend_from_slice(b"\r\n\r\n");
    sent.extend_from_slice(body);
    sent
}

/// What a task of the server said when it panicked; its connection just breaks.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

fn watch_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic.to_string());
            before(panic);
        }));
    });
}

#[test]
fn requests_of_the_corpus_reach_the_models() {
    let real = crate::corpus(&SERVER).into_iter().filter(|input| input.name.starts_with("run_"));
    let answers: Vec<(String, Vec<u8>)> = real
        .map(|input| {
            let request = as_sent(&input.bytes);
            (input.name, BENCH.with(|bench| bench.runtime.block_on(exchange(&bench.doorway, &request))))
        })
        .collect();
    assert!(answers.len() >= 3, "{} requests", answers.len());
    for (name, answer) in answers {
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{name}: {}", answer.escape_ascii());
    }
}
