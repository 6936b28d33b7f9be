//! A session over WebSocket: sound goes in, turns of a conversation come out.

use workers_ai::{
    Client,
    automatic_speech_recognition::{TurnEvent, flux},
    prelude::*,
};
use workers_ai_faults::{Asked, Kind, Reply, accept, text_frame};

use super::{Calling, Column, Replies};
use crate::play::Outcome;

/// So many events are enough of a session that does not end.
const ENOUGH: usize = 5_000;

pub(crate) struct Session;

impl Column for Session {
    fn name(&self) -> &'static str {
        "session"
    }

    fn kind(&self) -> Kind {
        Kind::Session
    }

    fn replies(&self) -> Replies {
        Box::new(|asked: &Asked| {
            let event = |text: &str| text_frame(format!(r#"{{"event":"Update","transcript":"{text}"}}"#).as_bytes());
            let goodbye = [0x88, 2, 0x03, 0xe8];
            let reply = Reply::new(Kind::Session, event("the sky"), [event(" is blue"), goodbye.to_vec()].concat());
            (reply.header("sec-websocket-accept", accept(asked)), true)
        })
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            let mut text = String::new();
            let error = listen(client, &mut text).await.err();
            Outcome { text, error }
        })
    }

    fn answer(&self) -> &'static str {
        "the sky is blue"
    }

    fn answer_begins(&self) -> &'static str {
        "the sky"
    }

    /// Counted by the sound that was sent.
    fn price(&self) -> Option<f64> {
        None
    }
}

async fn listen(client: &Client, text: &mut String) -> Result<(), workers_ai::Error> {
    let mut session = client.automatic_speech_recognition().flux(flux::Request::new(16_000_u32)).connect().await?;
    for _ in 0..ENOUGH {
        match session.try_next().await? {
            Some(TurnEvent::Update(turn)) => text.push_str(&turn.transcript),
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}
