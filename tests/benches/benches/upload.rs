//! Recordings on their way out: the bytes on the wire, and the memory that sending takes. Each upload is a process of its own,
//! for what is measured is the most memory that it ever had.

#![expect(clippy::unwrap_used, reason = "a failed unwrap ends the benchmark")]

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use workers_ai_benches::{
    Reply, Server, ours, peers,
    program::{Asked, Row},
    runtime,
};

const MEGABYTES: usize = 25;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, flag, subject, path] = arguments.as_slice()
        && flag == "--upload"
    {
        upload(subject, Path::new(path));
        return;
    }
    let asked = Asked::from_args();
    let folder = tempfile::tempdir().unwrap();
    let [large, small] = [MEGABYTES, 1].map(|megabytes| {
        let path = folder.path().join(format!("{megabytes}.wav"));
        let sound: Vec<u8> = (0..megabytes * 1_000_000 - 12).map(|index| (index * 31 % 251) as u8).collect();
        fs::write(&path, [b"RIFF\0\0\0\0WAVE".as_slice(), &sound].concat()).unwrap();
        path
    });
    let length = fs::metadata(&large).unwrap().len() as f64;
    let mut wire = Row::less("upload.wire", "bytes on the wire of a recording of 25 MB", "bytes");
    let mut memory = Row::less("upload.memory", "peak memory of sending a recording of 25 MB", "bytes");
    for _ in 0..asked.rounds {
        let (sent, peak) = run("workers-ai", &large);
        wire.sample("workers-ai", sent);
        memory.sample("workers-ai", peak);
        wire.sample("the file", length);
        memory.sample("1 MB", run("workers-ai", &small).1);
        let (sent, peak) = run("numbers", &large);
        wire.sample("JSON numbers", sent);
        memory.sample("JSON numbers", peak);
    }
    for (name, row) in [("upload.wire", wire), ("upload.memory", memory)] {
        if asked.wants(name) {
            row.print();
        }
    }
}

/// One upload in a process of its own: the bytes that arrived, and the most memory it had.
fn run(subject: &str, path: &Path) -> (f64, f64) {
    let mut process = Command::new(env::current_exe().unwrap());
    let output = process.args(["--upload", subject]).arg(path).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{subject} failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let (sent, peak) = text.trim().split_once(' ').unwrap();
    (sent.parse().unwrap(), peak.parse().unwrap())
}

fn upload(subject: &str, path: &Path) {
    let transcript = r#"{"result":{"text":"The sea was calm."},"success":true,"errors":[],"messages":[]}"#;
    let server = Server::start(Reply::json(transcript)).unwrap();
    let length = runtime().unwrap().block_on(async {
        if subject == "workers-ai" {
            ours::upload(&ours::client(server.base()).unwrap(), path).await.unwrap()
        } else {
            peers::upload(&peers::reqwest(), server.base(), path).await.unwrap()
        }
    });
    assert!(length > 0);
    println!("{} {}", server.received(), most_memory());
}

/// The most memory this process has had so far, in bytes; 0 where the system does not say.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}
