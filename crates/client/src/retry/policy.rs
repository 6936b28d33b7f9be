//! How persistent a client is.

use std::time::Duration;

use backon::ExponentialBuilder;

/// How often a call is attempted, and how long it waits in between.
///
/// Before the second attempt it waits for a random time of up to [`first_delay`](Self::first_delay), and each time after
/// that of up to twice as long, but never longer than [`longest_delay`](Self::longest_delay). At random, because clients
/// that fail together should not come back together. If the service says how long to wait, that is how long.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai_client::{Client, RetryPolicy};
///
/// let patient = RetryPolicy::default().max_attempts(8).patience(Duration::from_secs(300));
/// let client = Client::builder("account", "token").retry(patient).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// Only what [may pass](crate::Error::is_retryable) the next time is sent again, a [`Source`](crate::Source) from its
/// start; see [`RetryClass`](crate::RetryClass) for how often. Nothing is sent again
///
/// - when a stream has begun: what arrived so far would arrive twice;
/// - when the call's time-out would be over before the next attempt;
/// - when it was a batch for a queue, or a change to the account, and nobody knows whether it arrived;
/// - when the client has no [`Clock`](crate::transport::Clock) to wait by;
/// - when the client's calls have retried too much together:
///   see [`ClientBuilder::retry_allowance`](crate::ClientBuilder::retry_allowance).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    first_delay: Duration,
    longest_delay: Duration,
    patience: Duration,
}

/// Four attempts; waits of up to 0.5, 1 and 2 seconds, and a minute at most where the service names the time.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(20),
            patience: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::{Client, RetryPolicy};
    ///
    /// // Whoever waits for this has gone after a second; so has the point of trying again.
    /// let client = Client::builder("account", "token").retry(RetryPolicy::none()).timeout(Duration::from_secs(1)).build()?;
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is attempted in all. Nought counts as one.
    ///
    /// Four unless set.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest wait before the second attempt.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::RetryPolicy;
    ///
    /// // Waits of up to 2, 4, 8, 10 and 10 seconds.
    /// let gentle = RetryPolicy::default()
    ///     .max_attempts(6)
    ///     .first_delay(Duration::from_secs(2))
    ///     .longest_delay(Duration::from_secs(10));
    /// # let _ = gentle;
    /// ```
    ///
    /// Half a second unless set.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// The longest wait before any attempt, unless the service names the time.
    ///
    /// 20 seconds unless set; see [`first_delay`](Self::first_delay) for an example.
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest_delay = delay;
        self
    }

    /// The longest wait that the service may ask for, and the longest for the next minute of a limit per minute. If it
    /// asks for more, the call fails at once.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use workers_ai_client::RetryPolicy;
    ///
    /// // A job at night has time, even for `Retry-After: 600`.
    /// let nightly = RetryPolicy::default().patience(Duration::from_secs(600));
    /// # let _ = nightly;
    /// ```
    ///
    /// A minute unless set.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The longest wait before each further attempt, until there are no more attempts.
    pub(crate) fn bounds(&self) -> ExponentialBuilder {
        let times = usize::try_from(self.max_attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(self.first_delay.min(self.longest_delay))
            .with_max_delay(self.longest_delay)
            .with_max_times(times)
    }

    pub(super) fn longest_patience(&self) -> Duration {
        self.patience
    }
}

#[cfg(test)]
mod tests {
    use backon::BackoffBuilder as _;

    use super::*;

    #[test]
    fn delays_double_from_the_first_to_the_longest() {
        let (first, longest) = (Duration::from_secs(3), Duration::from_secs(10));
        let policy = RetryPolicy::default().first_delay(first).longest_delay(longest).max_attempts(5);
        let delays: Vec<u64> = policy.bounds().build().map(|delay| delay.as_secs()).collect();
        assert_eq!(delays, [3, 6, 10, 10]);
        // No delay is longer than the longest, not even the first.
        let policy = RetryPolicy::default().first_delay(longest).longest_delay(first).max_attempts(2);
        assert_eq!(policy.bounds().build().collect::<Vec<_>>(), [first]);
    }
}
