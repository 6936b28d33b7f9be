//! A day's neurons: what calls are expected to cost before they leave, what they did cost, and where it ends.

mod charge;
mod estimate;
mod receipt;
mod tab;
mod work;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

pub(crate) use self::charge::Charge;
pub(crate) use self::estimate::wav_rate;
pub(crate) use self::tab::Tab;
pub use self::work::Work;
use crate::{Encoded, Error, Info, transport::system_time};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A limit on the neurons of a day, for all clients that share it.
///
/// Before a call leaves, what it will cost is estimated from the request and the model's prices, and set aside. When the
/// answer has come, the estimate makes place for what the service says it charged (the `cf-ai-neurons` header, else
/// `usage.neurons`), or for what tokens and prices come to. A call that fails costs nothing. The day ends at 00:00 UTC, as it
/// does for the service.
///
/// ```
/// use workers_ai_client::{Budget, Client};
///
/// // The 10,000 neurons that every account has free each day, and not one more.
/// let budget = Budget::free_daily();
/// let client = Client::builder("account", "token").budget(budget.clone()).build()?;
/// println!("{:.0} of {:?} neurons are spent", budget.spent(), budget.limit());
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
///
/// Copies share one account. What the account holds outlives the program as a [`BudgetState`]. Estimates err: a prompt is
/// taken to have a token for every four characters, and an answer as many as it may have. Models without published prices, and
/// models called by their id alone, are estimated at nothing and counted afterwards. A queued batch is counted by its
/// estimate, a session by what is said in it, as it is said.
#[derive(Clone)]
pub struct Budget {
    limit: f64,
    over: Over,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    ledger: Arc<Mutex<Ledger>>,
}

/// What happens to a call that the budget has no room for.
#[derive(Clone)]
enum Over {
    Refuse,
    Warn(Arc<dyn Fn(&Overdraft) + Send + Sync>),
}

/// A call that a budget has no room for.
///
/// ```
/// use std::time::SystemTime;
///
/// use workers_ai_client::{Budget, Overdraft};
///
/// fn note(overdraft: &Overdraft) -> String {
///     let hours = overdraft.resets_at.duration_since(SystemTime::now()).unwrap_or_default().as_secs() / 3600;
///     let missing = overdraft.committed + overdraft.estimate - overdraft.limit;
///     format!("{} is {missing:.0} neurons over; {hours} hours to go", overdraft.model)
/// }
///
/// let budget = Budget::warn_at(500.0, |overdraft| eprintln!("{}", note(overdraft)));
/// # let _ = budget;
/// ```
///
/// A budget that refuses has it as the source of its error: [`Error::is_budget_exhausted`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Overdraft {
    /// The model that is called.
    pub model: String,
    /// What the call is expected to cost, in neurons.
    pub estimate: f64,
    /// Neurons spent today and set aside for calls under way.
    pub committed: f64,
    /// The day's limit in neurons.
    pub limit: f64,
    /// When the budget is whole again: the next 00:00 UTC.
    pub resets_at: SystemTime,
}

impl fmt::Display for Overdraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the call is expected to cost {:.2} neurons, and {:.2} of the day's budget of {:.2} are gone; it is whole again at {}",
            self.estimate,
            self.committed,
            self.limit,
            httpdate::fmt_http_date(self.resets_at),
        )
    }
}

impl std::error::Error for Overdraft {}

/// What a budget has counted, as data: keep it to go on after a restart. Of a day that is over it says nothing more.
///
/// ```
/// use workers_ai_client::{Budget, BudgetState};
///
/// let budget = Budget::free_daily();
/// // Before the program ends:
/// let kept = serde_json::to_string(&budget.state())?;
/// // And when it starts again, the same day or another:
/// let state: BudgetState = serde_json::from_str(&kept)?;
/// let budget = Budget::free_daily().resume(state);
/// assert_eq!(budget.state().calls, 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BudgetState {
    /// The day, in days since 1970-01-01 UTC.
    pub day: u64,
    /// Neurons spent on it.
    pub neurons: f64,
    /// Calls that spent them.
    pub calls: u64,
}

crate::members! {
    BudgetState []
    @ [] day needed u64;
    @ [] neurons needed f64;
    @ [] calls needed u64;
}

#[derive(Default)]
struct Ledger {
    state: BudgetState,
    /// Set aside for calls under way.
    reserved: f64,
    warned: bool,
}

impl Budget {
    /// The neurons that every account has free each day.
    ///
    /// ```
    /// use workers_ai_client::Budget;
    ///
    /// // Leave a tenth to others who use the account.
    /// let budget = Budget::refuse_at(0.9 * Budget::FREE_DAILY);
    /// assert_eq!(budget.remaining(), Some(9000.0));
    /// ```
    pub const FREE_DAILY: f64 = 10_000.0;

    /// Refuses calls for which the day has no neurons left: [`Error::is_budget_exhausted`].
    ///
    /// ```
    /// use workers_ai_client::{Budget, Client};
    ///
    /// let budget = Budget::refuse_at(2500.0);
    /// let client = Client::builder("account", "token").budget(budget.clone()).build()?;
    /// assert_eq!((budget.spent(), budget.reserved(), budget.remaining()), (0.0, 0.0, Some(2500.0)));
    /// # let _ = client;
    /// # Ok::<(), workers_ai_client::Error>(())
    /// ```
    ///
    /// At 0 every call of a model is refused.
    #[must_use]
    pub fn refuse_at(neurons: f64) -> Self {
        Self { limit: neurons, over: Over::Refuse, clock: Arc::new(now), ledger: Arc::default() }
    }

    /// Refuses calls that would go beyond the free [10,000 neurons](Self::FREE_DAILY) of the day.
    #[must_use]
    pub fn free_daily() -> Self {
        Self::refuse_at(Self::FREE_DAILY)
    }

    /// Lets every call through, and tells of the first of a day that goes beyond the limit.
    ///
    /// ```
    /// use workers_ai_client::Budget;
    ///
    /// let budget = Budget::warn_at(Budget::FREE_DAILY, |overdraft| eprintln!("{}: {overdraft}", overdraft.model));
    /// # let _ = budget;
    /// ```
    #[must_use]
    pub fn warn_at(neurons: f64, warn: impl Fn(&Overdraft) + Send + Sync + 'static) -> Self {
        Self { over: Over::Warn(Arc::new(warn)), ..Self::refuse_at(neurons) }
    }

    /// Only counts.
    ///
    /// ```
    /// use workers_ai_client::Budget;
    ///
    /// let budget = Budget::unlimited();
    /// assert_eq!((budget.limit(), budget.remaining()), (None, None));
    /// assert_eq!(budget.spent(), 0.0); // nothing called yet
    /// ```
    #[must_use]
    pub fn unlimited() -> Self {
        Self::refuse_at(f64::INFINITY)
    }

    /// Takes the time from somewhere else than the system's clock. In WebAssembly, where there is none, this is needed for
    /// the day to end.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use workers_ai_client::Budget;
    ///
    /// // A test, one second before midnight.
    /// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400 - 1);
    /// let budget = Budget::free_daily().clock(move || now);
    /// assert_eq!(budget.resets_at(), now + Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(now);
        self
    }

    /// Goes on from what was counted before.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use workers_ai_client::{Budget, BudgetState};
    ///
    /// # fn main() -> Result<(), serde_json::Error> {
    /// # let noon = || SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400 + 43_200);
    /// # let kept = r#"{"day": 20000, "neurons": 1200.0, "calls": 31}"#;
    /// let state: BudgetState = serde_json::from_str(kept)?;
    /// let budget = Budget::free_daily().clock(noon).resume(state);
    /// assert_eq!(budget.remaining(), Some(8800.0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// What was counted on an earlier day is forgotten; a number of neurons that makes no sense counts as none.
    #[must_use]
    pub fn resume(self, state: BudgetState) -> Self {
        let sound =
            BudgetState { neurons: if state.neurons.is_finite() { state.neurons.max(0.0) } else { 0.0 }, ..state };
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).state = sound;
        self
    }

    /// What was counted today, to be kept.
    #[must_use]
    pub fn state(&self) -> BudgetState {
        self.today().state
    }

    /// Neurons spent today, by calls that have been answered.
    #[must_use]
    pub fn spent(&self) -> f64 {
        self.today().state.neurons
    }

    /// Neurons set aside for calls under way.
    #[must_use]
    pub fn reserved(&self) -> f64 {
        self.today().reserved
    }

    /// The day's limit in neurons; `None` when there is none.
    #[must_use]
    pub fn limit(&self) -> Option<f64> {
        self.limit.is_finite().then_some(self.limit)
    }

    /// Neurons that are left for new calls today; `None` when there is no limit.
    #[must_use]
    pub fn remaining(&self) -> Option<f64> {
        let ledger = self.today();
        self.limit().map(|limit| (limit - ledger.state.neurons - ledger.reserved).max(0.0))
    }

    /// When the budget is whole again: the next 00:00 UTC.
    #[must_use]
    pub fn resets_at(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + DAY.saturating_mul(u32::try_from(self.day() + 1).unwrap_or(u32::MAX))
    }

    /// Sets aside what a request is expected to cost, or says why it must not be sent.
    pub(crate) fn reserve(&self, model: &str, info: Option<&'static Info>, body: &Encoded) -> Result<Charge, Error> {
        let work = estimate::work(body, info);
        let estimate = info.and_then(|info| info.neurons(&work)).unwrap_or_default();
        let day = self.take(model, estimate, |ledger| ledger.reserved += estimate)?;
        Ok(Charge::new(self.clone(), day, info, work, estimate))
    }

    /// Opens a session's tab, or says why there must be none.
    pub(crate) fn tab(&self, model: &str, info: Option<&'static Info>) -> Result<Tab, Error> {
        self.take(model, 0.0, |_| {})?;
        Ok(Tab::new(self.clone(), model, info))
    }

    /// Takes neurons out of what the day has left, or says why not; gives the day.
    fn take(&self, model: &str, neurons: f64, take: impl FnOnce(&mut Ledger)) -> Result<u64, Error> {
        let mut ledger = self.today();
        let committed = ledger.state.neurons + ledger.reserved;
        // What is spent may lie beyond the limit; then even a call of unknown cost is too much.
        let full = committed + neurons > self.limit || committed >= self.limit;
        let over = full.then(|| Overdraft {
            model: model.to_owned(),
            estimate: neurons,
            committed,
            limit: self.limit,
            resets_at: self.resets_at(),
        });
        let warn = match (over, &self.over) {
            (Some(over), Over::Refuse) => return Err(Error::over_budget(over)),
            (Some(over), Over::Warn(warn)) if !ledger.warned => {
                ledger.warned = true;
                Some((Arc::clone(warn), over))
            }
            _ => None,
        };
        take(&mut ledger);
        let day = ledger.state.day;
        drop(ledger);
        if let Some((warn, over)) = warn {
            warn(&over);
        }
        Ok(day)
    }

    /// Replaces what was set aside on a day by what was spent.
    fn settle(&self, day: u64, reserved: f64, spent: Option<f64>) {
        let mut ledger = self.today();
        if day == ledger.state.day {
            ledger.reserved = (ledger.reserved - reserved).max(0.0);
        }
        // A call that is answered after midnight was charged then, or nearly: it counts for the new day.
        if let Some(spent) = spent {
            ledger.state.neurons += spent.max(0.0);
            ledger.state.calls += 1;
        }
    }

    fn day(&self) -> u64 {
        let since = (self.clock)().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since.as_secs() / DAY.as_secs()
    }

    fn today(&self) -> MutexGuard<'_, Ledger> {
        let day = self.day();
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that is set back does not bring spent neurons back.
        if day > ledger.state.day {
            *ledger = Ledger { state: BudgetState { day, ..BudgetState::default() }, ..Ledger::default() };
        }
        ledger
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("limit", &self.limit()).field("state", &self.state()).finish_non_exhaustive()
    }
}

/// Without a clock to ask, the day does not end until [`Budget::clock`] brings one.
fn now() -> SystemTime {
    system_time().unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use std::sync::atomic::{AtomicU64, Ordering};

    use serde_json::json;

    use super::*;
    use crate::Price;

    const INFO: Info = Info {
        prices: &[Price { unit: "per_inference_request", usd: 0.0, neurons: Some(40.0) }],
        ..Info::new("@cf/a/b", "Object Detection", "2026-11")
    };

    fn reserve(budget: &Budget) -> Result<Charge, Error> {
        budget.reserve(INFO.id, Some(&INFO), &Encoded::json(&json!({})).unwrap())
    }

    #[test]
    fn calls_under_way_count_against_the_limit() {
        let budget = Budget::refuse_at(100.0);
        let first = reserve(&budget).unwrap();
        let second = reserve(&budget.clone()).unwrap();
        assert_eq!((budget.spent(), budget.reserved(), budget.remaining()), (0.0, 80.0, Some(20.0)));
        let error = reserve(&budget).unwrap_err();
        assert!(error.is_budget_exhausted() && !error.is_quota_exhausted() && !error.is_retryable(), "{error:?}");
        assert!(error.to_string().contains("80.00 of the day's budget of 100.00"), "{error}");
        // One fails, and costs nothing; the other cost less than feared.
        drop(first);
        second.spend(10.0);
        assert_eq!((budget.spent(), budget.reserved(), budget.remaining()), (10.0, 0.0, Some(90.0)));
        assert!(reserve(&budget).is_ok());
    }

    #[test]
    fn the_day_ends_at_midnight_utc() {
        let seconds = Arc::new(AtomicU64::new(1_795_391_999));
        let clock = Arc::clone(&seconds);
        let budget = Budget::refuse_at(50.0)
            .clock(move || SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
        assert_eq!(httpdate::fmt_http_date(budget.resets_at()), "Mon, 23 Nov 2026 00:00:00 GMT");
        reserve(&budget).unwrap().spend(45.0);
        let under_way = budget.reserve("@cf/unknown", None, &Encoded::json(&json!({})).unwrap()).unwrap();
        assert!(reserve(&budget).unwrap_err().is_budget_exhausted());
        seconds.fetch_add(1, Ordering::Relaxed);
        assert_eq!((budget.spent(), budget.state().calls), (0.0, 0));
        under_way.spend(3.0);
        assert!(reserve(&budget).is_ok());
        // The clock goes back, the day does not.
        seconds.fetch_sub(1, Ordering::Relaxed);
        assert_eq!(budget.spent(), 3.0);
    }

    #[test]
    fn what_was_counted_survives_a_restart() {
        let clock = || SystemTime::UNIX_EPOCH + DAY * 20_000;
        let before = Budget::refuse_at(100.0).clock(clock);
        reserve(&before).unwrap().spend(70.0);
        let kept = serde_json::to_string(&before.state()).unwrap();
        assert_eq!(kept, r#"{"day":20000,"neurons":70.0,"calls":1}"#);
        let after = Budget::refuse_at(100.0).clock(clock).resume(serde_json::from_str(&kept).unwrap());
        assert!(reserve(&after).unwrap_err().is_budget_exhausted());
        let next_day = Budget::refuse_at(100.0).clock(move || clock() + DAY).resume(before.state());
        assert_eq!(next_day.spent(), 0.0);
    }

    #[test]
    fn neurons_that_make_no_sense_are_not_gone_on_from() {
        let clock = || SystemTime::UNIX_EPOCH + DAY * 20_000;
        for neurons in [-70.0, f64::NAN, f64::INFINITY] {
            let state = BudgetState { day: 20_000, neurons, calls: 3 };
            let budget = Budget::refuse_at(100.0).clock(clock).resume(state);
            assert_eq!((budget.spent(), budget.state().calls), (0.0, 3), "{neurons}");
        }
    }

    #[test]
    fn a_warning_comes_once_a_day_and_stops_nothing() {
        let warnings = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&warnings);
        let budget = Budget::warn_at(50.0, move |over| heard.lock().unwrap().push(over.clone()));
        for _ in 0..3 {
            reserve(&budget).unwrap().spend(40.0);
        }
        let heard = warnings.lock().unwrap();
        let [over] = heard.as_slice() else { unreachable!("{heard:?}") };
        assert_eq!((over.committed, over.estimate), (40.0, 40.0));
        assert_eq!(budget.spent(), 120.0);
    }
}
