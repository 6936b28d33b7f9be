//! What the benchmarks share: a server that costs little and answers everybody alike, the replies it gives, and the subjects
//! that are compared, each doing the same work in its own way.

pub mod ours;
pub mod peers;
pub mod program;
pub mod replies;
mod server;

pub use self::server::{Pace, Reply, Server};

/// Where the subjects run: one thread, so that two of them never differ by luck of scheduling.
///
/// # Errors
///
/// When the system has no room for it.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
