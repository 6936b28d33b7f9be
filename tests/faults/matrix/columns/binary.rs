//! Words, answered with sound: bytes, and no JSON.

use workers_ai::{Client, prelude::*, text_to_speech::aura_2_en as aura};
use workers_ai_faults::{Kind, Reply};

use super::{Calling, Column, Replies, always, charged, outcome};

pub(crate) struct Binary;

impl Column for Binary {
    fn name(&self) -> &'static str {
        "binary"
    }

    fn kind(&self) -> Kind {
        Kind::Binary
    }

    fn replies(&self) -> Replies {
        always(charged(Reply::new(Kind::Binary, b"ID3 and a".as_slice(), b" little sound".as_slice())))
    }

    fn call<'a>(&'a self, client: &'a Client) -> Calling<'a> {
        Box::pin(async {
            let sound = client.text_to_speech().aura_2_en(aura::Request::new("The sky is blue.")).await;
            outcome(sound, |sound| String::from_utf8_lossy(sound.as_bytes()).into_owned())
        })
    }

    fn answer(&self) -> &'static str {
        "ID3 and a little sound"
    }
}
