//! Runs a local Workers AI for as long as it is needed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A local Workers AI that ends with this value.
pub(super) struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts the server on a free port and waits until it says where it listens.
    pub(super) fn start(program: &std::path::Path) -> Result<Self> {
        let mut process = Command::new(program)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let stdout = process.stdout.take().context("the server has no output")?;
        // Made before the address is known, so that the process ends with it whatever happens.
        let mut server = Self { process, address: String::new() };
        let mut lines = BufReader::new(stdout).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some(address) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                address.trim_end_matches(',').clone_into(&mut server.address);
                break;
            }
        }
        ensure!(!server.address.is_empty(), "the local server ended without saying where it listens");
        // Its pipe must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Points a program's client at this server.
    pub(super) fn environment<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        program
            .env("CLOUDFLARE_API_BASE_URL", format!("{}/client/v4", self.address))
            .env("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef")
            .env("CLOUDFLARE_API_TOKEN", "local")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
