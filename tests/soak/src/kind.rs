//! The kinds of calls, and how each is made.

use std::time::Duration;

use serde_json::{Value, json};
use workers_ai_client::{Client, Encoded, Error, Frame, Media, Session};

use crate::failure::{Failed, Stage};

/// Under this header every attempt of a call carries the call's id.
pub(crate) const ID: &str = "x-soak-id";

const CHAT: &str = "@cf/meta/llama-3.2-1b-instruct";
const OPENAI: &str = "@cf/google/gemma-4-26b-a4b-it";
const EMBEDDING: &str = "@cf/baai/bge-base-en-v1.5";
const PICTURE: &str = "@cf/bytedance/stable-diffusion-xl-lightning";
const ENCODED: &str = "@cf/black-forest-labs/flux-1-schnell";
const FORM: &str = "@cf/black-forest-labs/flux-2-klein-4b";
const SPEECH: &str = "@cf/deepgram/aura-1";
const RECORDING: &str = "@cf/deepgram/nova-3";
const SESSION: &str = "@cf/deepgram/flux";

/// A kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// JSON there and back.
    Plain,
    /// Events, in the classic dialect and in OpenAI's.
    Stream,
    Embedding,
    /// A picture as bytes.
    Picture,
    /// A picture as base64 in JSON.
    Encoded,
    /// A multipart form with a file.
    Form,
    /// Sound as bytes.
    Speech,
    /// Bytes there, JSON back.
    Recording,
    /// Queued, and asked for until it is done.
    Batch,
    /// A session over WebSocket.
    Session,
}

/// What every caller calls, over and over; pictures are drawn by the server, which takes it a while.
pub(crate) const MIX: [Kind; 30] = {
    use Kind::{Batch, Embedding, Encoded, Form, Picture, Plain, Recording, Session, Speech, Stream};
    [
        Plain, Stream, Embedding, Plain, Stream, Recording, Plain, Batch, Stream, Plain, Embedding, Stream, Session,
        Plain, Stream, Speech, Plain, Embedding, Stream, Encoded, Plain, Stream, Batch, Plain, Form, Stream, Plain,
        Picture, Embedding, Stream,
    ]
};

/// What is known of a call that succeeded.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) attempts: Option<u32>,
    /// The id of a batch, by which its polls are found.
    pub(crate) batch: Option<String>,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Stream => "stream",
            Self::Embedding => "embedding",
            Self::Picture => "image, bytes",
            Self::Encoded => "image, base64",
            Self::Form => "multipart",
            Self::Speech => "speech, bytes",
            Self::Recording => "audio upload",
            Self::Batch => "batch",
            Self::Session => "WebSocket",
        }
    }

    /// Makes a call and reads all of its answer. What is no answer of its kind is an error.
    pub(crate) async fn call(self, client: &Client, id: &str, number: usize) -> Result<Done, Failed> {
        let whole = match self {
            Self::Stream => return stream(client, id, number).await,
            Self::Batch => return batch(client, id).await,
            Self::Session => return session(client, id).await,
            Self::Plain => plain(client, id).await,
            Self::Embedding => embedding(client, id).await,
            Self::Picture => picture(client, id).await,
            Self::Encoded => encoded(client, id).await,
            Self::Form => form(client, id).await,
            Self::Speech => speech(client, id).await,
            Self::Recording => recording(client, id).await,
        };
        let counted = |attempts| Done { attempts: Some(attempts), ..Done::default() };
        whole.map(counted).map_err(Stage::Asking.failed())
    }
}

async fn plain(client: &Client, id: &str) -> Result<u32, Error> {
    let request = json!({"prompt": format!("Call {id}"), "max_tokens": 64});
    let reply = client.untyped(CHAT, request).header(ID, id).send().await?;
    wanted(reply.value.get("response").is_some(), "a response", &reply.value)?;
    Ok(reply.attempts)
}

async fn embedding(client: &Client, id: &str) -> Result<u32, Error> {
    let request = json!({"text": ["sea", "tide", id]});
    let reply = client.untyped(EMBEDDING, request).header(ID, id).send().await?;
    let shape = reply.value.get("shape").unwrap_or(&Value::Null);
    wanted(*shape == json!([3, 768]), "three vectors", shape)?;
    Ok(reply.attempts)
}

async fn picture(client: &Client, id: &str) -> Result<u32, Error> {
    let request = json!({"prompt": id, "width": 256, "height": 256, "num_steps": 1});
    let reply = client.untyped_as::<Media>(PICTURE, request).header(ID, id).send().await?;
    wanted(reply.value.content_type().starts_with("image/"), "a picture", &Value::Null)?;
    Ok(reply.attempts)
}

async fn encoded(client: &Client, id: &str) -> Result<u32, Error> {
    let reply = client.untyped(ENCODED, json!({"prompt": id, "steps": 1})).header(ID, id).send().await?;
    let image = reply.value.get("image").and_then(Value::as_str);
    wanted(image.is_some_and(|text| text.len() > 1000), "base64", &Value::Null)?;
    Ok(reply.attempts)
}

async fn form(client: &Client, id: &str) -> Result<u32, Error> {
    let file = Media::new(vec![0x89, b'P', b'N', b'G', 0xff], "image/png");
    let form = Encoded::multipart().field("prompt", id).field("width", &256).field("height", &256);
    let form = form.file("input_image_0", &file).finish()?;
    let reply = client.untyped(FORM, form).header(ID, id).send().await?;
    wanted(reply.value.get("image").is_some_and(Value::is_string), "a picture", &Value::Null)?;
    Ok(reply.attempts)
}

async fn speech(client: &Client, id: &str) -> Result<u32, Error> {
    let request = json!({"text": format!("Call {id}."), "encoding": "mp3"});
    let reply = client.untyped_as::<Media>(SPEECH, request).header(ID, id).send().await?;
    wanted(reply.value.content_type().starts_with("audio/"), "sound", &Value::Null)?;
    Ok(reply.attempts)
}

async fn recording(client: &Client, id: &str) -> Result<u32, Error> {
    let sound = Encoded::raw(vec![0; 16 << 10], Some("audio/wav")).with_query(&json!({"language": "en"}))?;
    let reply = client.untyped(RECORDING, sound).header(ID, id).send().await?;
    wanted(reply.value.get("results").is_some(), "results", &reply.value)?;
    Ok(reply.attempts)
}

/// Events, in the classic dialect and in OpenAI's.
async fn stream(client: &Client, id: &str, number: usize) -> Result<Done, Failed> {
    let model = if number.is_multiple_of(2) { CHAT } else { OPENAI };
    let request = json!({"messages": [{"role": "user", "content": format!("Call {id}")}], "stream": true});
    let chunks = client.untyped(model, request).header(ID, id).stream().await;
    let mut chunks = chunks.map_err(Stage::Asking.failed())?;
    while chunks.try_next().await.map_err(Stage::Arriving.failed())?.is_some() {}
    Ok(Done::default())
}

/// Into the queue, and asked for until it is done.
async fn batch(client: &Client, id: &str) -> Result<Done, Failed> {
    let queued = client.untyped(EMBEDDING, json!({"text": ["sea", id]})).header(ID, id).enqueue().await;
    let queued = queued.map_err(Stage::HandingIn.failed())?;
    let answers = queued.wait_with(|| tokio::time::sleep(Duration::from_millis(5))).await;
    let answers = answers.map_err(Stage::Polling.failed())?;
    let is_answered = answers.items.iter().all(|item| item.result.is_ok());
    wanted(is_answered, "answers", &Value::Null).map_err(Stage::Polling.failed())?;
    Ok(Done { batch: Some(queued.request_id().to_owned()), ..Done::default() })
}

/// Half a second of a hum, and to the end of what is said of it.
async fn session(client: &Client, id: &str) -> Result<Done, Failed> {
    let parameters = json!({"encoding": "linear16", "sample_rate": 16_000});
    let session = client.untyped(SESSION, parameters).header(ID, id).connect().await;
    let mut session = session.map_err(Stage::Asking.failed())?;
    talk(&mut session).await.map_err(Stage::Arriving.failed())?;
    Ok(Done::default())
}

async fn talk(session: &mut Session<Frame, Frame>) -> Result<(), Error> {
    for _ in 0..6 {
        session.send(Frame::from(vec![0x11_u8; 2560])).await?;
    }
    session.send(Frame::from(r#"{"type": "CloseStream"}"#)).await?;
    while session.try_next().await?.is_some() {}
    Ok(())
}

fn wanted(is_there: bool, what: &str, reply: &Value) -> Result<(), Error> {
    // The client's own words for a reply that is none.
    if is_there { Ok(()) } else { Err(workers_ai_client::Invalid::request(format!("no {what} in {reply}")).into()) }
}
