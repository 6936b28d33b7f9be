//! Places to test in, each with its own journal, clock, budget, limits and faults.

mod clock;
mod fault;
mod journal;
mod limits;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::batch::Queue;
use crate::catalog::Model;
use crate::dice::Dice;
use crate::refusal::Refusal;
use crate::server::Finetunes;
use crate::tape::Replayed;

pub(crate) use self::clock::{Clock, written};
pub use self::fault::Fault;
pub(crate) use self::fault::matches;
pub use self::journal::Recorded;
pub(crate) use self::journal::{Entry, Journal, holds};
pub use self::limits::{FREE_NEURONS, Limits};

/// The sandbox of calls that name none.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = workers_ai_local::LocalServer::builder().start().await?;
/// server.sandbox(workers_ai_local::DEFAULT_SANDBOX).charge(12.5);
/// assert_eq!(server.default_sandbox().neurons_today(), 12.5);
/// # Ok(())
/// # }
/// ```
pub const DEFAULT: &str = "default";

/// How many sandboxes there can be at once.
const MOST: usize = 10_000;

/// Everything that calls of one sandbox share, and calls of another do not see.
pub(crate) struct State {
    name: String,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
    pub(crate) queue: Queue,
    pub(crate) finetunes: Finetunes,
    pub(crate) replayed: Replayed,
    ledger: limits::Ledger,
    settings: Mutex<Settings>,
}

struct Settings {
    limits: Limits,
    faults: Vec<Fault>,
    dice: Dice,
}

impl State {
    fn new(name: &str, limits: Limits, seed: u64) -> Self {
        let dice = Dice::from_parts(seed, [name.as_bytes()]);
        Self {
            name: name.to_owned(),
            journal: Journal::default(),
            clock: Clock::default(),
            queue: Queue::default(),
            finetunes: Finetunes::default(),
            replayed: Replayed::default(),
            ledger: limits::Ledger::default(),
            settings: Mutex::new(Settings { limits, faults: Vec::new(), dice }),
        }
    }

    fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call of a model through, or says which limit it meets.
    pub(crate) fn admit(&self, model: &Model) -> Result<(), Refusal> {
        let limits = self.settings().limits;
        self.ledger.admit(&limits, model, self.clock.seconds())
    }

    /// Counts what a call was charged.
    pub(crate) fn charge(&self, neurons: f64) {
        self.ledger.charge(neurons, self.clock.seconds());
    }

    /// Neurons charged today, and ever.
    pub(crate) fn neurons(&self) -> (f64, f64) {
        self.ledger.neurons(self.clock.seconds())
    }

    pub(crate) fn limits(&self) -> Limits {
        self.settings().limits
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        self.settings().limits = limits;
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        self.settings().faults.clone()
    }

    pub(crate) fn add_fault(&self, fault: Fault) {
        self.settings().faults.push(fault);
    }

    pub(crate) fn clear_faults(&self) {
        self.settings().faults.clear();
    }

    /// Everything that goes wrong with a call of this model.
    pub(crate) fn strike(&self, model: &str, of_call: Option<Fault>) -> Fault {
        let mut settings = self.settings();
        let Settings { faults, dice, .. } = &mut *settings;
        let mut all = of_call.unwrap_or_default();
        for fault in faults.iter_mut() {
            if fault.strikes(model, dice) {
                all = all.and(fault.clone());
            }
        }
        faults.retain(|fault| fault.times != Some(0));
        all
    }

    /// A share of a wait, the same in every run.
    pub(crate) fn jitter(&self, most: u64) -> u64 {
        let most = usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1);
        u64::try_from(self.settings().dice.below(most)).unwrap_or_default()
    }
}

/// All sandboxes of a server, made when they are first named.
pub(crate) struct Sandboxes {
    limits: Limits,
    seed: u64,
    /// How many there can be at once.
    most: usize,
    all: Mutex<All>,
}

#[derive(Default)]
struct All {
    /// Each with the number of its last use.
    states: BTreeMap<String, (Arc<State>, u64)>,
    uses: u64,
}

impl Sandboxes {
    pub(crate) fn new(limits: Limits, seed: u64) -> Self {
        Self { limits, seed, most: MOST, all: Mutex::default() }
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sandbox of this name. Where there are too many, the one that has rested longest makes place for a new one; the
    /// default one stays.
    pub(crate) fn get(&self, name: &str) -> Arc<State> {
        let mut all = self.all();
        all.uses += 1;
        let now = all.uses;
        if let Some((state, used)) = all.states.get_mut(name) {
            *used = now;
            return Arc::clone(state);
        }
        if all.states.len() >= self.most {
            let named = all.states.iter().filter(|(name, _)| *name != DEFAULT);
            let rested = named.min_by_key(|(_, (_, used))| *used).map(|(name, _)| name.clone());
            rested.and_then(|name| all.states.remove(&name));
        }
        let state = Arc::new(State::new(name, self.limits, self.seed));
        all.states.insert(name.to_owned(), (Arc::clone(&state), now));
        state
    }

    pub(crate) fn remove(&self, name: &str) -> bool {
        self.all().states.remove(name).is_some()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all().states.keys().cloned().collect()
    }
}

/// A handle on one sandbox of a [`LocalServer`](crate::LocalServer): what it was asked, what it charged, what goes wrong in
/// it, and what time it is there.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use workers_ai_local::{Fault, LocalServer};
///
/// let server = LocalServer::builder().start().await?;
/// let sandbox = server.sandbox("sandbox-one"); // calls with the token `sandbox-one` happen in it
/// sandbox.fault(Fault::error(3040).times(1));
/// // … the program under test makes its calls …
/// sandbox.advance(Duration::from_secs(24 * 60 * 60));
/// assert_eq!((sandbox.requests().len(), sandbox.neurons_used()), (0, 0.0));
/// # Ok(())
/// # }
/// ```
///
/// What a test of a spent budget does:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::{Duration, SystemTime};
///
/// use workers_ai_local::{FREE_NEURONS, Fault, Limits, LocalServer};
///
/// let server = LocalServer::builder().limits(Limits::published()).start().await?;
/// let sandbox = server.default_sandbox();
/// sandbox.freeze(SystemTime::UNIX_EPOCH);
/// sandbox.charge(FREE_NEURONS);
/// assert_eq!(sandbox.neurons_today(), FREE_NEURONS);
/// // … calls of the program under test are refused with code 4006 …
/// sandbox.advance(Duration::from_secs(24 * 60 * 60));
/// assert_eq!(sandbox.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(24 * 60 * 60));
/// assert_eq!((sandbox.neurons_today(), sandbox.neurons_used()), (0.0, FREE_NEURONS));
///
/// // And then nothing goes wrong any more, whatever did.
/// sandbox.fault(Fault::error(3040));
/// sandbox.clear_faults();
/// assert!(sandbox.requests_to("@cf/meta/*").is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Sandbox {
    sandbox: Arc<State>,
}

impl Sandbox {
    pub(crate) fn new(sandbox: Arc<State>) -> Self {
        Self { sandbox }
    }

    /// Its name. Where it begins with `sandbox-` it is also the token with which calls happen here.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai_local::LocalServer;
    ///
    /// let server = LocalServer::builder().start().await?;
    /// let sandbox = server.sandbox("sandbox-one");
    /// let mut program = std::process::Command::new("program-under-test");
    /// program.env("CLOUDFLARE_API_BASE_URL", server.base_url()).env("CLOUDFLARE_API_TOKEN", sandbox.name());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.sandbox.name
    }

    /// The requests so far, the oldest first; the last thousand at most, and the last 16 MB of them.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.sandbox.journal.read()
    }

    /// The requests to models like this one, in which `*` stands for anything.
    #[must_use]
    pub fn requests_to(&self, pattern: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.model.as_ref().is_some_and(|model| matches(pattern, model)));
        requests
    }

    /// Neurons charged so far, of all days.
    #[must_use]
    pub fn neurons_used(&self) -> f64 {
        self.sandbox.neurons().1
    }

    /// Neurons charged on the present day, which ends at 00:00 UTC.
    #[must_use]
    pub fn neurons_today(&self) -> f64 {
        self.sandbox.neurons().0
    }

    /// Has something go wrong from now on.
    pub fn fault(&self, fault: Fault) {
        self.sandbox.add_fault(fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.sandbox.clear_faults();
    }

    /// Keeps these limits from now on.
    pub fn limits(&self, limits: Limits) {
        self.sandbox.set_limits(limits);
    }

    /// Charges neurons, as a call would.
    pub fn charge(&self, neurons: f64) {
        self.sandbox.charge(neurons);
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.sandbox.clock.now()
    }

    /// Lets time pass at once.
    pub fn advance(&self, duration: Duration) {
        self.sandbox.clock.advance(duration);
    }

    /// Makes it this time, which then stands still until it is [advanced](Self::advance).
    pub fn freeze(&self, now: SystemTime) {
        self.sandbox.clock.set(now, true);
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").field("requests", &self.sandbox.journal.count()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_that_rested_longest_makes_place() {
        let sandboxes = Sandboxes { most: 3, ..Sandboxes::new(Limits::off(), 0) };
        for name in [DEFAULT, "a", "b"] {
            sandboxes.get(name).charge(1.0);
        }
        // Used again, so `b` has rested longer; `default` has longest of all, and stays.
        sandboxes.get("a");
        sandboxes.get("c");
        assert_eq!(sandboxes.names(), ["a", "c", DEFAULT]);
        assert_eq!(["a", DEFAULT].map(|name| sandboxes.get(name).neurons().1), [1.0, 1.0]);
    }
}
