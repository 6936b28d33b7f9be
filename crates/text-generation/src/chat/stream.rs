//! A streamed answer as one reads it: words, thoughts and whole tool calls, whatever the dialect underneath.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use workers_ai_client::{Chunks, Error, Usage};

use super::{chunk::Chunk, finish_reason::FinishReason, gather::Gathered, reply::Reply, tool_call::ToolCall};

/// What is new in a streamed answer. At least one field holds something.
///
/// ```
/// use futures_util::stream;
/// use workers_ai_client::Error;
/// use workers_ai_text_generation::{ChatStreamExt, Chunk, FinishReason};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let chunks: Vec<Result<Chunk, Error>> = [
/// #     r#"{"choices": [{"delta": {"reasoning": "An easy one."}}]}"#,
/// #     r#"{"choices": [{"delta": {"content": "Blue."}}]}"#,
/// #     r#"{"choices": [{"delta": {}, "finish_reason": "stop"}]}"#,
/// # ].into_iter().map(|chunk| Ok(serde_json::from_str(chunk).unwrap())).collect();
/// # let chunks = stream::iter(chunks);
/// let (mut said, mut thought) = (String::new(), String::new());
/// let mut deltas = chunks.deltas();
/// while let Some(delta) = deltas.try_next().await? {
///     said += &delta.text;
///     thought += &delta.reasoning;
///     if let Some(reason) = delta.finish_reason {
///         assert_eq!(reason, FinishReason::Stop);
///     }
/// }
/// assert_eq!((said.as_str(), thought.as_str()), ("Blue.", "An easy one."));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ChatDelta {
    /// The next words.
    pub text: String,
    /// The next thoughts, from a field of their own or from between `<think>` and `</think>`.
    pub reasoning: String,
    /// The tool calls, in the last delta, their fragments put together. A call without an id has got one.
    pub tool_calls: Vec<ToolCall>,
    /// Why the model stopped, in the last delta. Classic models tell of tool calls only.
    pub finish_reason: Option<FinishReason>,
}

impl ChatDelta {
    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.reasoning.is_empty() && self.tool_calls.is_empty() && self.finish_reason.is_none()
    }
}

/// What a stream of chat chunks can be turned into: [`Deltas`], or the [`Reply`] that a plain call would have given.
///
/// ```no_run
/// use workers_ai_client::{Chunks, Error};
/// use workers_ai_text_generation::{ChatStreamExt, Chunk};
///
/// # async fn example(chunks: Chunks<Chunk>) -> Result<(), Error> {
/// let mut deltas = chunks.deltas();
/// while let Some(delta) = deltas.try_next().await? {
///     print!("{}", delta.text);
/// }
/// let reply = deltas.reply_so_far();
/// println!("{:?}", reply.usage());
/// # Ok(())
/// # }
/// ```
pub trait ChatStreamExt: Stream<Item = Result<Chunk, Error>> + Unpin + Sized {
    /// The stream as words, thoughts and whole tool calls.
    fn deltas(self) -> Deltas<Self> {
        Deltas { chunks: self, gathered: Gathered::default(), over: false }
    }

    /// Reads the stream to its end and puts the reply together.
    ///
    /// ```no_run
    /// # async fn example(chunks: workers_ai_client::Chunks<workers_ai_text_generation::Chunk>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_text_generation::ChatStreamExt;
    ///
    /// match chunks.collect_reply().await {
    ///     Ok(reply) => println!("{}", reply.text()),
    ///     Err(interrupted) => println!("{} … ({})", interrupted.reply().text(), interrupted.error()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Interrupted`], with what had arrived.
    fn collect_reply(self) -> CollectReply<Self> {
        CollectReply { deltas: self.deltas() }
    }
}

impl<S: Stream<Item = Result<Chunk, Error>> + Unpin> ChatStreamExt for S {}

/// A streamed answer as words, thoughts and whole tool calls. Made by [`ChatStreamExt::deltas`].
///
/// Padding, empty chunks and the service's trailer bring nothing and are passed over. Usage is counted beside the
/// deltas: [`usage`](Self::usage). Dropping it ends the exchange.
///
/// ```
/// use futures_util::{StreamExt, stream};
/// use workers_ai_client::Error;
/// use workers_ai_text_generation::{ChatStreamExt, Chunk};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // For a test: chunks that never travelled.
/// let chunks: Vec<Result<Chunk, Error>> = vec![
///     Ok(serde_json::from_str(r#"{"response": "Blue"}"#)?),
///     Ok(serde_json::from_str(r#"{"response": ".", "usage": {"total_tokens": 12}}"#)?),
/// ];
/// let mut deltas = stream::iter(chunks).deltas();
/// while let Some(delta) = deltas.next().await {
///     println!("{}", delta?.text);
/// }
/// assert_eq!(deltas.usage().and_then(|usage| usage.total_tokens), Some(12));
/// assert_eq!(deltas.reply_so_far().text(), "Blue.");
/// # Ok(())
/// # }
/// ```
#[must_use = "deltas only arrive when they are asked for"]
pub struct Deltas<S = Chunks<Chunk>> {
    chunks: S,
    gathered: Gathered,
    over: bool,
}

impl<S> Deltas<S> {
    /// What the call has used so far. The shares that chunks report are added up until the total arrives, which then
    /// stands alone.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        self.gathered.usage()
    }

    /// Everything that has arrived, as a reply: after the end the whole one, after an error as much of it as there is.
    #[must_use]
    pub fn reply_so_far(&self) -> Reply {
        self.gathered.reply()
    }

    /// The chunks themselves, without those that were read.
    ///
    /// ```no_run
    /// # async fn example(chunks: workers_ai_client::Chunks<workers_ai_text_generation::Chunk>) {
    /// use workers_ai_text_generation::ChatStreamExt;
    ///
    /// let deltas = chunks.deltas();
    /// println!("{:?}", deltas.into_inner().request_id());
    /// # }
    /// ```
    pub fn into_inner(self) -> S {
        self.chunks
    }
}

impl<S: ChatStreamExt> Deltas<S> {
    /// The next delta, or `None` when the model has finished.
    ///
    /// # Errors
    ///
    /// Those of the stream; what had arrived stays with [`reply_so_far`](Self::reply_so_far).
    pub async fn try_next(&mut self) -> Result<Option<ChatDelta>, Error> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }
}

impl<S: ChatStreamExt> Stream for Deltas<S> {
    type Item = Result<ChatDelta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.over {
            let delta = match Pin::new(&mut this.chunks).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(chunk))) => this.gathered.push(&chunk),
                Poll::Ready(Some(Err(error))) => {
                    this.over = true;
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => {
                    this.over = true;
                    this.gathered.finish()
                }
            };
            if !delta.is_empty() {
                return Poll::Ready(Some(Ok(delta)));
            }
        }
        Poll::Ready(None)
    }
}

impl<S> fmt::Debug for Deltas<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deltas").field("over", &self.over).finish_non_exhaustive()
    }
}

/// Reads a stream to its end. Made by [`ChatStreamExt::collect_reply`].
///
/// ```
/// use futures_util::stream;
/// use workers_ai_client::Error;
/// use workers_ai_text_generation::{ChatStreamExt, Chunk};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let chunks: [Result<Chunk, Error>; 1] = [Ok(serde_json::from_str(r#"{"response": "Blue."}"#)?)];
/// let reply = stream::iter(chunks).collect_reply().await?;
/// assert_eq!(reply.text(), "Blue.");
/// # Ok(())
/// # }
/// ```
#[must_use = "a future does nothing until it is awaited"]
#[derive(Debug)]
pub struct CollectReply<S = Chunks<Chunk>> {
    deltas: Deltas<S>,
}

impl<S: ChatStreamExt> Future for CollectReply<S> {
    type Output = Result<Reply, Interrupted>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match Pin::new(&mut self.deltas).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(None) => return Poll::Ready(Ok(self.deltas.reply_so_far())),
                Poll::Ready(Some(Err(error))) => {
                    let reply = Box::new(self.deltas.reply_so_far());
                    return Poll::Ready(Err(Interrupted { error, reply }));
                }
            }
        }
    }
}

/// A stream that failed on the way, with what had arrived until then.
///
/// Where only the failure matters it turns into an [`Error`] by `?`.
///
/// ```
/// use futures_util::stream;
/// use workers_ai_client::{
///     Error,
///     transport::{TransportError, TransportErrorKind},
/// };
/// use workers_ai_text_generation::{ChatStreamExt, Chunk};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let broken = TransportError::new(TransportErrorKind::Connection, "connection reset");
/// let chunks: [Result<Chunk, Error>; 2] = [Ok(serde_json::from_str(r#"{"response": "Bl"}"#)?), Err(broken.into())];
/// let interrupted = stream::iter(chunks).collect_reply().await.unwrap_err();
/// assert!(interrupted.error().is_connection());
/// assert_eq!(interrupted.reply().text(), "Bl");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Interrupted {
    error: Error,
    reply: Box<Reply>,
}

impl Interrupted {
    /// Why the stream failed; [`is_truncated`](Error::is_truncated) when it just ended.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// What had arrived.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Both.
    ///
    /// ```no_run
    /// # async fn example(chunks: workers_ai_client::Chunks<workers_ai_text_generation::Chunk>)
    /// # -> Result<(), workers_ai_client::Error> {
    /// use workers_ai_text_generation::ChatStreamExt;
    ///
    /// let reply = match chunks.collect_reply().await {
    ///     Ok(reply) => reply,
    ///     Err(interrupted) => match interrupted.into_parts() {
    ///         (error, part) if error.is_truncated() && !part.text().is_empty() => part,
    ///         (error, _) => return Err(error),
    ///     },
    /// };
    /// # let _ = reply;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_parts(self) -> (Error, Reply) {
        (self.error, *self.reply)
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer broke off after {} characters", self.reply.text().chars().count())
    }
}

impl std::error::Error for Interrupted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl From<Interrupted> for Error {
    fn from(interrupted: Interrupted) -> Self {
        interrupted.error
    }
}
