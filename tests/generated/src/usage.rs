//! What a child process used.

use anyhow::Result;

/// What all children that have ended used so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Seconds on a processor.
    pub seconds: f64,
    /// The most that any one of them held in memory, in megabytes.
    pub megabytes: f64,
}

/// Asks the system.
///
/// # Errors
///
/// Where it does not tell, as outside Unix.
#[cfg(unix)]
pub fn children() -> Result<Usage> {
    use anyhow::Context as _;
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("the system does not tell what children used")?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Linux counts kilobytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
    #[expect(clippy::cast_precision_loss, reason = "2^52 microseconds are a century")]
    Ok(Usage { seconds: microseconds as f64 / 1e6, megabytes: usage.max_rss() as f64 / unit })
}

/// Asks the system.
///
/// # Errors
///
/// Always: it tells on Unix only.
#[cfg(not(unix))]
pub fn children() -> Result<Usage> {
    anyhow::bail!("what a compiler uses is measured on Unix only")
}
