//! Those who are measured, each in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use workers_ai_local::{Limits, LocalServer};
use workers_ai_rivals::Connection;

use super::{prism, question};

/// A running server.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Where the lock does not say it.
    pub(crate) version: Option<String>,
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    _process: Started,
}

impl Subject {
    pub(crate) fn ours() -> Result<Self> {
        let path = format!("/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/run/{}", question::MODEL);
        Self::ourselves("workers-ai", "--serve", path)
    }

    pub(crate) fn wiremock() -> Result<Self> {
        Self::ourselves("wiremock", "--stub", "/run".to_owned())
    }

    /// This program again, as another.
    fn ourselves(name: &'static str, option: &str, path: String) -> Result<Self> {
        let mut process = Started(Command::new(std::env::current_exe()?).arg(option).stdout(Stdio::piped()).spawn()?);
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().context("no output")?).read_line(&mut line)?;
        let address = line.trim().parse().with_context(|| format!("{name} did not start"))?;
        Ok(Self { name, version: None, address, path, _process: process })
    }

    pub(crate) fn prism() -> Result<Self> {
        // Free now, and most likely still in a moment.
        let port = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = prism::command(port)?;
        let mut process = Started(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
        let began = Instant::now();
        while Connection::open(address).is_err() {
            if let Some(status) = process.0.try_wait()? {
                bail!("Prism ended: {status}");
            }
            ensure!(began.elapsed() < Duration::from_secs(60), "Prism does not listen");
            std::thread::sleep(Duration::from_millis(100));
        }
        let (name, version) = ("prism", Some(prism::VERSION.to_owned()));
        Ok(Self { name, version, address, path: "/run".to_owned(), _process: process })
    }

    /// Fails unless a wrong request is refused and the right one is not.
    pub(crate) fn refuses(&self) -> Result<()> {
        let mut connection = Connection::open(self.address)?;
        let right = connection.ask("POST", &self.path, &question::right())?;
        let text = String::from_utf8_lossy(&right.body).into_owned();
        ensure!(right.status == 200, "{} refuses a right request with {}: {text}", self.name, right.status);
        let wrong = Connection::open(self.address)?.ask("POST", &self.path, &question::wrong())?;
        ensure!((400..500).contains(&wrong.status), "{} lets a wrong request through: {}", self.name, wrong.status);
        Ok(())
    }
}

/// A process that ends with its owner.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves as the local server, without the limits that a load would meet at once.
#[tokio::main]
pub(crate) async fn serve() -> Result<()> {
    let server = LocalServer::builder().limits(Limits::off()).start().await?;
    println!("{}", server.address());
    std::future::pending().await
}
