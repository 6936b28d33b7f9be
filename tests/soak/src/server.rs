//! The server that is called, in a process of its own so that its memory is told apart.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::runtime::Handle;
use workers_ai_local::{Limits, LocalServer};

/// Serves until nobody asks any more; says where it is, and how many tasks there are whenever it is sent a line.
pub(crate) async fn serve() -> Result<()> {
    let server = LocalServer::builder().limits(Limits::off()).start().await?;
    say(&json!({"base_url": server.base_url(), "account": server.account_id()})).await?;
    let mut asked = BufReader::new(tokio::io::stdin()).lines();
    while asked.next_line().await?.is_some() {
        say(&json!({"tasks": Handle::current().metrics().num_alive_tasks()})).await?;
    }
    server.shutdown().await;
    Ok(())
}

async fn say(value: &Value) -> Result<()> {
    let mut out = tokio::io::stdout();
    out.write_all(format!("{value}\n").as_bytes()).await?;
    Ok(out.flush().await?)
}

/// The server as its callers see it.
pub(crate) struct Server {
    pub(crate) base_url: String,
    pub(crate) account: String,
    pub(crate) process: u32,
    http: reqwest::Client,
    asking: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
    // Ends with this.
    _child: Child,
}

impl Server {
    pub(crate) async fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--serve")
            // glibc keeps memory apart for many threads, and what each keeps for later would look like growth.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the server")?;
        let (Some(process), Some(asking), Some(out)) = (child.id(), child.stdin.take(), child.stdout.take()) else {
            bail!("the server ended at once");
        };
        let mut told = BufReader::new(out).lines();
        let first: Value = serde_json::from_str(&told.next_line().await?.context("the server did not start")?)?;
        let text = |name: &str| first.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        // Even a plain client wants a provider for TLS. An error means that there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Its connections must not be taken for forgotten ones.
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build()?;
        Ok(Self { base_url: text("base_url"), account: text("account"), process, http, asking, told, _child: child })
    }

    /// How many tasks live in its runtime.
    pub(crate) async fn tasks(&mut self) -> Result<usize> {
        self.asking.write_all(b"\n").await?;
        let line = self.told.next_line().await?.context("the server is gone")?;
        let told: Value = serde_json::from_str(&line)?;
        Ok(told.get("tasks").and_then(Value::as_u64).unwrap_or_default().try_into()?)
    }

    pub(crate) fn sandboxes(&self) -> Sandboxes {
        let root = self.base_url.trim_end_matches("/client/v4").to_owned();
        Sandboxes { root, http: self.http.clone() }
    }
}

/// The sandboxes of the server.
#[derive(Clone)]
pub(crate) struct Sandboxes {
    root: String,
    http: reqwest::Client,
}

impl Sandboxes {
    /// Makes a sandbox in which things go wrong.
    pub(crate) async fn open(&self, name: &str, faults: &[Value]) -> Result<()> {
        for fault in faults {
            let added = self.http.post(self.url(name, "/faults")).json(fault).send().await?;
            added.error_for_status().with_context(|| format!("the server does not take {fault}"))?;
        }
        Ok(())
    }

    /// What was asked in a sandbox, and the neurons it was charged; it is gone afterwards.
    pub(crate) async fn close(&self, name: &str) -> Result<(Vec<Value>, f64)> {
        let journal = self.http.get(self.url(name, "/requests")).send().await?.json().await?;
        let shown: Value = self.http.get(self.url(name, "")).send().await?.json().await?;
        self.http.delete(self.url(name, "")).send().await?.error_for_status()?;
        Ok((journal, shown.get("neurons").and_then(Value::as_f64).unwrap_or_default()))
    }

    fn url(&self, name: &str, rest: &str) -> String {
        format!("{}/sandboxes/{name}{rest}", self.root)
    }
}
