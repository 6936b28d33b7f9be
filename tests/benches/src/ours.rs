//! The bindings at work, as a program uses them.

use std::{
    path::Path,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use workers_ai_automatic_speech_recognition::{prelude::*, whisper};
use workers_ai_client::{
    Answer, Chunks, Client, Error, Media, RateLimits, Reply, Source,
    transport::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError},
};
use workers_ai_text_embeddings::{bge_large_en_v1_5, bge_m3};
use workers_ai_text_generation::{Chunk, llama_3_2_1b_instruct as llama, prelude::*};

/// A client of the server at an address. The published limits are off: no benchmark could keep them.
///
/// # Errors
///
/// When the client cannot be set up.
pub fn client(base: &str) -> Result<Client, Error> {
    Client::builder("0123456789abcdef0123456789abcdef", "token")
        .base_url(format!("{base}/client/v4"))
        .rate_limits(RateLimits::off())
        .build()
}

/// One small chat call; how long the answer is.
///
/// # Errors
///
/// When the call fails.
pub async fn chat(client: &Client) -> Result<usize, Error> {
    let question = llama::Request::prompt("Why is the sky blue?");
    let reply = client.text_generation().llama_3_2_1b_instruct(question).await?;
    Ok(reply.text().len())
}

/// Opens a stream, in whichever dialect the server answers.
///
/// # Errors
///
/// When the call fails.
pub async fn stream(client: &Client) -> Result<Chunks<Chunk>, Error> {
    client.text_generation().llama_3_2_1b_instruct(llama::Request::prompt("Why is the sky blue?")).stream().await
}

/// Reads a stream to its end; how long the text is.
///
/// # Errors
///
/// When the stream fails.
pub async fn read(mut chunks: Chunks<Chunk>) -> Result<usize, Error> {
    let mut length = 0;
    while let Some(chunk) = chunks.try_next().await? {
        length += chunk.text().len();
    }
    Ok(length)
}

/// Reads a stream to its end as deltas; how long the text is.
///
/// # Errors
///
/// When the stream fails.
pub async fn read_deltas(chunks: Chunks<Chunk>) -> Result<usize, Error> {
    let mut deltas = chunks.deltas();
    let mut length = 0;
    while let Some(delta) = deltas.try_next().await? {
        length += delta.text.len();
    }
    Ok(length)
}

fn answer(body: Bytes) -> Answer {
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    Answer::new(StatusCode::OK, headers, body)
}

/// An embeddings reply, read as a call reads it.
///
/// # Errors
///
/// When the body is another reply.
pub fn embeddings(body: Bytes) -> Result<bge_large_en_v1_5::Reply, Error> {
    bge_large_en_v1_5::Reply::decode(answer(body))
}

/// The same, of the model whose reply has one of several shapes.
///
/// # Errors
///
/// When the body is another reply.
pub fn embeddings_of_several_shapes(body: Bytes) -> Result<bge_m3::Reply, Error> {
    bge_m3::Reply::decode(answer(body))
}

/// A picture in base64, read as a call reads it.
///
/// # Errors
///
/// When the body is another reply.
pub fn picture(body: Bytes) -> Result<Media, Error> {
    workers_ai_text_to_image::flux_1_schnell::Reply::decode(answer(body))
}

/// Uploads a recording; how long the transcript is.
///
/// # Errors
///
/// When the file cannot be read or the call fails.
pub async fn upload(client: &Client, path: &Path) -> Result<usize, Box<dyn std::error::Error>> {
    let request = whisper::Request::new(Vec::new());
    let reply = client.automatic_speech_recognition().whisper(request).upload(Source::file(path)?).await?;
    Ok(reply.text.len())
}

/// A transport that answers every request with a stream of events from memory.
pub struct FromMemory(pub Vec<Bytes>);

impl Transport for FromMemory {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let body: ByteStream = Box::pin(Pieces(self.0.clone().into_iter()));
        let mut reply = http::Response::new(body);
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        Box::pin(std::future::ready(Ok(reply)))
    }
}

struct Pieces(std::vec::IntoIter<Bytes>);

impl futures_util::Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// A client without a network.
///
/// # Errors
///
/// When the client cannot be set up.
pub fn client_from_memory(pieces: Vec<Bytes>) -> Result<Client, Error> {
    Client::builder("0123456789abcdef0123456789abcdef", "token").transport(FromMemory(pieces)).build()
}
