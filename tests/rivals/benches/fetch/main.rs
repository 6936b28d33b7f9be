//! `cargo xtask fetch` as a whole process over loopback: of an account, several requests at a time beside one after another;
//! of the feed, with nothing known before and when nothing has changed since.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use workers_ai_local::{Fault, Limits, LocalServer};
use workers_ai_rivals::{Better, Connection, Row, Turns};

/// How long each answer of the account's API is on its way. Without that there would be nothing to wait for, and no reason
/// to ask for several things at a time.
const WAY: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let turns = Turns::read(std::env::args().skip(1));
    let what = "`cargo xtask fetch` of an account's models over loopback with 5 ms of way, nothing known before";
    let mut cold = Row::new("fetch.cold", what, "s", Better::Lower);
    let what = "`cargo xtask fetch` of the feed over loopback when nothing has changed";
    let mut unchanged = Row::new("fetch.unchanged", what, "s", Better::Lower);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let xtask = xtask(&root)?;
    let server = LocalServer::builder().limits(Limits::off()).fault(Fault::latency(WAY)).start().await?;
    let (feed, account) = (format!("http://{}/api/models", server.address()), server.base_url());
    // What is made at the first call only is not what is measured.
    Connection::open(server.address())?.ask("GET", "/api/models", b"")?;
    for _ in 0..turns.rounds {
        if turns.want(cold.name()) {
            cold.add("workers-ai", None, fetch(&xtask, checkout(&root)?.path(), &account, &[])?);
            let one_by_one = fetch(&xtask, checkout(&root)?.path(), &account, &["--at-a-time", "1"])?;
            cold.add("one after another", None, one_by_one);
        }
        if turns.want(unchanged.name()) {
            let checkout = checkout(&root)?;
            let first = fetch(&xtask, checkout.path(), &feed, &[])?;
            unchanged.add("workers-ai", None, fetch(&xtask, checkout.path(), &feed, &[])?);
            unchanged.add("the first fetch", None, first);
        }
    }
    [cold, unchanged].iter().filter(|row| turns.want(row.name())).for_each(Row::print);
    Ok(())
}

/// The program behind `cargo xtask`, as that builds it.
fn xtask(root: &Path) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--package", "xtask", "--message-format=json-render-diagnostics"])
        .current_dir(root);
    let output = cargo.stderr(Stdio::inherit()).output().context("cannot run cargo")?;
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let path = built.find_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    path.context("cargo built no xtask")
}

/// A checkout without models: the notes of people, and a link in the place of each crate's schemas.
fn checkout(root: &Path) -> Result<TempDir> {
    let folder = TempDir::new()?;
    let facts = folder.path().join("schemas/facts");
    fs::create_dir_all(&facts)?;
    for entry in fs::read_dir(root.join("schemas"))? {
        let entry = entry?;
        if entry.file_name() == "facts" {
            for note in fs::read_dir(entry.path())? {
                let note = note?;
                fs::copy(note.path(), facts.join(note.file_name()))?;
            }
        } else if entry.path().is_dir() {
            let room = folder.path().join("crates").join(entry.file_name());
            fs::create_dir_all(&room)?;
            // As a checkout without links has it.
            fs::write(room.join("schemas"), format!("../../schemas/{}", entry.file_name().to_string_lossy()))?;
        }
    }
    Ok(folder)
}

/// The seconds of a fetch as a whole process.
fn fetch(xtask: &Path, checkout: &Path, from: &str, more: &[&str]) -> Result<f64> {
    let mut command = Command::new(xtask);
    command.arg("--root").arg(checkout).args(["fetch", "--as-of", "2026-11-17", "--from", from]).args(more);
    command.env("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef").env("CLOUDFLARE_API_TOKEN", "local");
    // A proxy of this machine has no business with a loopback server.
    command.env("NO_PROXY", "127.0.0.1");
    let began = Instant::now();
    let output = command.output()?;
    let seconds = began.elapsed().as_secs_f64();
    ensure!(output.status.success(), "the fetch failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(seconds)
}
