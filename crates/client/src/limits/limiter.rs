//! Whose turn it is: a bucket for each model, and those who wait for it in the order they came.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use super::RateLimits;
use crate::{
    Error, Info,
    transport::{Clock, TransportError, TransportErrorKind},
};

/// The part of a minute's requests that may leave at once: what ten seconds hold.
const BURST: u32 = 6;

const MINUTE: Duration = Duration::from_secs(60);

/// The limits of a client at work.
pub(crate) struct Limiter {
    limits: RateLimits,
    time: Time,
    /// Those that have a limit.
    models: Mutex<HashMap<String, Arc<Gate>>>,
}

/// The line before one model.
struct Gate {
    bucket: Bucket,
    waiting: AtomicU32,
}

impl Limiter {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self { limits, time: Time::default(), models: Mutex::default() }
    }

    /// Returns when a request to the model may leave, or at once when that would be after the deadline.
    pub(crate) async fn admit(
        &self,
        model: &str,
        info: Option<&Info>,
        clock: &dyn Clock,
        deadline: Option<Duration>,
    ) -> Result<(), Error> {
        let Some(gate) = self.gate(model, info) else { return Ok(()) };
        let Err(wait) = gate.bucket.take(self.time.at(clock.ticks())) else { return Ok(()) };
        // Each sleeps until about its own turn, instead of all until the first one's.
        let place = Place::take(&gate.waiting);
        let mut wait = wait.saturating_add(gate.bucket.period.saturating_mul(place.ahead));
        loop {
            if deadline.is_some_and(|deadline| clock.ticks().saturating_add(wait) > deadline) {
                return Err(TransportError::new(TransportErrorKind::Timeout, TooLate(wait)).into());
            }
            clock.sleep(wait).await;
            match gate.bucket.take(self.time.at(clock.ticks())) {
                Ok(()) => return Ok(()),
                Err(longer) => wait = longer,
            }
        }
    }

    fn gate(&self, model: &str, info: Option<&Info>) -> Option<Arc<Gate>> {
        let limit = self.limits.of(model, info);
        // What is called by its id alone may be known from another call.
        if limit.is_none() && info.is_some() {
            return None;
        }
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = models.get(model) {
            return Some(Arc::clone(gate));
        }
        let gate = Arc::new(Gate::new(limit?));
        models.insert(model.to_owned(), Arc::clone(&gate));
        Some(gate)
    }
}

/// Why a request did not leave.
#[derive(Debug)]
struct TooLate(Duration);

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        write!(f, "the model's limit of requests per minute has room in {seconds:.1} seconds, after the time allowed")
    }
}

impl std::error::Error for TooLate {}

impl Gate {
    fn new(limit: NonZeroU32) -> Self {
        let burst = (limit.get() / BURST).max(1);
        // What may leave at once and what is let through in a minute are the limit together; a limit of one has no burst
        // to give away.
        let steady = limit.get().saturating_sub(burst).max(1);
        Self { bucket: Bucket::new(MINUTE / steady, burst), waiting: AtomicU32::new(0) }
    }
}

/// A leaking bucket, kept as the one number that the generic cell rate algorithm needs: when it will be empty.
struct Bucket {
    /// Time in which it regains room for one request.
    period: Duration,
    /// How long it may still take to be empty when another request goes in.
    room: Duration,
    empty: Mutex<Duration>,
}

impl Bucket {
    fn new(period: Duration, burst: u32) -> Self {
        Self { period, room: period.saturating_mul(burst.saturating_sub(1)), empty: Mutex::default() }
    }

    /// Puts a request in, or says after how long there may be room for it.
    fn take(&self, now: Duration) -> Result<(), Duration> {
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = empty.saturating_sub(now).saturating_sub(self.room);
        if !wait.is_zero() {
            return Err(wait);
        }
        *empty = now.max(*empty).saturating_add(self.period);
        Ok(())
    }
}

/// One of those who wait; leaves the line when dropped, its turn come or not.
struct Place<'a> {
    line: &'a AtomicU32,
    ahead: u32,
}

impl<'a> Place<'a> {
    fn take(line: &'a AtomicU32) -> Self {
        Self { line, ahead: line.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.line.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The time as the buckets see it: it never goes back, whatever is done to the clock.
#[derive(Default)]
struct Time(Mutex<Reading>);

#[derive(Default)]
struct Reading {
    /// What the clock said last.
    clock: Option<Duration>,
    passed: Duration,
}

impl Time {
    /// How much of it has passed, when the clock says so.
    fn at(&self, now: Duration) -> Duration {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let step = reading.clock.map(|before| now.saturating_sub(before)).unwrap_or_default();
        reading.passed = reading.passed.saturating_add(step);
        reading.clock = Some(now);
        reading.passed
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
        time::SystemTime,
    };

    use super::*;
    use crate::transport::BoxFuture;

    const INFO: Info = Info { requests_per_minute: Some(60), ..Info::new("@cf/a/b", "Text Generation", "2026-11") };

    /// A clock that only sleeping moves, or that sleeps forever; it remembers what was asked.
    struct Fake {
        now: Mutex<SystemTime>,
        asked: Mutex<Vec<u64>>,
        sleeps_forever: bool,
    }

    impl Fake {
        fn new(sleeps_forever: bool) -> Self {
            Self { now: Mutex::new(SystemTime::UNIX_EPOCH), asked: Mutex::default(), sleeps_forever }
        }
    }

    impl Clock for Fake {
        fn now(&self) -> SystemTime {
            *self.now.lock().unwrap_or_else(PoisonError::into_inner)
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(duration.as_secs());
            if self.sleeps_forever {
                return Box::pin(std::future::pending());
            }
            *self.now.lock().unwrap_or_else(PoisonError::into_inner) += duration;
            Box::pin(std::future::ready(()))
        }
    }

    fn poll(future: impl Future<Output = Result<(), Error>>) -> Poll<bool> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop())).map(|admitted| admitted.is_ok())
    }

    /// The moments at which requests leave that are all made at once, in seconds.
    fn departures(limits: RateLimits, info: &Info, requests: usize) -> Vec<f64> {
        let limiter = Limiter::new(limits);
        let clock = Fake::new(false);
        let mut left = Vec::new();
        for _ in 0..requests {
            assert_eq!(poll(limiter.admit(info.id, Some(info), &clock, None)), Poll::Ready(true));
            left.push(clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64());
        }
        left
    }

    #[test]
    fn a_turn_at_the_very_deadline_is_in_time() {
        let limiter = Limiter::new(RateLimits::published());
        let clock = Fake::new(false);
        let admit = |deadline: Option<Duration>| poll(limiter.admit(INFO.id, Some(&INFO), &clock, deadline));
        // Ten may leave at once, the next after a fiftieth of a minute.
        for _ in 0..10 {
            assert_eq!(admit(Some(Duration::ZERO)), Poll::Ready(true));
        }
        assert_eq!(admit(Some(Duration::from_millis(1199))), Poll::Ready(false));
        assert!(TooLate(Duration::from_millis(1200)).to_string().contains("has room in 1.2 seconds"));
        assert_eq!(admit(Some(Duration::from_millis(1200))), Poll::Ready(true));
    }

    #[test]
    fn no_minute_holds_more_than_the_limit() {
        for limit in [1, 2, 5, 20, 50, 60, 300, 3000] {
            let info = Info { requests_per_minute: Some(limit), ..INFO };
            let left = departures(RateLimits::published(), &info, limit as usize * 2 + 10);
            let held = |from: &f64| left.iter().filter(|moment| (*from..*from + 59.999).contains(moment)).count();
            let most = left.iter().map(held).max();
            assert!(most <= Some(limit as usize), "{limit}: {most:?}");
        }
    }

    #[test]
    fn a_few_leave_at_once_and_the_others_at_an_even_pace() {
        let left = departures(RateLimits::published(), &INFO, 12);
        assert!(left.iter().take(10).all(|moment| *moment == 0.0), "{left:?}");
        assert!(left.iter().skip(10).zip([1.2, 2.4]).all(|(moment, due)| (moment - due).abs() < 1e-6), "{left:?}");
    }

    #[test]
    fn off_is_off() {
        assert!(departures(RateLimits::off(), &INFO, 5000).iter().all(|moment| *moment == 0.0));
    }

    #[test]
    fn those_who_wait_are_spread_and_may_leave_the_line() {
        let limiter = Limiter::new(RateLimits::off().per_minute("m", 6));
        let clock = Fake::new(true);
        let mut context = Context::from_waker(Waker::noop());
        assert!(poll(limiter.admit("m", None, &clock, None)).is_ready());
        let mut second = Box::pin(limiter.admit("m", None, &clock, None));
        let mut third = Box::pin(limiter.admit("m", None, &clock, None));
        assert!(second.as_mut().poll(&mut context).is_pending() && third.as_mut().poll(&mut context).is_pending());
        drop((second, third));
        assert!(poll(limiter.admit("m", None, &clock, None)).is_pending());
        assert_eq!(*clock.asked.lock().unwrap_or_else(PoisonError::into_inner), [12, 24, 12]);
    }

    #[test]
    fn a_turn_after_the_deadline_is_not_waited_for() {
        let limiter = Limiter::new(RateLimits::off().per_minute("m", 6));
        let clock = Fake::new(false);
        let deadline = Some(Duration::from_secs(20));
        assert_eq!(poll(limiter.admit("m", None, &clock, deadline)), Poll::Ready(true));
        assert_eq!(poll(limiter.admit("m", None, &clock, deadline)), Poll::Ready(true));
        assert_eq!(poll(limiter.admit("m", None, &clock, deadline)), Poll::Ready(false));
        assert_eq!(*clock.asked.lock().unwrap_or_else(PoisonError::into_inner), [12]);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let limiter = Limiter::new(RateLimits::off().per_minute("m", 6));
        let clock = Fake::new(false);
        *clock.now.lock().unwrap_or_else(PoisonError::into_inner) += Duration::from_secs(3600);
        assert!(poll(limiter.admit("m", None, &clock, None)).is_ready());
        *clock.now.lock().unwrap_or_else(PoisonError::into_inner) = SystemTime::UNIX_EPOCH;
        assert!(poll(limiter.admit("m", None, &clock, None)).is_ready());
        assert_eq!(*clock.asked.lock().unwrap_or_else(PoisonError::into_inner), [12]);
    }
}
