//! Time, as a transport's host has it: which moment it is, and how to wait.

use std::time::{Duration, SystemTime};
#[cfg(feature = "http")]
use std::{sync::OnceLock, time::Instant};

use super::{BoxFuture, MaybeSend, MaybeSync};

/// Tells the time and waits. Nothing above a transport names a runtime, so the transport's own brings this.
///
/// A test can have its own, in which an hour passes at once:
///
/// ```
/// use std::{
///     future,
///     sync::{Arc, Mutex},
///     time::{Duration, SystemTime},
/// };
///
/// use workers_ai_client::{
///     Client,
///     transport::{BoxFuture, Clock},
/// };
///
/// #[derive(Clone)]
/// struct Impatient(Arc<Mutex<SystemTime>>);
///
/// impl Clock for Impatient {
///     fn now(&self) -> SystemTime {
///         *self.0.lock().unwrap()
///     }
///
///     fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
///         *self.0.lock().unwrap() += duration;
///         Box::pin(future::ready(()))
///     }
/// }
///
/// let clock = Impatient(Arc::new(Mutex::new(SystemTime::UNIX_EPOCH)));
/// let client = Client::builder("account", "token").clock(clock).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
pub trait Clock: MaybeSend + MaybeSync + 'static {
    /// The present moment.
    fn now(&self) -> SystemTime;

    /// The time that has passed since a moment of the clock's own choice. Unlike [`now`](Self::now) it should not jump
    /// when somebody sets the clock: limits of time are measured by it.
    ///
    /// A clock that does not say otherwise measures by `now`.
    ///
    /// ```
    /// use std::time::{Duration, Instant, SystemTime};
    ///
    /// use workers_ai_client::transport::{BoxFuture, Clock, TokioClock};
    ///
    /// struct Steady(Instant);
    ///
    /// impl Clock for Steady {
    ///     fn now(&self) -> SystemTime {
    ///         SystemTime::now()
    ///     }
    ///
    ///     fn ticks(&self) -> Duration {
    ///         self.0.elapsed()
    ///     }
    ///
    ///     fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
    ///         TokioClock.sleep(duration)
    ///     }
    /// }
    ///
    /// let clock = Steady(Instant::now());
    /// assert!(clock.ticks() <= clock.ticks());
    /// ```
    fn ticks(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    /// Waits. Dropping the future ends the waiting.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The operating system's time, and tokio's way to wait.
///
/// ```
/// # struct Mine;
/// # impl workers_ai_client::transport::Transport for Mine {
/// #     fn send(
/// #         &self,
/// #         _: http::Request<workers_ai_client::transport::Body>,
/// #         _: workers_ai_client::transport::Limits,
/// #     ) -> workers_ai_client::transport::BoxFuture<
/// #         '_,
/// #         Result<http::Response<workers_ai_client::transport::ByteStream>, workers_ai_client::transport::TransportError>,
/// #     > {
/// #         unreachable!("nothing is sent")
/// #     }
/// # }
/// use workers_ai_client::{Client, transport::TokioClock};
///
/// // With it, calls over a transport of one's own are retried too.
/// let client = Client::builder("account", "token").transport(Mine).clock(TokioClock).build()?;
/// # let _ = client;
/// # Ok::<(), workers_ai_client::Error>(())
/// ```
#[cfg(feature = "http")]
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

#[cfg(feature = "http")]
impl Clock for TokioClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn ticks(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The system's time where there is one: WebAssembly has none of its own.
pub(crate) fn system_time() -> Option<SystemTime> {
    (!cfg!(target_arch = "wasm32")).then(SystemTime::now)
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;

    #[test]
    fn ticks_go_on_and_the_time_is_the_systems() {
        let before = TokioClock.ticks();
        std::thread::sleep(Duration::from_millis(3));
        assert!(TokioClock.ticks() >= before + Duration::from_millis(3));
        let now = system_time().unwrap_or(SystemTime::UNIX_EPOCH);
        for told in [now, TokioClock.now()] {
            let age = SystemTime::now().duration_since(told).unwrap_or_default();
            assert!(age < Duration::from_secs(60), "{age:?}");
        }
    }
}
