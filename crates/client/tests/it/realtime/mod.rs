//! Sessions, against a WebSocket server on a real socket.

mod ending;
mod frames;
mod metering;
mod opening;
mod pressure;
mod server;

use serde::Serialize;
use serde_json::Value;
use workers_ai_client::{
    Bytes, Call, Client, Connects, Encoded, Error, Frame, Info, Invalid, Media, Model, Received, Request, Sent, Session,
};

/// Takes text and parameters in JSON.
struct Talk;

#[derive(Clone, Debug, Serialize)]
struct TalkRequest {
    text: String,
    speaker: Option<&'static str>,
    rate: Option<u32>,
}

impl Request for TalkRequest {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::json(self)
    }
}

impl Model for Talk {
    const INFO: &'static Info = &Info::new("@cf/test/talk", "Test", "2026-01");
    type Request = TalkRequest;
    type Reply = Value;
}

impl Connects for Talk {
    type Sent = Said;
    type Received = Event;
    const CONTENT: Option<&'static str> = Some("text");
}

/// Takes sound as the body and parameters in the query.
struct Listen;

#[derive(Clone, Debug)]
struct ListenRequest(Bytes);

impl Request for ListenRequest {
    fn encode(&self) -> Result<Encoded, Invalid> {
        Encoded::raw(self.0.clone(), Some("audio/l16")).with_query(&serde_json::json!({"language": "en"}))
    }
}

impl Model for Listen {
    const INFO: &'static Info = &Info::new("@cf/test/listen", "Test", "2026-01");
    type Request = ListenRequest;
    type Reply = Media;
}

impl Connects for Listen {
    type Sent = Said;
    type Received = Frame;
}

/// Anything a program says; frames as they are.
struct Said(Frame);

impl<T: Into<String>> From<T> for Said {
    fn from(text: T) -> Self {
        Self(Frame::Text(text.into()))
    }
}

impl Sent for Said {
    fn encode(self) -> Result<Frame, Invalid> {
        if self.0.is_empty() { Err(Invalid::request("there is nothing in it")) } else { Ok(self.0) }
    }

    fn opening(content: Frame) -> Option<Self> {
        Some(Self(content))
    }
}

/// An event that must be JSON.
#[derive(Debug, PartialEq)]
struct Event(Value);

impl Received for Event {
    fn decode(frame: Frame) -> Result<Self, Error> {
        frame.parse().map(Self)
    }
}

fn talk(client: &Client) -> Call<Talk> {
    Call::new(client.clone(), TalkRequest { text: String::new(), speaker: None, rate: None })
}

async fn connect(client: &Client) -> Session<Said, Event> {
    talk(client).connect().await.unwrap()
}
