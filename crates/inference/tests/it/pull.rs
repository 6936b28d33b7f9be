//! Downloads from a hub on loopback: whole, resumed, broken off, wrong.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use workers_ai_inference::{Answers, File, Hub, Pull, Store, Task, Weights};

/// SHA-256 of `hello weights`.
const DIGEST: &str = "9bca3d81a53f35be7a8a87d0d4a3a6f1e2ac4a4ba4b4a2d2a9d7e0d8a4d5c6b7";

/// A hub that serves files by their path, and may break off after some bytes.
struct FakeHub {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeHub {
    fn serve(files: HashMap<&'static str, Vec<u8>>, breaks_after: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            let mut breaks_after = breaks_after;
            for stream in listener.incoming().flatten() {
                answer(stream, &files, breaks_after.take(), &log);
            }
        });
        Self { address, asked }
    }

    fn pull(&self) -> Pull {
        Pull::default().hub(self.address.as_str())
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    files: &HashMap<&'static str, Vec<u8>>,
    breaks_after: Option<usize>,
    log: &Mutex<Vec<String>>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let path = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned();
    let range = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        let line = line.to_lowercase();
        line.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse::<usize>().ok()
    });
    log.lock().unwrap().push(format!("{path} from {}", range.unwrap_or_default()));
    let Some(bytes) = files.get(path.as_str()) else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        return;
    };
    let rest = &bytes[range.unwrap_or_default()..];
    let status = if range.is_some() { "206 Partial Content" } else { "200 OK" };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", rest.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&rest[..breaks_after.unwrap_or(rest.len()).min(rest.len())]).unwrap();
}

const fn set(name: &'static str, files: &'static [File]) -> Weights {
    Weights {
        name,
        task: Task::Generation,
        answers: Answers { exact: &[], substitute: None },
        hub: Some(Hub { repository: "some/model", revision: "main" }),
        files,
        licence: "MIT",
    }
}

const PLAIN: Weights = set("plain", &[File { name: "model.gguf", size: None, sha256: None }]);
const WRONG: Weights = set("wrong", &[File { name: "model.gguf", size: None, sha256: Some(DIGEST) }]);
const PATH: &str = "/some/model/resolve/main/model.gguf";

fn hub(breaks_after: Option<usize>) -> FakeHub {
    FakeHub::serve(HashMap::from([(PATH, b"hello weights".to_vec())]), breaks_after)
}

#[test]
fn a_set_is_fetched_once_and_recorded() {
    let (folder, hub) = (tempfile::tempdir().unwrap(), hub(None));
    let store = Store::new(folder.path()).with(PLAIN);
    let mut last = 0;
    let path = store.pull("plain", &hub.pull(), |progress| last = progress.done).unwrap();
    assert_eq!((fs::read(path.join("model.gguf")).unwrap().as_slice(), last), (&b"hello weights"[..], 13));
    assert!(store.has(&PLAIN) && !path.join("model.gguf.part").exists());
    let lock: serde_json::Value = serde_json::from_slice(&fs::read(path.join("lock.json")).unwrap()).unwrap();
    assert_eq!(lock["files"]["model.gguf"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(lock["files"]["model.gguf"]["from"], format!("{}{PATH}", hub.address));
    store.pull("plain", &hub.pull(), |_| {}).unwrap();
    assert_eq!(hub.asked(), [format!("{PATH} from 0")]);
}

#[test]
fn a_download_that_broke_off_goes_on() {
    let (folder, hub) = (tempfile::tempdir().unwrap(), hub(Some(5)));
    let store = Store::new(folder.path()).with(PLAIN);
    let error = store.pull("plain", &hub.pull(), |_| {}).unwrap_err();
    assert!(error.is_download(), "{error:?}");
    assert!(!store.has(&PLAIN));
    let path = store.pull("plain", &hub.pull(), |_| {}).unwrap();
    assert_eq!(fs::read(path.join("model.gguf")).unwrap(), b"hello weights");
    assert_eq!(hub.asked(), [format!("{PATH} from 0"), format!("{PATH} from 5")]);
}

#[test]
fn what_is_not_expected_never_stands_under_its_name() {
    let (folder, hub) = (tempfile::tempdir().unwrap(), hub(None));
    let store = Store::new(folder.path()).with(WRONG).with(PLAIN);
    let error = store.pull("wrong", &hub.pull(), |_| {}).unwrap_err();
    assert!(error.is_bad_file() && error.to_string().contains(DIGEST), "{error}");
    assert_eq!(fs::read_dir(store.path(&WRONG)).unwrap().count(), 0);

    // What was trusted once is held to that, even if the file itself was removed.
    let path = store.pull("plain", &hub.pull(), |_| {}).unwrap();
    fs::remove_file(path.join("model.gguf")).unwrap();
    let other = FakeHub::serve(HashMap::from([(PATH, b"other weights".to_vec())]), None);
    assert!(store.pull("plain", &other.pull(), |_| {}).unwrap_err().is_bad_file());
    assert!(!store.has(&PLAIN));
}

#[test]
fn a_hub_without_the_file_or_no_hub_at_all_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path()).with(PLAIN);
    let empty = FakeHub::serve(HashMap::new(), None);
    let error = store.pull("plain", &empty.pull(), |_| {}).unwrap_err();
    assert!(error.is_download() && error.to_string().contains("model.gguf"), "{error}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = store.pull("plain", &Pull::default().hub(format!("http://{closed}")), |_| {}).unwrap_err();
    assert!(error.is_download(), "{error:?}");
    assert!(store.pull("silero-vad", &empty.pull(), |_| {}).unwrap_err().is_missing_weights());
    assert!(store.pull("nonsense", &empty.pull(), |_| {}).unwrap_err().is_bad_input());
}
