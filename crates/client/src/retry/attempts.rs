//! The decision after each failed attempt of one call: wait, and for how long, or give up.

use std::time::Duration;

use super::{Allowance, RetryClass, RetryPolicy};
use crate::{Error, transport::Clock};

/// How much longer than for lack of capacity to wait when the minute's requests are spent: up to 8, 16 and 32 seconds.
const MINUTE: u32 = 16;

/// The state of one call between its attempts.
pub(crate) struct Attempts<'a> {
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) allowance: &'a Allowance,
    pub(crate) clock: &'a dyn Clock,
    /// When the call began, in the clock's ticks.
    pub(crate) started: Duration,
    /// When the call's time is over, in the clock's ticks.
    pub(crate) deadline: Option<Duration>,
    pub(crate) repeatable: Repeatable,
    /// The one further attempt that a doubtful failure gets has been made.
    pub(crate) tried_again: bool,
}

/// Whether a request can be sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeatable {
    /// It can.
    Yes,
    /// Only if the service itself said that the first did not count.
    WhenRefused,
}

impl Attempts<'_> {
    /// How long to wait before the next attempt, or `None` to give up. `bound` is what the policy allows.
    pub(crate) fn pause(&mut self, error: &Error, bound: Option<Duration>) -> Option<Duration> {
        let bound = bound?;
        let class = error.retry_class();
        let allowed = match self.repeatable {
            Repeatable::Yes => true,
            Repeatable::WhenRefused => error.is_refusal(),
        };
        if !allowed || matches!(class, RetryClass::Never | RetryClass::NextDay) {
            return None;
        }
        let now = self.clock.ticks();
        if class == RetryClass::Once && (self.tried_again || error.is_timeout() && !self.has_as_long_again(now)) {
            return None;
        }
        let wait = match error.retry_after() {
            Some(wait) if wait > self.policy.longest_patience() => return None,
            // A little more, so that all who were told the same do not come at once.
            Some(wait) => wait.saturating_add(random_part_of(bound.min(wait / 4))),
            None if class == RetryClass::NextMinute => {
                random_part_of(bound.saturating_mul(MINUTE).min(self.policy.longest_patience()))
            }
            None => random_part_of(bound),
        };
        let is_late = self.deadline.is_some_and(|deadline| now.saturating_add(wait) >= deadline);
        if is_late || !self.allowance.take() {
            return None;
        }
        self.tried_again |= class == RetryClass::Once;
        Some(wait)
    }

    /// What has just taken too long will not be done in less time.
    fn has_as_long_again(&self, now: Duration) -> bool {
        let since = now.saturating_sub(self.started);
        self.deadline.is_none_or(|deadline| deadline.checked_sub(now).is_some_and(|left| left >= since))
    }
}

/// Full jitter: anything from nothing to all of it.
fn random_part_of(bound: Duration) -> Duration {
    bound.mul_f64(fastrand::f64())
}
