//! One call on its way: addressed, sent, sent again where that helps, and received.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use backon::Retryable;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response as HttpResponse, header};
use secrecy::ExposeSecret;

use super::{Bounds, Client, Outgoing, Place, address, builder, pass::Pass, watch::Watch};
use crate::{
    Answer, Error,
    answer::{Unwrapped, unwrap},
    options::Options,
    retry::{Attempts, Repeatable},
    trace::CallSpan,
    transport::{self, Body, BoxFuture, ByteStream, Idle, MaybeSend, Timeout},
};

/// Failures are short; what is longer is not the service's own words.
const FAILURE: usize = 1 << 20;

/// How long the body of a reply in one piece may pause. The service itself waits no longer for a model.
const IDLE: Duration = Duration::from_secs(120);

/// A failure dressed as a success is looked for in replies up to this length.
const DISGUISE: usize = 1 << 16;

impl Client {
    /// Sends and reads the whole reply; failures of the service are errors.
    ///
    /// Boxed, like `dispatch`: the compiler cannot see through both the retries and a caller that is generic over models
    /// that the whole is `Send`.
    pub(crate) fn answer<'a>(&'a self, model: &'a str, outgoing: Outgoing) -> BoxFuture<'a, Result<Answer, Error>> {
        Box::pin(self.exchange(model, outgoing))
    }

    /// Sends; ready when the reply's head is there and is not a failure. The rest is held to the bounds.
    pub(crate) fn dispatch<'a>(
        &'a self,
        model: &'a str,
        outgoing: Outgoing,
    ) -> BoxFuture<'a, Result<(HttpResponse<ByteStream>, Bounds), Error>> {
        Box::pin(async move {
            let defaults = &self.0.options;
            let idle = outgoing.options.idle.or(defaults.idle);
            let limit = idle.or(outgoing.options.timeout).or(defaults.timeout);
            let bounds = Bounds { most: self.0.max_reply, watch: Watch::new(self.clone(), limit) };
            Ok((self.exchange(model, outgoing).await?, bounds))
        })
    }

    async fn exchange<R: Receive>(&self, model: &str, outgoing: Outgoing) -> Result<R, Error> {
        let named = |error: Error| error.with_model(model);
        let options = self.options_of(&outgoing);
        let span = CallSpan::open(model, &self.0.base, &outgoing);
        let repeatable = outgoing.repeatable();
        let pass = self.pass(model, &outgoing).map_err(named)?;
        let mut request = self.request(model, &options, outgoing).map_err(named)?;
        request.extensions_mut().insert(pass);
        if self.0.trace_content {
            span.asked(request.body());
        }
        let made = AtomicU32::new(0);
        let timeout = request.extensions().get::<Timeout>().copied();
        let trying = Trying { options: &options, timeout, repeatable, span: &span, made: &made };
        let attempt = |deadline| -> BoxFuture<'_, _> { Box::pin(self.attempt::<R>(request.clone(), deadline)) };
        let result = span.around(self.attempts(trying, attempt)).await;
        let made = made.into_inner();
        match result {
            Ok(received) => {
                self.0.allowance.earn();
                Ok(received.counted(made).observed(span, made, self.0.trace_content))
            }
            Err(error) => {
                let error = named(error.with_attempts(made));
                span.failed(&error);
                Err(error)
            }
        }
    }

    /// Attempts until one succeeds or there is no point in another. Without a clock there is one. An attempt is given the
    /// moment at which the call's time is over, in the clock's ticks.
    pub(super) async fn attempts<'a, T: MaybeSend>(
        &'a self,
        trying: Trying<'a>,
        attempt: impl Fn(Option<Duration>) -> BoxFuture<'a, Result<T, Error>> + MaybeSend,
    ) -> Result<T, Error> {
        let Trying { options, timeout, repeatable, span, made } = trying;
        let started = self.clock().map(|clock| clock.ticks());
        let deadline = match timeout {
            Some(Timeout::Whole(limit)) => started.and_then(|started| started.checked_add(limit)),
            _ => None,
        };
        let attempt = || {
            let number = made.fetch_add(1, Ordering::Relaxed).saturating_add(1);
            let span = span.attempt(number);
            let attempt = attempt(deadline);
            async move {
                let result = span.around(attempt).await;
                if let Err(error) = &result {
                    span.failed(error);
                }
                result
            }
        };
        let (Some(clock), Some(started)) = (self.clock(), started) else { return attempt().await };
        let policy = options.retry.clone().unwrap_or_default();
        let mut attempts = Attempts {
            policy: &policy,
            allowance: &self.0.allowance,
            clock,
            started,
            deadline,
            repeatable,
            tried_again: false,
        };
        let waiting = self.clone();
        attempt
            .retry(policy.bounds())
            .sleep(move |duration| waiting.sleep(duration))
            .adjust(|error: &Error, bound| attempts.pause(error, bound))
            .await
    }

    async fn attempt<R: Receive>(&self, mut request: Request<Body>, deadline: Option<Duration>) -> Result<R, Error> {
        let pass = request.extensions_mut().remove::<Pass>();
        if let Some(pass) = &pass {
            self.wait_for_turn(pass, deadline).await?;
        }
        self.shorten(&mut request, deadline);
        let silence = match request.extensions().get::<Timeout>() {
            Some(Timeout::Silence(limit)) => Some(*limit),
            _ => None,
        };
        let reply = self.0.transport.send(request).await?;
        let status = reply.status();
        if status.is_success() {
            let reply = match pass {
                Some(pass) => pass.follow(reply),
                None => reply,
            };
            return R::receive(reply, self.0.max_reply, self.now()).await;
        }
        let (head, body) = reply.into_parts();
        let body = Watch::new(self.clone(), silence).over(body);
        // A failure whose body breaks off, never ends, or cannot be read, is still that failure.
        let body = match refuse_encoded(&head.headers) {
            Ok(()) => transport::collect(body, FAILURE.min(self.0.max_reply)).await.unwrap_or_default(),
            Err(_) => Bytes::new(),
        };
        Err(Error::service_at(status.as_u16(), &head.headers, body, self.now()))
    }

    /// What is left of the call's time is what an attempt may take.
    pub(super) fn shorten<B>(&self, request: &mut Request<B>, deadline: Option<Duration>) {
        if let (Some(deadline), Some(clock)) = (deadline, self.clock()) {
            let left = deadline.saturating_sub(clock.ticks());
            // A clock without ticks of its own may have been set back since.
            let whole = match request.extensions().get::<Timeout>() {
                Some(Timeout::Whole(whole)) => left.min(*whole),
                _ => left,
            };
            request.extensions_mut().insert(Timeout::Whole(whole));
        }
    }

    /// The present moment, where somebody knows it.
    pub(crate) fn now(&self) -> Option<SystemTime> {
        self.clock().map(|clock| clock.now()).or_else(transport::system_time)
    }

    /// Waits, where there is a clock to wait by.
    pub(crate) fn sleep(&self, duration: std::time::Duration) -> transport::BoxFuture<'static, ()> {
        match self.clock() {
            Some(clock) => clock.sleep(duration),
            None => Box::pin(std::future::ready(())),
        }
    }

    /// What was asked for on the call, over what was asked for on the client.
    pub(super) fn options_of(&self, outgoing: &Outgoing) -> Options {
        let options = outgoing.options.clone().over(&self.0.options);
        if outgoing.place.is_some() { options.without_models() } else { options }
    }

    fn request(&self, model: &str, options: &Options, outgoing: Outgoing) -> Result<Request<Body>, Error> {
        let mut body = outgoing.body;
        if options.reject_if_busy == Some(true) && !outgoing.queued {
            body.set_option("rejectIfBusy", true)?;
        }
        let (body, mut query) = body.into_parts();
        if outgoing.queued {
            query.push(("queueRequest".to_owned(), "true".to_owned()));
        }
        query.extend(options.to_query());
        let (method, uri) = match outgoing.place {
            None => (Method::POST, address::run(&self.0.base, &self.0.account_id, model, &query)?),
            Some(Place { method, path }) => {
                (method, address::under_account(&self.0.base, &self.0.account_id, &path, &query)?)
            }
        };
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let accept = if outgoing.streaming { "text/event-stream, application/json" } else { "*/*" };
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static(accept));
        request.headers_mut().extend(options.to_headers()?);
        // Last, so that no header of the caller's can take its place.
        request.headers_mut().insert(header::AUTHORIZATION, self.authorization()?);
        if let Some(limit) = options.timeout {
            let timeout = if outgoing.streaming { Timeout::Silence(limit) } else { Timeout::Whole(limit) };
            request.extensions_mut().insert(timeout);
        }
        if let Some(idle) = options.idle.or((!outgoing.streaming).then_some(IDLE)) {
            request.extensions_mut().insert(Idle(idle));
        }
        Ok(request)
    }

    pub(super) fn authorization(&self) -> Result<HeaderValue, Error> {
        let value = format!("Bearer {}", self.0.token.expose_secret());
        // The source is left out on purpose: it must not be possible for it to quote the token.
        let mut value = HeaderValue::try_from(value).map_err(|_| builder::unusable_token())?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// What one call's attempts have in common.
#[derive(Clone, Copy)]
pub(super) struct Trying<'a> {
    pub(super) options: &'a Options,
    pub(super) timeout: Option<Timeout>,
    pub(super) repeatable: Repeatable,
    pub(super) span: &'a CallSpan,
    /// How many have been made.
    pub(super) made: &'a AtomicU32,
}

/// What becomes of a reply's body.
trait Receive: Sized + MaybeSend {
    /// The reply as far as an attempt goes: what fails in here can be attempted again.
    fn receive(
        reply: HttpResponse<ByteStream>,
        most: usize,
        now: Option<SystemTime>,
    ) -> impl Future<Output = Result<Self, Error>> + MaybeSend;

    fn counted(self, attempts: u32) -> Self;

    fn observed(self, span: CallSpan, attempts: u32, content: bool) -> Self;
}

/// Read to its end.
impl Receive for Answer {
    async fn receive(reply: HttpResponse<ByteStream>, most: usize, now: Option<SystemTime>) -> Result<Self, Error> {
        let (head, body) = reply.into_parts();
        refuse_encoded(&head.headers).map_err(|error| error.with_head(head.status.as_u16(), &head.headers))?;
        refuse_longer(&head.headers, most).map_err(|error| error.with_head(head.status.as_u16(), &head.headers))?;
        let body = transport::collect(body, most).await?;
        let answer = Self::new(head.status, head.headers, body);
        // A success on the outside can be a failure inside, which may be worth another attempt like any other.
        if answer.body().len() <= DISGUISE && answer.is_json() && matches!(unwrap(answer.body()), Unwrapped::Failure) {
            return Err(Error::service_at(answer.status().as_u16(), answer.headers(), answer.body().clone(), now));
        }
        if answer.is_json() && breaks_off(answer.body()) {
            return Err(Error::cut().with_reply(answer.status().as_u16(), answer.headers(), answer.body()));
        }
        Ok(answer)
    }

    fn counted(self, attempts: u32) -> Self {
        self.with_attempts(attempts)
    }

    fn observed(self, span: CallSpan, attempts: u32, content: bool) -> Self {
        span.answered(self.status(), self.headers(), attempts);
        span.read(self.body(), content);
        self
    }
}

/// Left to arrive. From here on nothing is attempted again.
impl Receive for HttpResponse<ByteStream> {
    async fn receive(reply: HttpResponse<ByteStream>, _: usize, _: Option<SystemTime>) -> Result<Self, Error> {
        refuse_encoded(reply.headers()).map_err(|error| error.with_head(reply.status().as_u16(), reply.headers()))?;
        Ok(reply)
    }

    fn counted(self, _: u32) -> Self {
        self
    }

    fn observed(self, span: CallSpan, attempts: u32, content: bool) -> Self {
        span.answered(self.status(), self.headers(), attempts);
        self.map(|body| span.watch(body, content))
    }
}

/// Nothing is ever asked for in another encoding: who sends one all the same is not the service. Whatever it would come to
/// when unpacked never does.
fn refuse_encoded(headers: &HeaderMap) -> Result<(), Error> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|encoding| String::from_utf8_lossy(encoding.as_bytes()));
    match encoding {
        Some(encoding) if !encoding.trim().eq_ignore_ascii_case("identity") => {
            Err(Error::decode(format!("the reply is encoded as {:?}, which was not asked for", encoding.trim())))
        }
        _ => Ok(()),
    }
}

/// JSON that does not end as it began. Connections without a length end in good order wherever they are cut.
fn breaks_off(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    match text.first() {
        Some(b'{') => text.last() != Some(&b'}'),
        Some(b'[') => text.last() != Some(&b']'),
        _ => false,
    }
}

/// A reply that announces its length need not be read to know that it is too long.
fn refuse_longer(headers: &HeaderMap, most: usize) -> Result<(), Error> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if usize::try_from(length).is_ok_and(|length| length <= most) => Ok(()),
        Some(_) => Err(transport::too_large(most).into()),
        None => Ok(()),
    }
}
