//! One call's share of the budget: set aside, then spent or given back.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use http::Response;

use super::{Budget, Work, receipt::Receipt};
use crate::{
    Info,
    response::header,
    transport::{ByteStream, TransportError},
};

/// Neurons set aside for a call. Dropped, they are given back: a call that fails costs nothing.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Budget,
    day: u64,
    info: Option<&'static Info>,
    work: Work,
    estimate: f64,
    /// Still set aside. Spent by one attempt, the next has none: what is sent again is hardly ever charged twice.
    reserved: AtomicBool,
}

impl Charge {
    pub(super) fn new(budget: Budget, day: u64, info: Option<&'static Info>, work: Work, estimate: f64) -> Self {
        Self { budget, day, info, work, estimate, reserved: AtomicBool::new(true) }
    }

    /// Counts what was spent.
    pub(super) fn spend(&self, neurons: f64) {
        self.settle(Some(neurons));
    }

    /// Follows a successful reply to its end, or until nobody wants more of it, and counts what it cost.
    pub(crate) fn follow(self: &Arc<Self>, reply: Response<ByteStream>) -> Response<ByteStream> {
        let charged = header(reply.headers(), "cf-ai-neurons").and_then(|neurons| neurons.trim().parse().ok());
        if let Some(neurons) = charged.filter(|neurons: &f64| neurons.is_finite()) {
            self.spend(neurons);
            return reply;
        }
        let content_type = header(reply.headers(), http::header::CONTENT_TYPE.as_str()).unwrap_or_default();
        // A page is from somebody in between, whatever its status says. No model was asked.
        if content_type.starts_with("text/html") {
            return reply;
        }
        let receipt = Receipt::of(content_type);
        let charge = Some(Arc::clone(self));
        reply.map(|body| -> ByteStream { Box::pin(Followed { body, receipt, charge }) })
    }

    fn settle(&self, spent: Option<f64>) {
        let reserved = if self.reserved.swap(false, Ordering::Relaxed) { self.estimate } else { 0.0 };
        self.budget.settle(self.day, reserved, spent);
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.settle(None);
    }
}

/// A reply's body with an eye on what it says it used.
struct Followed {
    body: ByteStream,
    receipt: Receipt,
    charge: Option<Arc<Charge>>,
}

impl Followed {
    fn finish(&mut self) {
        if let Some(charge) = self.charge.take() {
            let spent = self.receipt.neurons(charge.info, &charge.work).unwrap_or(charge.estimate);
            charge.spend(spent);
        }
    }
}

impl Stream for Followed {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let poll = self.body.as_mut().poll_next(cx);
        match &poll {
            Poll::Ready(Some(Ok(bytes))) => self.receipt.push(bytes),
            Poll::Ready(None | Some(Err(_))) => self.finish(),
            Poll::Pending => {}
        }
        poll
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.finish();
    }
}
