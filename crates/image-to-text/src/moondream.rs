//! Moondream's stream: its events repeat everything said so far, and here become what is new.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use workers_ai_client::{Chunk, Error, Usage, wire::null_as_default};

use crate::moondream3_1_9b_a2b::Reply;

/// One event of Moondream's stream, as it came. [`MoondreamStreamExt::deltas`] reads them for you.
///
/// ```
/// use workers_ai_image_to_text::MoondreamChunk;
///
/// let event: MoondreamChunk = serde_json::from_str(r#"{"index": 3, "chunk": {"answer": "Two boats"}}"#)?;
/// assert_eq!(event.chunk.and_then(|text| text.answer).as_deref(), Some("Two boats"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MoondreamChunk {
    /// The id of the work, in the events that begin and end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `processing`, `succeeded` or `failed`, in the same events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `replace`, where `name` and `value` take the place of what they said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// What is replaced, for example `points`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Everything said so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chunk: Option<MoondreamText>,
    /// The event's place among the chunks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<i64>,
    /// The reply, in the event that ends the work.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<Value>,
    /// Empty, in the service's trailer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// What the call used, in the service's trailer, which has been seen counting the neurons of the input twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// Fields that are not known here. A reply that did not stream has all of its fields in this place.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Everything said so far.
///
/// ```
/// use workers_ai_image_to_text::MoondreamText;
///
/// let so_far: MoondreamText = serde_json::from_str(r#"{"caption": "A harbour at"}"#)?;
/// assert_eq!((so_far.caption.as_deref(), so_far.answer), (Some("A harbour at"), None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MoondreamText {
    /// Answer to the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// A sentence about the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl Chunk for MoondreamChunk {
    fn is_final(&self) -> bool {
        self.status.as_deref() == Some("succeeded") || self.usage.is_some()
    }
}

/// What is new in Moondream's answer.
///
/// ```no_run
/// # async fn example<S: workers_ai_image_to_text::MoondreamStreamExt>(chunks: S) -> Result<(), workers_ai_client::Error> {
/// let mut deltas = chunks.deltas();
/// let mut answer = String::new();
/// while let Some(delta) = deltas.try_next().await? {
///     if delta.restarts {
///         answer.clear();
///     }
///     answer += &delta.text;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MoondreamDelta {
    /// The next words of the answer or the caption.
    pub text: String,
    /// The words take the place of all that was said: the model has thought better of it.
    pub restarts: bool,
}

/// What a stream of Moondream's can be turned into.
///
/// ```no_run
/// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
/// use workers_ai_image_to_text::{MoondreamStreamExt, moondream3_1_9b_a2b as moondream, prelude::*};
///
/// let request = moondream::Request::new().question("How many boats?");
/// let mut deltas = client.image_to_text().moondream3_1_9b_a2b(request).stream().await?.deltas();
/// while let Some(delta) = deltas.try_next().await? {
///     print!("{}", delta.text);
/// }
/// println!("{:?}", deltas.reply_so_far().finish_reason);
/// # Ok(())
/// # }
/// ```
pub trait MoondreamStreamExt: Stream<Item = Result<MoondreamChunk, Error>> + Unpin + Sized {
    /// The stream as what is new in each event.
    fn deltas(self) -> MoondreamDeltas<Self> {
        MoondreamDeltas { chunks: self, so_far: SoFar::default() }
    }
}

impl<S: Stream<Item = Result<MoondreamChunk, Error>> + Unpin> MoondreamStreamExt for S {}

/// Moondream's answer as it grows. Made by [`MoondreamStreamExt::deltas`].
///
/// ```no_run
/// # async fn example<S: workers_ai_image_to_text::MoondreamStreamExt>(chunks: S) -> Result<(), workers_ai_client::Error> {
/// let mut deltas = chunks.deltas();
/// while let Some(delta) = deltas.try_next().await? {
///     print!("{}", delta.text);
/// }
/// println!("{:?} tokens", deltas.usage().and_then(|usage| usage.completion_tokens));
/// println!("{:?}", deltas.reply_so_far().finish_reason);
/// # Ok(())
/// # }
/// ```
#[must_use = "deltas only arrive when they are asked for"]
pub struct MoondreamDeltas<S> {
    chunks: S,
    so_far: SoFar,
}

impl<S> MoondreamDeltas<S> {
    /// Everything that has arrived, as a reply: after the end the whole one, after an error as much of it as there is.
    #[must_use]
    pub fn reply_so_far(&self) -> Reply {
        self.so_far.reply()
    }

    /// What the call used, once the trailer has arrived. It has been seen counting the neurons of the input twice.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        self.so_far.usage.as_ref()
    }
}

impl<S: MoondreamStreamExt> MoondreamDeltas<S> {
    /// The next delta, or `None` when the model has finished.
    ///
    /// # Errors
    ///
    /// Those of the stream; what had arrived stays with [`reply_so_far`](Self::reply_so_far).
    pub async fn try_next(&mut self) -> Result<Option<MoondreamDelta>, Error> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Reads the stream to its end and gives the whole reply.
    ///
    /// ```no_run
    /// # async fn example<S: workers_ai_image_to_text::MoondreamStreamExt>(chunks: S) -> Result<(), workers_ai_client::Error> {
    /// let reply = chunks.deltas().into_reply().await?;
    /// println!("{:?}", reply.answer);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the stream.
    pub async fn into_reply(mut self) -> Result<Reply, Error> {
        while self.try_next().await?.is_some() {}
        Ok(self.reply_so_far())
    }
}

impl<S: MoondreamStreamExt> Stream for MoondreamDeltas<S> {
    type Item = Result<MoondreamDelta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match Pin::new(&mut this.chunks).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(chunk))) => {
                    if let Some(delta) = this.so_far.push(chunk) {
                        return Poll::Ready(Some(Ok(delta)));
                    }
                }
            }
        }
    }
}

impl<S> fmt::Debug for MoondreamDeltas<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MoondreamDeltas").field("so_far", &self.so_far).finish_non_exhaustive()
    }
}

/// What has arrived: the fields of a reply in the making.
#[derive(Debug, Default)]
struct SoFar {
    said: String,
    fields: Map<String, Value>,
    usage: Option<Usage>,
}

impl SoFar {
    fn push(&mut self, chunk: MoondreamChunk) -> Option<MoondreamDelta> {
        if let Some(usage) = chunk.usage {
            self.usage = Some(usage);
        }
        if let Some(text) = chunk.chunk {
            self.fields.extend(text.answer.map(|answer| ("answer".to_owned(), Value::from(answer))));
            self.fields.extend(text.caption.map(|caption| ("caption".to_owned(), Value::from(caption))));
        }
        if let (Some(name), Some(value)) = (chunk.name, chunk.value) {
            self.fields.insert(name, value);
        }
        // The reply as a whole, at the end of a stream or in the place of one. It only adds to what is known.
        let whole = chunk.output.into_iter().rev().find_map(|output| match output {
            Value::Object(whole) => Some(whole),
            _ => None,
        });
        let known = |fields: &Map<String, Value>| {
            ["answer", "caption", "points", "objects"].iter().any(|name| fields.contains_key(*name))
        };
        let fields = Some(chunk.fields).filter(known);
        self.fields.extend(whole.into_iter().chain(fields).flatten().filter(|(_, value)| !value.is_null()));
        self.grow()
    }

    /// What is new in the text.
    fn grow(&mut self) -> Option<MoondreamDelta> {
        let now = ["answer", "caption"].iter().find_map(|name| self.fields.get(*name)?.as_str())?;
        let delta = match now.strip_prefix(&self.said) {
            Some("") => return None,
            Some(new) => MoondreamDelta { text: new.to_owned(), restarts: false },
            None => MoondreamDelta { text: now.to_owned(), restarts: true },
        };
        now.clone_into(&mut self.said);
        Some(delta)
    }

    fn reply(&self) -> Reply {
        // A field of an unexpected shape must not cost the others.
        let mut fields = self.fields.clone();
        fields.retain(|name, value| read::<Reply>([(name.clone(), value.clone())]).is_some());
        read(fields).unwrap_or_else(nothing)
    }
}

fn nothing() -> Reply {
    Reply {
        answer: None,
        caption: None,
        finish_reason: None,
        metrics: None,
        objects: Vec::new(),
        points: Vec::new(),
        reasoning: None,
    }
}

fn read<T: DeserializeOwned>(fields: impl IntoIterator<Item = (String, Value)>) -> Option<T> {
    serde_json::from_value(fields.into_iter().collect()).ok()
}
