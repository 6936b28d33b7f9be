//! What all calls of a client may retry together, so that a burst of failures does not become a storm of retries.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many successes pay for one retry: when most calls fail, at most a tenth more is sent.
const PRICE: u32 = 10;

/// A bucket of retries: each takes one out, and every tenth success puts one in.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// In tenths of a retry.
    left: AtomicU32,
    full: u32,
}

impl Allowance {
    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(PRICE);
        Self { left: AtomicU32::new(full), full }
    }

    /// Takes a retry out, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(PRICE)).is_ok()
    }

    /// A call succeeded.
    pub(crate) fn earn(&self) {
        let _ =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left < self.full).then(|| left + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::Allowance;

    #[test]
    fn a_tenth_of_the_successes_can_be_retried_when_the_burst_is_spent() {
        let allowance = Allowance::new(2);
        assert_eq!([(); 3].map(|()| allowance.take()), [true, true, false]);
        for _ in 0..9 {
            allowance.earn();
        }
        assert!(!allowance.take());
        allowance.earn();
        assert!(allowance.take() && !allowance.take());
    }

    #[test]
    fn more_than_all_is_not_saved() {
        let allowance = Allowance::new(1);
        for _ in 0..100 {
            allowance.earn();
        }
        assert!(allowance.take() && !allowance.take());
        assert!(!Allowance::new(0).take());
    }
}
