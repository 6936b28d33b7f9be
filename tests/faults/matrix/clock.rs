//! A clock on which waits are over at once, although time otherwise passes as it does.

use std::{
    future,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use workers_ai::transport::{BoxFuture, Clock};
use workers_ai_faults::Jump;

/// Waits are noted and skipped; after the first the clock may be set.
#[derive(Clone)]
pub(crate) struct Skipping(Arc<Mutex<State>>);

struct State {
    started: Instant,
    /// What the clock showed then.
    shown: SystemTime,
    waited: Vec<Duration>,
    jump: Option<Jump>,
}

impl Skipping {
    pub(crate) fn new(jump: Option<Jump>) -> Self {
        // Ten in the morning of the second of October 2026.
        let shown = SystemTime::UNIX_EPOCH + Duration::from_secs((20_728 * 24 + 10) * 60 * 60);
        Self(Arc::new(Mutex::new(State { started: Instant::now(), shown, waited: Vec::new(), jump })))
    }

    /// What was waited for.
    pub(crate) fn waited(&self) -> Vec<Duration> {
        self.0.lock().unwrap().waited.clone()
    }
}

impl Clock for Skipping {
    fn now(&self) -> SystemTime {
        let shown = self.0.lock().unwrap().shown;
        shown + self.ticks()
    }

    fn ticks(&self) -> Duration {
        let state = self.0.lock().unwrap();
        state.started.elapsed() + state.waited.iter().sum::<Duration>()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.0.lock().unwrap();
        state.waited.push(duration);
        match state.jump.take() {
            Some(Jump::Ahead(by)) => state.shown += by,
            Some(Jump::Back(by)) => state.shown -= by,
            None => {}
        }
        Box::pin(future::ready(()))
    }
}
