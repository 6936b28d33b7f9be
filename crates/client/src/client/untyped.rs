//! Calls of models that no type stands for.

use std::marker::PhantomData;

use serde_json::Value;

use super::Client;
use crate::{Call, Connects, Encoded, Frame, Info, Invalid, Model, Queues, Reply, Request, Streams};

/// Stands for any model, known by its id alone: see [`Client::untyped`]. The reply is JSON, or whatever `R` makes of it.
///
/// ```no_run
/// # async fn example(client: workers_ai_client::Client) -> Result<(), workers_ai_client::Error> {
/// use serde_json::json;
/// use workers_ai_client::{Call, Untyped};
///
/// let call: Call<Untyped> = client.untyped("@cf/acme/new", json!({"prompt": "Hi"}));
/// let queued = call.enqueue().await?;
/// # let _ = queued;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Untyped<R = Value>(PhantomData<fn() -> R>);

impl<R: Reply> Model for Untyped<R> {
    const INFO: &'static Info = &Info::new("", "", "");
    type Request = Encoded;
    type Reply = R;
}

#[diagnostic::do_not_recommend]
impl<R: Reply> Streams for Untyped<R> {
    type Chunk = Value;
}

#[diagnostic::do_not_recommend]
impl<R: Reply> Queues for Untyped<R> {
    type Item = Value;
}

/// Frames as they are. Every field of a JSON request is a parameter of the session; a raw body is not sent.
impl<R: Reply> Connects for Untyped<R> {
    type Sent = Frame;
    type Received = Frame;
}

/// A body that is ready goes as it is.
impl Request for Encoded {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Ok(self.clone())
    }
}

impl From<Value> for Encoded {
    fn from(value: Value) -> Self {
        Self::value(&value)
    }
}

impl Client {
    /// A call of any model by its id, with any JSON, or with any other body as [`Encoded`]. It has all that typed calls
    /// have: options, retries, streams, the queue, sessions.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client(["data: {\"response\": \"Hel\"}\n\ndata: {\"response\": \"lo!\"}\n\ndata: [DONE]\n\n"]);
    /// use serde_json::json;
    ///
    /// let call = client.untyped("@cf/meta/llama-3.2-1b-instruct", json!({"prompt": "Hi"}));
    /// let mut chunks = call.stream().await?;
    /// # let mut text = String::new();
    /// while let Some(chunk) = chunks.try_next().await? {
    ///     println!("{chunk}");
    /// #   text += chunk["response"].as_str().unwrap_or_default();
    /// }
    /// # assert_eq!(text, "Hello!");
    /// # Ok(())
    /// # }
    /// ```
    pub fn untyped(&self, model: impl Into<String>, request: impl Into<Encoded>) -> Call<Untyped> {
        self.untyped_as(model, request)
    }

    /// Like [`untyped`](Self::untyped), with the reply as a type of the caller's choice: [`Media`](crate::Media) from a
    /// model that draws or speaks, [`Answer`](crate::Answer) for the bytes as they came, or a type of one's own.
    ///
    /// ```
    /// # mod canned { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/examples/canned.in")); }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = canned::client([r#"{"result": {"audio": "UklGRiQAAABXQVZFZm10IA=="}, "success": true}"#]);
    /// use serde_json::json;
    /// use workers_ai_client::Media;
    ///
    /// let speech = client.untyped_as::<Media>("@cf/acme/voice", json!({"text": "Hello"})).await?;
    /// assert_eq!(speech.extension(), "wav");
    /// # Ok(())
    /// # }
    /// ```
    pub fn untyped_as<R: Reply>(&self, model: impl Into<String>, request: impl Into<Encoded>) -> Call<Untyped<R>> {
        Call::new(self.clone(), request).to(model.into())
    }
}
