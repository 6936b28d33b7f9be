//! Where and when a soak was made.

use std::fs;
use std::time::SystemTime;

/// The processor, its threads and its memory.
pub(crate) fn machine() -> String {
    let read = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let kilobytes = read("/proc/meminfo", "MemTotal").split(' ').next().and_then(|text| text.parse::<u64>().ok());
    let memory = kilobytes.map(|kilobytes| format!(", {} GB", kilobytes / 1_000_000)).unwrap_or_default();
    format!("{} ({threads} threads{memory})", read("/proc/cpuinfo", "model name"))
}

/// The day in UTC.
pub(crate) fn today() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string().chars().take(10).collect()
}
