//! What a request has to pass before it leaves: the budget, and the line before its model.

use std::{sync::Arc, time::Duration};

use http::Response;

use super::{Client, Outgoing};
use crate::{Error, Info, budget::Charge, transport::ByteStream};

/// Goes with a request through its attempts; a transport never sees it.
pub(super) struct Pass {
    /// Whether it is a model that is called.
    #[cfg_attr(not(feature = "limits"), expect(dead_code, reason = "there is no line to wait in"))]
    waits: bool,
    #[cfg_attr(not(feature = "limits"), expect(dead_code, reason = "there is no line to wait in"))]
    info: Option<&'static Info>,
    charge: Option<Arc<Charge>>,
}

impl Client {
    /// Sets aside what a call will cost, where the client has a budget.
    pub(super) fn pass(&self, model: &str, outgoing: &Outgoing) -> Result<Pass, Error> {
        // Elsewhere in the account only what runs models costs anything: lists and uploads are free. A batch was counted when
        // it was handed in, and asking for its answers must not be refused because the day is spent.
        let costs = match &outgoing.place {
            None => !outgoing.queued || outgoing.once,
            Some(place) => place.path.trim_start_matches('/').starts_with("ai/v1/"),
        };
        let charge = match &self.0.budget {
            Some(budget) if costs => Some(Arc::new(budget.reserve(model, outgoing.info, &outgoing.body)?)),
            _ => None,
        };
        Ok(Pass { waits: outgoing.place.is_none(), info: outgoing.info, charge })
    }

    /// Waits until the model's limit lets one more request through. Without a clock nothing can wait, and nothing does.
    #[cfg(feature = "limits")]
    pub(super) async fn wait_for_turn(
        &self,
        model: &str,
        pass: &Pass,
        deadline: Option<Duration>,
    ) -> Result<(), Error> {
        match self.clock() {
            Some(clock) if pass.waits => self.0.limiter.admit(model, pass.info, clock, deadline).await,
            _ => Ok(()),
        }
    }

    #[cfg(not(feature = "limits"))]
    #[expect(clippy::unused_async, reason = "the same as with the feature")]
    pub(super) async fn wait_for_turn(&self, _: &str, _: &Pass, _: Option<Duration>) -> Result<(), Error> {
        Ok(())
    }
}

impl Pass {
    /// A session waits for its turn like any request; what it costs is counted as it is spoken.
    pub(super) fn of_session(info: Option<&'static Info>) -> Self {
        Self { waits: true, info, charge: None }
    }

    /// Counts what a successful reply cost, as far as it is read.
    pub(super) fn follow(&self, reply: Response<ByteStream>) -> Response<ByteStream> {
        match &self.charge {
            Some(charge) => charge.follow(reply),
            None => reply,
        }
    }
}
