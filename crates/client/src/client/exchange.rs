//! One call on its way: addressed, sent, sent again where that helps, and received.

use std::{
    borrow::Cow,
    future::ready,
    pin::pin,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use backon::Retryable;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response as HttpResponse, Uri, header};

use super::{Bounds, Client, Outgoing, Place, address, pass::Pass, watch::Watch};
use crate::{
    Answer, Error, RetryPolicy,
    options::Options,
    retry::{Attempts, Repeatable},
    trace::CallSpan,
    transport::{self, Body, BoxFuture, ByteStream, Clock, Limits, MaybeSend, MaybeSync, Timeout},
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
    pub(crate) fn answer(
        &self,
        model: Cow<'static, str>,
        outgoing: Outgoing,
    ) -> BoxFuture<'static, Result<Answer, Error>> {
        match self.prepare(&model, outgoing) {
            Ok(prepared) => self.clone().exchange(model, prepared),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    /// Sends; ready when the reply's head is there and is not a failure. The rest is held to the bounds.
    pub(crate) fn dispatch(
        &self,
        model: Cow<'static, str>,
        outgoing: Outgoing,
    ) -> BoxFuture<'static, Result<(HttpResponse<ByteStream>, Bounds), Error>> {
        let defaults = &self.0.options;
        let idle = outgoing.options.idle.or(defaults.idle);
        let limit = idle.or(outgoing.options.timeout).or(defaults.timeout);
        let bounds = Bounds { most: self.0.max_reply, watch: Watch::new(self.clone(), limit) };
        let exchanged = self.prepare(&model, outgoing).map(|prepared| self.clone().exchange(model, prepared));
        Box::pin(async move { Ok((exchanged?.await?, bounds)) })
    }

    /// Makes a call ready, outside of the future that carries it out: thousands of those may wait at the same time.
    fn prepare(&self, model: &str, mut outgoing: Outgoing) -> Result<Prepared, Error> {
        let named = |error: Error| error.with_model(model);
        let options = self.options_of(&mut outgoing);
        let span = CallSpan::open(model, &self.0.base, &outgoing);
        let repeatable = outgoing.repeatable();
        let pass = self.pass(model, &outgoing).map_err(named)?;
        let limits = limits_of(&options, outgoing.streaming);
        let ready = self.ready(model, &options, outgoing).map_err(named)?;
        if self.0.trace_content {
            span.asked(&ready.body);
        }
        Ok(Prepared { ready, pass, limits, policy: options.retry.unwrap_or_default(), repeatable, span })
    }

    /// Boxed here and not by the caller: an `async fn` would hold what it is given twice.
    fn exchange<R: Receive + 'static>(
        self,
        model: Cow<'static, str>,
        prepared: Prepared,
    ) -> BoxFuture<'static, Result<R, Error>> {
        Box::pin(async move {
            let made = AtomicU32::new(0);
            let Prepared { limits, policy, repeatable, span, .. } = &prepared;
            let trying = Trying { policy, timeout: limits.timeout, repeatable: *repeatable, span, made: &made };
            let attempt = |deadline| self.attempt::<R>(&model, &prepared, deadline);
            let result = span.around(self.attempts(&trying, &attempt)).await;
            let made = made.into_inner();
            match result {
                Ok(received) => {
                    self.0.allowance.earn();
                    Ok(received.counted(made).observed(prepared.span, made, self.0.trace_content))
                }
                Err(error) => {
                    let error = self.blamed(error.with_attempts(made), &model);
                    span.failed(&error);
                    Err(error)
                }
            }
        })
    }

    /// Attempts until one succeeds or there is no point in another. Without a clock there is one. An attempt is given the
    /// moment at which the call's time is over, in the clock's ticks.
    pub(super) async fn attempts<'a, T, F>(
        &'a self,
        trying: &'a Trying<'a>,
        attempt: &'a (impl Fn(Option<Duration>) -> F + MaybeSync),
    ) -> Result<T, Error>
    where
        T: MaybeSend + 'a,
        F: Future<Output = Result<T, Error>> + MaybeSend + 'a,
    {
        let started = self.clock().map(|clock| clock.ticks());
        let deadline = match trying.timeout {
            Some(Timeout::Whole(limit)) => started.and_then(|started| started.checked_add(limit)),
            _ => None,
        };
        // Pinned here, since whoever is given a future to wait for holds it twice.
        let first = pin!(attempt(deadline));
        let failed = match trying.once(first).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        match (self.clock(), started) {
            (Some(clock), Some(started)) => self.again(trying, attempt, failed, clock, started, deadline).await,
            _ => Err(failed),
        }
    }

    /// The attempts after the first. Boxed, since most calls have no use for them.
    fn again<'a, T, F>(
        &'a self,
        trying: &'a Trying<'a>,
        attempt: &'a (impl Fn(Option<Duration>) -> F + MaybeSync),
        failed: Error,
        clock: &'a dyn Clock,
        started: Duration,
        deadline: Option<Duration>,
    ) -> BoxFuture<'a, Result<T, Error>>
    where
        T: MaybeSend + 'a,
        F: Future<Output = Result<T, Error>> + MaybeSend + 'a,
    {
        let Trying { policy, repeatable, .. } = *trying;
        let allowance = &self.0.allowance;
        let mut attempts = Attempts { policy, allowance, clock, started, deadline, repeatable, tried_again: false };
        let mut failed = Some(failed);
        let next = move || {
            // The first has been made.
            let made = failed.take();
            async move {
                match made {
                    Some(error) => Err(error),
                    None => trying.once(pin!(attempt(deadline))).await,
                }
            }
        };
        let waiting = self.clone();
        Box::pin(async move {
            next.retry(policy.bounds())
                .sleep(move |duration| waiting.sleep(duration))
                .adjust(|error: &Error, bound| attempts.pause(error, bound))
                .await
        })
    }

    #[expect(clippy::manual_async_fn, reason = "such a function would hold what it is given twice")]
    fn attempt<'a, R: Receive + 'a>(
        &'a self,
        model: &'a str,
        prepared: &'a Prepared,
        deadline: Option<Duration>,
    ) -> impl Future<Output = Result<R, Error>> + MaybeSend + 'a {
        async move {
            // A reply that has been passed on would still have its place in here, were it not for the block's end.
            {
                self.wait_for_turn(model, &prepared.pass, deadline).await?;
                let request = prepared.ready.request(&self.0.authorization);
                let reply = self.0.transport.send(request, self.shortened(prepared.limits, deadline)).await?;
                if !reply.status().is_success() {
                    return Err(self.refusal(reply, prepared.limits).await);
                }
                R::receive(prepared.pass.follow(reply), self.0.max_reply, || self.now())
            }
            .await
        }
    }

    /// What a failure of the service says. Boxed, since most calls have no use for it.
    fn refusal(&self, reply: HttpResponse<ByteStream>, limits: Limits) -> BoxFuture<'_, Error> {
        let silence = match limits.timeout {
            Some(Timeout::Silence(limit)) => Some(limit),
            _ => None,
        };
        let (head, body) = reply.into_parts();
        let body = Watch::new(self.clone(), silence).over(body);
        Box::pin(async move {
            // A failure whose body breaks off, never ends, or cannot be read, is still that failure.
            let body = match refuse_encoded(&head.headers) {
                Ok(()) => transport::collect(body, FAILURE.min(self.0.max_reply)).await.unwrap_or_default(),
                Err(_) => Bytes::new(),
            };
            Error::service_at(head.status.as_u16(), &head.headers, body, self.now())
        })
    }

    /// What is left of the call's time is what an attempt may take.
    pub(super) fn shortened(&self, limits: Limits, deadline: Option<Duration>) -> Limits {
        let (Some(deadline), Some(clock)) = (deadline, self.clock()) else { return limits };
        let left = deadline.saturating_sub(clock.ticks());
        // A clock without ticks of its own may have been set back since.
        let whole = match limits.timeout {
            Some(Timeout::Whole(whole)) => left.min(whole),
            _ => left,
        };
        Limits { timeout: Some(Timeout::Whole(whole)), ..limits }
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
    pub(super) fn options_of(&self, outgoing: &mut Outgoing) -> Options {
        let options = std::mem::take(&mut outgoing.options).over(&self.0.options);
        if outgoing.place.is_some() { options.without_models() } else { options }
    }

    /// Where a model is called.
    pub(super) fn address(&self, model: &str, query: &[(String, String)]) -> Result<Uri, Error> {
        let plain = query.is_empty();
        if let Some(address) = plain.then(|| self.0.addresses.get(model)).flatten() {
            return Ok(address);
        }
        let address = address::run(&self.0.account, model, query)?;
        if plain {
            self.0.addresses.keep(model.to_owned(), address.clone());
        }
        Ok(address)
    }

    fn ready(&self, model: &str, options: &Options, outgoing: Outgoing) -> Result<Ready, Error> {
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
            None => (Method::POST, self.address(model, &query)?),
            Some(Place { method, path }) => (method, address::under_account(&self.0.account, &path, &query)?),
        };
        Ok(Ready { method, uri, streaming: outgoing.streaming, headers: options.to_headers()?, body })
    }
}

/// What every attempt of a call sends.
struct Ready {
    method: Method,
    uri: Uri,
    streaming: bool,
    /// Those that the caller asked for.
    headers: HeaderMap,
    body: Body,
}

impl Ready {
    /// The request of one attempt. A transport will want to add a few headers.
    fn request(&self, authorization: &HeaderValue) -> Request<Body> {
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 6);
        // Whoever asks for nothing is given anything, which is what a reply in one piece may be.
        if self.streaming {
            headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
        }
        headers.extend(self.headers.clone());
        // Last, so that no header of the caller's can take its place.
        headers.insert(header::AUTHORIZATION, authorization.clone());
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        request
    }
}

fn limits_of(options: &Options, streaming: bool) -> Limits {
    let timeout = if streaming { Timeout::Silence } else { Timeout::Whole };
    Limits { timeout: options.timeout.map(timeout), idle: options.idle.or((!streaming).then_some(IDLE)) }
}

/// A call made ready.
struct Prepared {
    ready: Ready,
    pass: Pass,
    limits: Limits,
    policy: RetryPolicy,
    repeatable: Repeatable,
    span: CallSpan,
}

/// What one call's attempts have in common.
pub(super) struct Trying<'a> {
    pub(super) policy: &'a RetryPolicy,
    pub(super) timeout: Option<Timeout>,
    pub(super) repeatable: Repeatable,
    pub(super) span: &'a CallSpan,
    /// How many have been made.
    pub(super) made: &'a AtomicU32,
}

impl Trying<'_> {
    /// One attempt, counted and watched.
    async fn once<T>(&self, attempt: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let span = self.span.attempt(self.made.fetch_add(1, Ordering::Relaxed).saturating_add(1));
        let result = span.around(attempt).await;
        if let Err(error) = &result {
            span.failed(error);
        }
        result
    }
}

/// What becomes of a reply's body.
trait Receive: Sized + MaybeSend {
    /// The reply as far as an attempt goes: what fails in here can be attempted again.
    fn receive(
        reply: HttpResponse<ByteStream>,
        most: usize,
        now: impl FnOnce() -> Option<SystemTime> + MaybeSend,
    ) -> impl Future<Output = Result<Self, Error>> + MaybeSend;

    fn counted(self, attempts: u32) -> Self;

    fn observed(self, span: CallSpan, attempts: u32, content: bool) -> Self;
}

/// Read to its end.
impl Receive for Answer {
    fn receive(
        reply: HttpResponse<ByteStream>,
        most: usize,
        now: impl FnOnce() -> Option<SystemTime> + MaybeSend,
    ) -> impl Future<Output = Result<Self, Error>> + MaybeSend {
        // Taken apart outside of the future, which would hold the whole beside its parts.
        let (head, body) = reply.into_parts();
        let (status, headers) = (head.status, head.headers);
        async move {
            let refused = |error: Error| error.with_head(status.as_u16(), &headers);
            refuse_encoded(&headers).map_err(refused)?;
            refuse_longer(&headers, most).map_err(refused)?;
            let body = transport::collect(body, most).await?;
            let answer = Self::new(status, headers, body);
            // A success on the outside can be a failure inside, which may be worth another attempt like any other.
            if answer.body().len() <= DISGUISE && answer.is_json() && answer.is_failure() {
                return Err(Error::service_at(status.as_u16(), answer.headers(), answer.body().clone(), now()));
            }
            if answer.is_json() && breaks_off(answer.body()) {
                return Err(Error::cut().with_reply(status.as_u16(), answer.headers(), answer.body()));
            }
            Ok(answer)
        }
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
    async fn receive(
        reply: HttpResponse<ByteStream>,
        _: usize,
        _: impl FnOnce() -> Option<SystemTime> + MaybeSend,
    ) -> Result<Self, Error> {
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
