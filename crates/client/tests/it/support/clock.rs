//! A clock that only sleeping moves.

use std::{
    future,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use workers_ai_client::transport::{BoxFuture, Clock};

/// Shows ten in the morning of the second of October 2026, and later what was slept since.
#[derive(Clone)]
pub(crate) struct Impatient(Arc<Mutex<State>>);

struct State {
    now: SystemTime,
    slept: Vec<Duration>,
}

impl Impatient {
    pub(crate) fn new() -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs((20_728 * 24 + 10) * 60 * 60);
        Self(Arc::new(Mutex::new(State { now, slept: Vec::new() })))
    }

    /// Time passes without anybody sleeping.
    pub(crate) fn advance(&self, duration: Duration) {
        self.0.lock().unwrap().now += duration;
    }

    /// What it was asked to sleep so far.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.0.lock().unwrap().slept.clone()
    }
}

impl Clock for Impatient {
    fn now(&self) -> SystemTime {
        self.0.lock().unwrap().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.0.lock().unwrap();
        state.now += duration;
        state.slept.push(duration);
        Box::pin(future::ready(()))
    }
}
