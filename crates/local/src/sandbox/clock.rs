//! A sandbox's time: the machine's, moved by as much as a test likes.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds of a day.
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// The last second that can be written with four digits of a year, counted from 1970. A clock stands still there: later moments, as
/// those before 1970, have no form on the wire.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// A clock that can be moved, forwards and backwards, and stopped.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Setting>);

#[derive(Clone, Copy, Debug, Default)]
struct Setting {
    /// Stands still at this moment.
    frozen: Option<SystemTime>,
    ahead: Duration,
    behind: Duration,
}

impl Clock {
    fn with<T>(&self, act: impl FnOnce(&mut Setting) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> SystemTime {
        self.with(|setting| setting.now())
    }

    /// Seconds since the beginning of 1970.
    pub(crate) fn seconds(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    /// Lets time pass at once.
    pub(crate) fn advance(&self, duration: Duration) {
        self.with(|setting| match &mut setting.frozen {
            Some(frozen) => *frozen = later(*frozen, duration),
            None => setting.ahead = setting.ahead.saturating_add(duration).min(LAST),
        });
    }

    /// Shows this moment from now on, and goes on from it unless it is to stand still.
    pub(crate) fn set(&self, now: SystemTime, stands_still: bool) {
        let now = writable(now);
        self.with(|setting| {
            let real = SystemTime::now();
            *setting = Setting {
                frozen: stands_still.then_some(now),
                ahead: now.duration_since(real).unwrap_or_default(),
                behind: real.duration_since(now).unwrap_or_default(),
            };
        });
    }
}

impl Setting {
    fn now(&self) -> SystemTime {
        self.frozen.unwrap_or_else(|| {
            let back = SystemTime::now().checked_sub(self.behind).unwrap_or(UNIX_EPOCH);
            later(back, self.ahead)
        })
    }
}

fn later(moment: SystemTime, duration: Duration) -> SystemTime {
    moment.checked_add(duration).map_or(UNIX_EPOCH + LAST, writable)
}

/// The moment, or the nearest one that can be written.
fn writable(moment: SystemTime) -> SystemTime {
    moment.clamp(UNIX_EPOCH, UNIX_EPOCH + LAST)
}

/// A moment as the service writes it: RFC 3339, in UTC.
pub(crate) fn written(moment: SystemTime) -> String {
    humantime::format_rfc3339_millis(moment).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_when_told_to() {
        let clock = Clock::default();
        let noon = UNIX_EPOCH + Duration::from_secs(1_795_348_800);
        clock.set(noon, true);
        clock.advance(Duration::from_secs(90));
        assert_eq!(written(clock.now()), "2026-11-22T12:01:30.000Z");
        clock.set(noon, false);
        clock.advance(Duration::from_secs(DAY));
        let since = clock.now().duration_since(noon).unwrap_or_default().as_secs();
        assert!((DAY..DAY + 60).contains(&since), "{since}");
    }

    #[test]
    fn time_ends_where_it_can_no_longer_be_written() {
        for frozen in [true, false] {
            let clock = Clock::default();
            clock.set(UNIX_EPOCH - Duration::from_secs(DAY), frozen);
            assert!(written(clock.now()).starts_with("1970-01-01T"));
            for _ in 0..2 {
                clock.advance(Duration::MAX);
                assert!(written(clock.now()).starts_with("9999-12-31T23:59:59"), "{}", written(clock.now()));
            }
        }
    }
}
