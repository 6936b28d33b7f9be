//! How long to wait for what the other side says next.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// Limits of what arrives piece by piece. Where nothing has to be waited for there is no timer.
#[derive(Default)]
pub(super) struct Patience {
    /// From one piece to the next.
    pause: Option<Duration>,
    /// For all of it.
    end: Option<Instant>,
    /// When the first of them is exceeded. It is worked out while there is nothing to do, not when something arrives.
    next: Option<Instant>,
    /// Set for that moment or an earlier one.
    timer: Option<Pin<Box<Sleep>>>,
}

/// Which limit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exceeded {
    Pause,
    End,
}

impl Patience {
    pub(super) fn new(pause: Option<Duration>, end: Option<Instant>) -> Self {
        Self { pause, end, ..Self::default() }
    }

    /// Something has arrived.
    pub(super) fn renew(&mut self) {
        self.next = None;
    }

    /// Asked when there is nothing yet.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Exceeded> {
        // Timers say nothing to a task that has had more than its share, which one that reads without end always has.
        if self.is_over() {
            return Poll::Ready(Exceeded::End);
        }
        self.next = self.next.or_else(|| self.first());
        let Some(next) = self.next else { return Poll::Pending };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(next)));
        ready!(timer.as_mut().poll(cx));
        if timer.deadline() < next {
            timer.as_mut().reset(next);
            ready!(timer.as_mut().poll(cx));
        }
        Poll::Ready(if self.is_over() { Exceeded::End } else { Exceeded::Pause })
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Of the limits, from now on. A pause that nobody lives to see is none.
    fn first(&self) -> Option<Instant> {
        let pause = self.pause.and_then(|pause| Instant::now().checked_add(pause));
        pause.into_iter().chain(self.end).min()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn exceeded(patience: &mut Patience) -> (Exceeded, Duration) {
        let start = Instant::now();
        let exceeded = poll_fn(|cx| patience.poll(cx)).await;
        (exceeded, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_measured_from_piece_to_piece() {
        let mut patience = Patience::new(Some(3 * SECOND), None);
        advance(10 * SECOND).await;
        assert!(poll_fn(|cx| Poll::Ready(patience.poll(cx))).await.is_pending());
        advance(2 * SECOND).await;
        patience.renew();
        let (which, after) = exceeded(&mut patience).await;
        assert_eq!(which, Exceeded::Pause);
        assert!(after >= 3 * SECOND && after < 4 * SECOND, "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_comes_whatever_arrives() {
        let mut patience = Patience::new(Some(3 * SECOND), Some(Instant::now() + 4 * SECOND));
        for _ in 0..2 {
            assert!(poll_fn(|cx| Poll::Ready(patience.poll(cx))).await.is_pending());
            advance(SECOND).await;
            patience.renew();
        }
        let (which, after) = exceeded(&mut patience).await;
        assert_eq!(which, Exceeded::End);
        assert!(after >= 2 * SECOND && after < 3 * SECOND, "{after:?}");
        assert_eq!(poll_fn(|cx| patience.poll(cx)).await, Exceeded::End);
    }

    #[tokio::test(start_paused = true)]
    async fn without_limits_there_is_no_timer() {
        for mut patience in [Patience::default(), Patience::new(Some(Duration::MAX), None)] {
            assert!(poll_fn(|cx| Poll::Ready(patience.poll(cx))).await.is_pending());
            assert!(patience.timer.is_none());
            patience.renew();
        }
    }
}
