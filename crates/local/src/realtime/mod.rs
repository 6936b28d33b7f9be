//! Sessions over WebSocket: what realtime models say while they are spoken to, made up but in the vendor's events.

mod speech;
mod transcript;
mod turns;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::catalog::Model;
use crate::dice::Dice;
use crate::input::Input;
use crate::server::{Shared, Visit};

/// How long the other side may take to agree to the end.
const FAREWELL: Duration = Duration::from_secs(5);

/// A session that may open: which model, and with which parameters.
pub(crate) struct Session {
    pub(crate) shared: Arc<Shared>,
    pub(crate) visit: Visit,
    pub(crate) model: Arc<Model>,
    pub(crate) parameters: Input,
}

/// What a model says next.
#[derive(Debug, PartialEq)]
enum Say {
    Event(Value),
    Sound(Bytes),
    /// The session ends, with a code and a reason.
    End(u16, String),
}

/// One side of a session: hears a message, says something.
trait Speaker: Send {
    fn greet(&mut self) -> Vec<Say> {
        Vec::new()
    }

    fn hear_sound(&mut self, sound: &Bytes) -> Vec<Say>;

    fn hear_text(&mut self, text: &str) -> impl Future<Output = Vec<Say>> + Send;
}

/// A message of a program, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    r#type: String,
    text: Option<String>,
}

impl Session {
    /// Talks until one side has had enough.
    pub(crate) async fn hold(self, socket: WebSocket) {
        let mut stopping = self.shared.stopping();
        let stop = async move {
            // The server is gone as well when nobody can say that it stops.
            let _ = stopping.wait_for(|stops| *stops).await;
        };
        let said = |name: &str| {
            let reply = self.model.canonical().and_then(|canonical| canonical.reply.json.as_ref());
            reply.is_some_and(|json| json.pointer(&format!("/properties/{name}")).is_some())
        };
        if self.model.modality() == "text-to-speech" {
            hold(socket, speech::Speech::new(self), stop).await;
        } else if said("turn_index") {
            hold(socket, turns::Turns::new(&self), stop).await;
        } else {
            hold(socket, transcript::Transcript::new(&self), stop).await;
        }
    }

    /// An id that is the same for the same model and parameters.
    fn request_id(&self) -> String {
        self.dice().uuid()
    }

    fn dice(&self) -> Dice {
        self.parameters.dice(self.model.id(), 1)
    }

    /// A parameter that is a number, written as one or as text.
    fn number(&self, name: &str) -> Option<u64> {
        self.parameters.integer(name).or_else(|| self.parameters.text(name)?.parse().ok())
    }

    /// Whether a parameter is set, as `true` or as text.
    fn is_on(&self, name: &str) -> bool {
        match self.parameters.fields.get(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }
}

async fn hold(mut socket: WebSocket, mut speaker: impl Speaker, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut says = speaker.greet();
    loop {
        for say in says {
            let sent = match say {
                Say::Event(event) => socket.send(Message::Text(event.to_string().into())).await,
                Say::Sound(sound) => socket.send(Message::Binary(sound)).await,
                Say::End(code, reason) => return farewell(socket, code, reason).await,
            };
            if sent.is_err() {
                return;
            }
        }
        let heard = tokio::select! {
            heard = socket.recv() => heard,
            () = &mut stop => return farewell(socket, 1001, "the server stops".to_owned()).await,
        };
        says = match heard {
            Some(Ok(Message::Text(text))) => speaker.hear_text(text.as_str()).await,
            Some(Ok(Message::Binary(sound))) => speaker.hear_sound(&sound),
            // Pings are answered by the socket itself, and so is the other side's goodbye.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => Vec::new(),
            Some(Err(_)) | None => return,
        };
    }
}

async fn farewell(mut socket: WebSocket, code: u16, mut reason: String) {
    // A reason may have 123 bytes.
    while reason.len() > 123 {
        reason.pop();
    }
    if socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await.is_ok() {
        let agreed = async { while let Some(Ok(_)) = socket.recv().await {} };
        // Nobody has to wait for a program that does not agree.
        let _ = tokio::time::timeout(FAREWELL, agreed).await;
    }
}

fn told(text: &str) -> Told {
    serde_json::from_str(text).unwrap_or_default()
}

fn warning(code: &str, description: &str) -> Say {
    Say::Event(json!({"type": "Warning", "code": code, "description": description}))
}

fn end() -> Say {
    Say::End(1000, String::new())
}

/// Seconds with two digits, as the vendor writes them.
#[expect(clippy::cast_precision_loss, reason = "no session lasts that long")]
fn seconds(milliseconds: u64) -> f64 {
    (milliseconds as f64 / 10.0).round() / 100.0
}
