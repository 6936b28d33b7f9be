//! What a process holds: memory, file descriptors, tasks. Read from /proc, so Linux only; elsewhere only tasks are known.

use std::fs;

/// What a process holds at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Held {
    /// Resident memory in kilobytes.
    pub(crate) memory: Option<u64>,
    /// Open file descriptors.
    pub(crate) files: Option<usize>,
    pub(crate) tasks: usize,
}

/// Reads what a process holds beside its tasks.
pub(crate) fn held(process: u32, tasks: usize) -> Held {
    let folder = format!("/proc/{process}");
    let files = fs::read_dir(format!("{folder}/fd")).ok().map(Iterator::count);
    Held { memory: in_status(&folder, "VmRSS:"), files, tasks }
}

/// The most memory that a process ever had, in kilobytes.
pub(crate) fn peak(process: u32) -> Option<u64> {
    in_status(&format!("/proc/{process}"), "VmHWM:")
}

fn in_status(folder: &str, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("{folder}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
