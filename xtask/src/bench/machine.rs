//! When, where and with which compiler a row was measured.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// What must be known to measure a row again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// The day, in UTC.
    pub(crate) date: String,
    /// The compiler, such as `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub(crate) rustc: String,
    pub(crate) machine: Machine,
}

/// The machine, as far as its system tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory: String,
    pub(crate) kernel: String,
}

impl Measured {
    /// This machine, today.
    pub(crate) fn now() -> Result<Self> {
        let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let date = now.split('T').next().unwrap_or_default().to_owned();
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc).arg("--version").output().context("cannot run rustc")?;
        ensure!(output.status.success(), "rustc does not tell its version");
        let rustc = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Self { date, rustc, machine: Machine::this() })
    }
}

impl Machine {
    fn this() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
        let kibibytes = field("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        let memory = kibibytes.map_or_else(|| "unknown".to_owned(), |size| format!("{} GiB", (size + (1 << 19)) >> 20));
        let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let kernel = format!("{} {}", std::env::consts::OS, release.trim()).trim().to_owned();
        Self { processor, cores, memory, kernel }
    }
}

/// The first value of a key in one of the tables that Linux keeps; other systems have none.
fn field(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
