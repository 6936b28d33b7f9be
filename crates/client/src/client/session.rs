//! The opening of a session: its turn, its attempts, its handshake.

use std::{sync::atomic::AtomicU32, time::Duration};

use http::{HeaderMap, Request, header};

use super::{Client, Outgoing, exchange::Trying, pass::Pass};
use crate::{
    Error,
    realtime::Meter,
    trace::CallSpan,
    transport::{BoxFuture, Handshake, Limits, Socket, Timeout, TransportError, TransportErrorKind},
};

/// An open WebSocket with a model.
pub(crate) struct Opened {
    pub(crate) headers: HeaderMap,
    pub(crate) socket: Box<dyn Socket>,
    pub(crate) meter: Meter,
}

impl Client {
    /// Opens a WebSocket with a model; ready when it is open. The timeout is for that only: a session may be silent.
    ///
    /// Boxed as `answer` is, and for the same reason.
    pub(crate) fn open<'a>(&'a self, model: &'a str, outgoing: Outgoing) -> BoxFuture<'a, Result<Opened, Error>> {
        Box::pin(async move {
            let span = CallSpan::open(model, &self.0.base, &outgoing);
            let made = AtomicU32::new(0);
            let opened = self.opening(model, outgoing, &span, &made).await;
            let made = made.into_inner();
            match opened {
                Ok((headers, socket, mut meter)) => {
                    self.0.allowance.earn();
                    meter.opened(span, &headers, made);
                    Ok(Opened { headers, socket, meter })
                }
                Err(error) => {
                    let error = self.blamed(error.with_attempts(made), model);
                    span.failed(&error);
                    Err(error)
                }
            }
        })
    }

    async fn opening(
        &self,
        model: &str,
        mut outgoing: Outgoing,
        span: &CallSpan,
        made: &AtomicU32,
    ) -> Result<(HeaderMap, Box<dyn Socket>, Meter), Error> {
        let tab = self.0.budget.as_ref().map(|budget| budget.tab(model, outgoing.info)).transpose()?;
        let options = self.options_of(&mut outgoing);
        let (repeatable, pass) = (outgoing.repeatable(), Pass::of_session(outgoing.info));
        let mut query = outgoing.body.into_query();
        let meter = Meter::new(outgoing.info, &query, tab);
        query.extend(options.to_query());
        let mut request = Request::new(());
        *request.uri_mut() = self.address(model, &query)?;
        request.headers_mut().extend(options.to_headers()?);
        request.headers_mut().insert(header::AUTHORIZATION, self.0.authorization.clone());
        let limits = Limits { timeout: options.timeout.map(Timeout::Whole), idle: options.idle };
        let policy = options.retry.clone().unwrap_or_default();
        let trying = Trying { policy: &policy, timeout: limits.timeout, repeatable, span, made };
        let attempt =
            |deadline| -> BoxFuture<'_, _> { Box::pin(self.handshake(model, &request, &pass, limits, deadline)) };
        let (headers, socket) = span.around(self.attempts(&trying, &attempt)).await?;
        Ok((headers, socket, meter))
    }

    async fn handshake(
        &self,
        model: &str,
        request: &Request<()>,
        pass: &Pass,
        limits: Limits,
        deadline: Option<Duration>,
    ) -> Result<(HeaderMap, Box<dyn Socket>), Error> {
        self.wait_for_turn(model, pass, deadline).await?;
        let limits = self.shortened(limits, deadline);
        let reply = self.0.transport.connect(request.clone(), limits).await.map_err(unopened)?;
        let (head, handshake) = reply.into_parts();
        match handshake {
            Handshake::Open(socket) => Ok((head.headers, socket)),
            Handshake::Refused(body) if head.status.is_success() => {
                let error = Error::decode("the service answered without opening a session");
                Err(error.with_reply(head.status.as_u16(), &head.headers, &body))
            }
            Handshake::Refused(body) => Err(Error::service_at(head.status.as_u16(), &head.headers, body, self.now())),
        }
    }
}

/// A transport that cannot open sessions is not the request's fault.
fn unopened(error: TransportError) -> Error {
    let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    match error.kind() {
        TransportErrorKind::Request => Error::configuration(format!("no session can be opened: {reason}")),
        _ => error.into(),
    }
}
