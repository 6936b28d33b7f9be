//! Tries again what may pass: 429, server errors and silence, with growing pauses.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use workers_ai_account::Error;

/// How long to go on trying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) first_pause: Duration,
    pub(crate) attempts: usize,
}

const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Patience {
    /// Runs a call until it succeeds, fails for good, or patience is at an end.
    pub(super) async fn with<T, F: Future<Output = Result<T, Error>>>(
        self,
        call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_jitter();
        call.retry(backoff)
            .when(Error::is_transient)
            // A service that names a time knows better.
            .adjust(|error, pause| {
                let named = error.retry_after().map(Duration::from_secs);
                pause.map(|pause| named.unwrap_or(pause).min(LONGEST_PAUSE))
            })
            .await
    }
}
