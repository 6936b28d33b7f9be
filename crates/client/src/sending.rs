//! A call on its way.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use crate::{Answer, Call, Client, Error, Model, Reply, Response, transport::BoxFuture};

/// What awaiting a [`Call`] waits for: the exchange, and then the model's reply.
///
/// ```
/// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = canned::client([r#"{"result": {"response": "Blue."}, "success": true}"#]);
/// # let call = client.untyped("@cf/a/b", serde_json::json!({}));
/// use std::future::IntoFuture;
///
/// // It has a type, so a struct can hold it without a box.
/// let sending = call.into_future();
/// assert_eq!(sending.await?["response"], "Blue.");
/// # Ok(())
/// # }
/// ```
///
/// Dropping it ends the exchange.
#[must_use = "futures do nothing unless polled"]
pub struct Sending<M> {
    answer: BoxFuture<'static, Result<Answer, Error>>,
    client: Client,
    model: Cow<'static, str>,
    reads: PhantomData<fn() -> M>,
}

impl<M: Model> Sending<M> {
    pub(crate) fn new(
        client: Client,
        model: Cow<'static, str>,
        answer: BoxFuture<'static, Result<Answer, Error>>,
    ) -> Self {
        Self { answer, client, model, reads: PhantomData }
    }

    /// The reply with all that came around it.
    pub(crate) fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response<M::Reply>, Error>> {
        let answer = ready!(self.answer.as_mut().poll(cx))?;
        Poll::Ready(read::<M>(answer).map_err(|error| self.client.blamed(error, &self.model)))
    }
}

fn read<M: Model>(answer: Answer) -> Result<Response<M::Reply>, Error> {
    let (status, headers, body) = (answer.status(), answer.shared_headers(), answer.body().clone());
    let attempts = answer.attempts();
    let value = M::Reply::decode(answer)
        .map_err(|error| error.with_reply(status.as_u16(), &headers, &body).with_attempts(attempts))?;
    Ok(Response { value, status, headers: Arc::unwrap_or_clone(headers), body, attempts })
}

impl<M: Model> Future for Sending<M> {
    type Output = Result<M::Reply, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().poll_response(cx).map_ok(Response::into_value)
    }
}

impl<M: Model> IntoFuture for Call<M> {
    type Output = Result<M::Reply, Error>;
    type IntoFuture = Sending<M>;

    fn into_future(self) -> Self::IntoFuture {
        self.sending()
    }
}

impl<M> fmt::Debug for Sending<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").field("model", &self.model).field("client", &self.client).finish_non_exhaustive()
    }
}
