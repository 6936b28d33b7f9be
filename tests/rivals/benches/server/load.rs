//! The load: connections that stay open, each with one request under way at a time.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use workers_ai_rivals::Connection;

use super::question;
use super::subject::Subject;

/// How much, and how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    connections: usize,
    time: Duration,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) throughput: f64,
    /// Seconds.
    pub(crate) middle: f64,
    pub(crate) late: f64,
}

impl Load {
    pub(crate) fn warm_up() -> Self {
        Self { connections: 32, time: Duration::from_secs(1) }
    }

    pub(crate) fn usual() -> Self {
        Self { connections: 32, time: Duration::from_secs(3) }
    }
}

/// Puts a load on a subject. Every answer must be one of success.
pub(crate) fn measure(subject: &Subject, load: Load) -> Result<Found> {
    let body = question::right();
    let began = Instant::now();
    let mut latencies = thread::scope(|scope| {
        let callers: Vec<_> = (0..load.connections)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<f64>> {
                    let mut connection = Connection::open(subject.address)?;
                    let mut latencies = Vec::new();
                    while began.elapsed() < load.time {
                        let asked = Instant::now();
                        let answer = connection.ask("POST", &subject.path, &body)?;
                        ensure!(answer.status == 200, "{} answered with {}", subject.name, answer.status);
                        latencies.push(asked.elapsed().as_secs_f64());
                    }
                    Ok(latencies)
                })
            })
            .collect();
        let told = callers.into_iter().map(|caller| caller.join().map_err(|_| anyhow!("a caller panicked"))?);
        told.collect::<Result<Vec<_>>>()
    })?
    .concat();
    let seconds = began.elapsed().as_secs_f64();
    latencies.sort_by(f64::total_cmp);
    let at = |part: usize| latencies.get(latencies.len() * part / 100).copied().unwrap_or_default();
    let count = f64::from(u32::try_from(latencies.len())?);
    Ok(Found { throughput: count / seconds, middle: at(50), late: at(99) })
}
