//! Every bound model behind one set of plain functions, so that a test can go through all of them.

use std::fmt::Debug;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use workers_ai::{Answer, Call, Client, Error, Info, Model, Progress, Queues, Reply, Request, Streams, prelude::*};

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// What a call gives back.
pub(crate) type Outcome<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// A reply, written back, and the headers it came with.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) reply: Value,
    pub(crate) headers: http::HeaderMap,
}

/// One model's types and method as functions of JSON.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) info: &'static Info,
    /// Reads a request, checks that it can be sent, and writes it back.
    pub(crate) request: fn(&Value) -> Result<Value, String>,
    /// Reads a reply and writes it back.
    pub(crate) reply: fn(Answer) -> Result<Value, Error>,
    /// Calls the model through its handle's method.
    pub(crate) call: fn(&Client, &Value) -> Outcome<Called>,
    /// Streams through the handle's method; gives the chunks.
    pub(crate) stream: Option<Stream>,
    /// What the model's queue takes.
    pub(crate) queue: Option<Queue>,
}

/// Calls a model's method and gives the chunks of its stream.
pub(crate) type Stream = fn(&Client, &Value) -> Outcome<Vec<String>>;

/// The queue of a model.
#[derive(Clone, Copy)]
pub(crate) struct Queue {
    /// Reads an item and writes it back.
    pub(crate) item: fn(&Value) -> Result<Value, String>,
    /// Hands a request in through the handle's method and polls until it is answered.
    pub(crate) enqueue: fn(&Client, &Value) -> Outcome<usize>,
}

/// Every bound model, by id.
pub(crate) fn subjects() -> Vec<Subject> {
    macro_rules! list {
        ($(($modality:ident, $module:ident, $marker:ident, $id:literal);)*) => {
            vec![$({
                type Marker = workers_ai::$modality::$module::$marker;
                assert_eq!(workers_ai::$modality::$module::ID, $id);
                let probe = Probe::<Marker>(PhantomData);
                Subject {
                    info: <Marker as Model>::INFO,
                    request: request::<<Marker as Model>::Request>,
                    reply: reply::<Marker>,
                    call: call::<Marker>,
                    stream: probe.stream(),
                    queue: probe.queue(),
                }
            }),*]
        };
    }
    for_each_model!(list)
}

/// A model with the method that its modality's handle has for it.
trait Handled: Model {
    fn method(client: &Client, request: Self::Request) -> Call<Self>
    where
        Self: Sized;
}

macro_rules! handled {
    ($(($modality:ident, $module:ident, $marker:ident, $id:literal);)*) => {
        $(impl Handled for workers_ai::$modality::$module::$marker {
            fn method(client: &Client, request: Self::Request) -> Call<Self> {
                client.$modality().$module(request)
            }
        })*
    };
}
for_each_model!(handled);

/// Finds out at compile time what a model can do: an inherent method that does not apply makes way for the trait's.
struct Probe<M>(PhantomData<M>);

impl<M: Handled + Streams<Chunk: Debug>> Probe<M>
where
    M::Request: DeserializeOwned,
{
    fn stream(&self) -> Option<Stream> {
        Some(stream::<M>)
    }
}

impl<M: Handled + Queues> Probe<M>
where
    M::Request: DeserializeOwned,
{
    fn queue(&self) -> Option<Queue> {
        Some(Queue { item: item::<M::Item>, enqueue: enqueue::<M> })
    }
}

trait Otherwise {
    fn stream(&self) -> Option<Stream> {
        None
    }

    fn queue(&self) -> Option<Queue> {
        None
    }
}

impl<M> Otherwise for Probe<M> {}

fn request<R: Request + Serialize + DeserializeOwned>(json: &Value) -> Result<Value, String> {
    let request: R = read(json)?;
    request.encode().map_err(|invalid| format!("refused to be sent: {invalid}"))?;
    serde_json::to_value(&request).map_err(|error| format!("does not encode: {error}"))
}

fn item<I: Serialize + DeserializeOwned>(json: &Value) -> Result<Value, String> {
    let item: I = read(json)?;
    serde_json::to_value(&item).map_err(|error| format!("does not encode: {error}"))
}

fn reply<M: Model<Reply: Serialize>>(answer: Answer) -> Result<Value, Error> {
    let reply = M::Reply::decode(answer)?;
    Ok(serde_json::to_value(&reply).unwrap_or_default())
}

fn read<T: DeserializeOwned>(json: &Value) -> Result<T, String> {
    // Through text, as it would arrive: numbers read from a `Value` are coerced differently.
    serde_json::from_str(&json.to_string()).map_err(|error| format!("does not decode: {error}"))
}

fn call<M: Handled<Reply: Serialize>>(client: &Client, json: &Value) -> Outcome<Called>
where
    M::Request: DeserializeOwned,
{
    let call = M::method(client, owned::<M>(json));
    Box::pin(async move {
        let response = call.send().await?;
        Ok(Called { reply: serde_json::to_value(&response.value).unwrap_or_default(), headers: response.headers })
    })
}

fn stream<M: Handled + Streams<Chunk: Debug>>(client: &Client, json: &Value) -> Outcome<Vec<String>>
where
    M::Request: DeserializeOwned,
{
    let call = M::method(client, owned::<M>(json));
    Box::pin(async move {
        let mut chunks = call.stream().await?;
        let mut seen = Vec::new();
        while let Some(chunk) = chunks.try_next().await? {
            seen.push(format!("{chunk:?}"));
        }
        Ok(seen)
    })
}

fn enqueue<M: Handled + Queues>(client: &Client, json: &Value) -> Outcome<usize>
where
    M::Request: DeserializeOwned,
{
    let call = M::method(client, owned::<M>(json));
    Box::pin(async move {
        let queued = call.enqueue().await?;
        for _ in 0..10 {
            if let Progress::Ready(replies) = queued.poll().await? {
                return replies.into_results().collect::<Result<Vec<_>, _>>().map(|replies| replies.len());
            }
        }
        Ok(0)
    })
}

#[track_caller]
fn owned<M: Model<Request: DeserializeOwned>>(json: &Value) -> M::Request {
    match read(json) {
        Ok(request) => request,
        Err(error) => panic!("{}: {json} {error}", M::INFO.id),
    }
}
