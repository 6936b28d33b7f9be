//! How many requests a minute leave this program: what the service publishes for each model, or what the program says.

mod limiter;

use std::{collections::BTreeMap, num::NonZeroU32};

pub(crate) use self::limiter::Limiter;
use crate::Info;

/// What the service allows for models that only paying accounts may call, once the account has credits paid ahead.
const PREPAID: u32 = 50;

/// How many requests a minute a client sends to each model; the rest wait their turn.
///
/// The published limits apply unless a program says otherwise. Within a limit of `n`, about a sixth of the minute's
/// requests may leave at once and the others are spread, so that there are never more than `n` in any minute. Waiting is
/// all that happens: nothing is refused here, and what the service refuses all the same is a matter for retries.
///
/// Limits are kept for each model by itself, and shared by the copies of a client. Two programs with one account do not
/// know of each other.
///
/// ```
/// use workers_ai_client::{Client, RateLimits};
///
/// // The account has credits paid ahead, and shares one model with another program.
/// let limits = RateLimits::published().prepaid().per_minute("@cf/baai/bge-m3", 1500);
/// let client = Client::builder("account", "token").rate_limits(limits).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    published: bool,
    prepaid: bool,
    models: BTreeMap<String, Option<NonZeroU32>>,
    tasks: BTreeMap<String, Option<NonZeroU32>>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::published()
    }
}

impl RateLimits {
    /// What the service publishes: [`Info::requests_per_minute`] of each model. A model called by its id alone, or one of
    /// which nothing is published, is not held back.
    #[must_use]
    pub fn published() -> Self {
        Self { published: true, ..Self::off() }
    }

    /// Nothing waits, except for what is set afterwards.
    ///
    /// ```
    /// use workers_ai_client::RateLimits;
    ///
    /// // One model shared with another program, and no other limit.
    /// let limits = RateLimits::off().per_minute("@cf/baai/bge-m3", 1500);
    /// # let _ = limits;
    /// ```
    #[must_use]
    pub fn off() -> Self {
        Self { published: false, prepaid: false, models: BTreeMap::new(), tasks: BTreeMap::new() }
    }

    /// The account pays ahead: 50 requests a minute, instead of 20, to models that only paying accounts may call.
    ///
    /// ```
    /// use workers_ai_client::RateLimits;
    ///
    /// let limits = RateLimits::published().prepaid();
    /// # assert_ne!(limits, RateLimits::published());
    /// ```
    #[must_use]
    pub fn prepaid(mut self) -> Self {
        self.prepaid = true;
        self
    }

    /// Requests a minute to one model, whatever is published; none at all would never end, so 0 means no limit.
    ///
    /// ```
    /// use workers_ai_client::RateLimits;
    ///
    /// let limits = RateLimits::published().per_minute("@cf/openai/whisper", 60).per_minute("@cf/baai/bge-m3", 0);
    /// # let _ = limits;
    /// ```
    #[must_use]
    pub fn per_minute(mut self, model: impl Into<String>, requests: u32) -> Self {
        self.models.insert(model.into(), NonZeroU32::new(requests));
        self
    }

    /// Requests a minute to each model of a task (as the catalogue writes it, for example `Text Generation`); 0 means no
    /// limit. What is set for a model itself goes first.
    ///
    /// ```
    /// use workers_ai_client::RateLimits;
    ///
    /// // Half of the published 300 for every chat model, and all of it for one.
    /// let limits = RateLimits::published()
    ///     .task_per_minute("Text Generation", 150)
    ///     .per_minute("@cf/meta/llama-3.2-1b-instruct", 300);
    /// # let _ = limits;
    /// ```
    #[must_use]
    pub fn task_per_minute(mut self, task: impl Into<String>, requests: u32) -> Self {
        self.tasks.insert(task.into(), NonZeroU32::new(requests));
        self
    }

    /// The limit of a model.
    pub(crate) fn of(&self, model: &str, info: Option<&Info>) -> Option<NonZeroU32> {
        if let Some(set) = self.models.get(model) {
            return *set;
        }
        let info = info?;
        if let Some(set) = self.tasks.get(info.task) {
            return *set;
        }
        if !self.published {
            return None;
        }
        let published = info.requests_per_minute?;
        let raised = if self.prepaid && info.flags.require_workers_paid { PREPAID.max(published) } else { published };
        NonZeroU32::new(raised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Flags;

    const OPEN: Info = Info { requests_per_minute: Some(300), ..Info::new("@cf/a/open", "Text Generation", "2026-11") };
    const PAID: Info = Info {
        requests_per_minute: Some(20),
        flags: Flags { require_workers_paid: true, ..Flags::NONE },
        ..Info::new("@cf/a/paid", "Text Generation", "2026-11")
    };
    const UNKNOWN: Info = Info::new("@cf/a/unknown", "Text-to-Speech", "2026-11");

    #[track_caller]
    fn check(limits: &RateLimits, expected: [Option<u32>; 4]) {
        let of = |info: &Info| limits.of(info.id, Some(info)).map(NonZeroU32::get);
        let by_id_alone = limits.of(OPEN.id, None).map(NonZeroU32::get);
        assert_eq!([of(&OPEN), of(&PAID), of(&UNKNOWN), by_id_alone], expected);
    }

    #[test]
    fn what_is_said_for_a_model_goes_before_its_task_and_that_before_what_is_published() {
        check(&RateLimits::published(), [Some(300), Some(20), None, None]);
        check(&RateLimits::published().prepaid(), [Some(300), Some(50), None, None]);
        check(&RateLimits::off(), [None; 4]);
        check(&RateLimits::off().per_minute("@cf/a/open", 7), [Some(7), None, None, Some(7)]);
        check(&RateLimits::published().task_per_minute("Text Generation", 9), [Some(9), Some(9), None, None]);
        let both = RateLimits::published().task_per_minute("Text Generation", 9).per_minute("@cf/a/open", 0);
        check(&both, [None, Some(9), None, None]);
    }
}
