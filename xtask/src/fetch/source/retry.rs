//! Tries again what may pass: 429, server errors, silence and what takes too long, with growing pauses.

use std::fmt;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use workers_ai_account::Error;

/// How long to go on trying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) first_pause: Duration,
    pub(crate) attempts: usize,
    /// How long one attempt may take, from its first byte to its last: bytes that dribble in are no silence.
    pub(crate) limit: Duration,
}

const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why a call was given up.
#[derive(Debug)]
pub(super) enum Failure {
    Late(Duration),
    Call(Error),
}

impl Patience {
    /// Runs a call until it succeeds, fails for good, or patience is at an end.
    pub(super) async fn with<T, F: Future<Output = Result<T, Error>>>(
        self,
        mut call: impl FnMut() -> F,
    ) -> Result<T, Failure> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_jitter();
        let attempt = || {
            let attempt = call();
            async move {
                match tokio::time::timeout(self.limit, attempt).await {
                    Ok(answer) => answer.map_err(Failure::Call),
                    Err(_) => Err(Failure::Late(self.limit)),
                }
            }
        };
        attempt
            .retry(backoff)
            .when(Failure::is_transient)
            // A service that names a time knows better.
            .adjust(|failure, pause| pause.map(|pause| failure.named_pause().unwrap_or(pause).min(LONGEST_PAUSE)))
            .notify(|failure, pause| eprintln!("{failure}; trying again in {:.1} s", pause.as_secs_f64()))
            .await
    }
}

impl Failure {
    fn is_transient(&self) -> bool {
        match self {
            Self::Late(_) => true,
            Self::Call(error) => error.is_transient(),
        }
    }

    fn named_pause(&self) -> Option<Duration> {
        match self {
            Self::Late(_) => None,
            Self::Call(error) => error.retry_after().map(Duration::from_secs),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late(limit) => write!(formatter, "no whole answer in {:.0} s", limit.as_secs_f64().ceil()),
            Self::Call(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Late(_) => None,
            Self::Call(error) => error.source(),
        }
    }
}
