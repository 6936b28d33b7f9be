//! What the service lets through: requests a minute for each model, neurons a day for the account.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::catalog::Model;
use crate::refusal::Refusal;

use super::clock::DAY;

/// The neurons that every account has free each day.
///
/// ```
/// use workers_ai_local::{FREE_NEURONS, Limits};
///
/// assert_eq!(Limits::published().neurons_per_day, Some(FREE_NEURONS));
/// ```
pub const FREE_NEURONS: f64 = 10_000.0;

/// Which of the published limits a server keeps.
///
/// ```
/// use workers_ai_local::{Limits, LocalServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A paid plan: as many neurons as it takes, at the published rates.
/// let paid = Limits { neurons_per_day: None, ..Limits::published() };
/// let server = LocalServer::builder().limits(paid).start().await?;
/// // No limits, for one part of a test.
/// server.default_sandbox().limits(Limits::off());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Requests a minute for each model, as published: code 3021 beyond.
    pub per_minute: bool,
    /// Neurons a day, until 00:00 UTC: code 4006 beyond. `None` is a paid plan.
    pub neurons_per_day: Option<f64>,
}

impl Limits {
    /// As the service keeps them on the free plan.
    #[must_use]
    pub fn published() -> Self {
        Self { per_minute: true, neurons_per_day: Some(FREE_NEURONS) }
    }

    /// None at all.
    #[must_use]
    pub fn off() -> Self {
        Self { per_minute: false, neurons_per_day: None }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::published()
    }
}

/// What has been used of the limits.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Used>);

#[derive(Debug, Default)]
struct Used {
    day: u64,
    neurons_today: f64,
    neurons: f64,
    minute: u64,
    requests: HashMap<String, u32>,
}

impl Used {
    fn turn_to(&mut self, seconds: u64) {
        let (day, minute) = (seconds / DAY, seconds / 60);
        if day != self.day {
            (self.day, self.neurons_today) = (day, 0.0);
        }
        if minute != self.minute {
            self.minute = minute;
            self.requests.clear();
        }
    }
}

impl Ledger {
    fn with<T>(&self, act: impl FnOnce(&mut Used) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets a request through, or says which limit it meets.
    pub(crate) fn admit(&self, limits: &Limits, model: &Model, seconds: u64) -> Result<(), Refusal> {
        self.with(|used| {
            used.turn_to(seconds);
            let per_minute = model.facts().limits.as_ref().map(|limits| limits.requests_per_minute);
            if let Some(most) = per_minute.filter(|_| limits.per_minute) {
                let requests = used.requests.entry(model.id().to_owned()).or_default();
                if *requests >= most {
                    return Err(Refusal::too_many_requests());
                }
                *requests += 1;
            }
            match limits.neurons_per_day {
                Some(most) if used.neurons_today >= most => Err(Refusal::quota_exhausted()),
                _ => Ok(()),
            }
        })
    }

    /// Counts what was charged.
    pub(crate) fn charge(&self, neurons: f64, seconds: u64) {
        self.with(|used| {
            used.turn_to(seconds);
            used.neurons_today += neurons;
            used.neurons += neurons;
        });
    }

    /// Neurons of this day, and of all time.
    pub(crate) fn neurons(&self, seconds: u64) -> (f64, f64) {
        self.with(|used| {
            used.turn_to(seconds);
            (used.neurons_today, used.neurons)
        })
    }
}
