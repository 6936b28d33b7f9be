//! Writes exchanges down while they pass.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use futures_core::Stream;

use super::{Answered, Asked, Chunk, Content, Recording, Scrub};
use crate::answering::Source;

/// Headers that are kept besides those of Workers AI and of AI Gateway.
const KEPT: &[&str] = &["content-type", "retry-after"];

/// A folder that exchanges are written to.
pub(crate) struct Recorder {
    directory: PathBuf,
    everything: bool,
    /// How often each request was recorded by this server.
    written: Mutex<HashMap<String, u64>>,
}

impl Recorder {
    /// A recorder for a folder, which is made if need be.
    pub(crate) fn new(directory: PathBuf, everything: bool) -> io::Result<Self> {
        std::fs::create_dir_all(&directory)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", directory.display())))?;
        Ok(Self { directory, everything, written: Mutex::default() })
    }

    /// Whether answers of this source are written down.
    pub(crate) fn takes(&self, source: Source) -> bool {
        match source {
            Source::Upstream | Source::Cloudflare => true,
            Source::Synthetic | Source::Real => self.everything,
            Source::Replay => false,
        }
    }

    /// The response, which is written down when it has passed as a whole.
    pub(crate) fn tape(
        self: &Arc<Self>,
        asked: Asked,
        source: Source,
        scrub: Scrub,
        began: Instant,
        response: Response,
    ) -> Response {
        let status = response.status().as_u16();
        let headers = kept(response.headers());
        let recorder = Arc::clone(self);
        let write = move |pieces: Vec<(u64, Bytes)>| {
            let chunks = pieces.iter().map(|(ms, bytes)| Chunk { ms: *ms, content: scrubbed(bytes, &scrub) }).collect();
            let response = Answered { status, headers, chunks };
            recorder.write(&Recording { request: asked, source: source.to_string(), response })
        };
        response.map(|body| {
            let (inner, write) = (body.into_data_stream(), Some(Box::new(write) as Write));
            Body::from_stream(Taped { inner, began, pieces: Vec::new(), write })
        })
    }

    /// The first recording of a request takes the place of what earlier runs recorded of it; the others follow it.
    fn write(&self, recording: &Recording) -> io::Result<()> {
        let stem = recording.request.file_stem();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let count = written.entry(stem.clone()).or_default();
        if *count == 0 {
            for number in 2.. {
                match std::fs::remove_file(self.directory.join(name(&stem, number))) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => break,
                    Err(error) => return Err(error),
                }
            }
        }
        let path = self.directory.join(name(&stem, *count + 1));
        // Nobody ever reads half a file: it gets its name when it is whole.
        let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
        let mut text = serde_json::to_string_pretty(recording)?;
        text.push('\n');
        std::fs::write(&unfinished, text)?;
        std::fs::rename(&unfinished, &path)?;
        *count += 1;
        Ok(())
    }
}

fn name(stem: &str, number: u64) -> String {
    if number == 1 { format!("{stem}.json") } else { format!("{stem}-{number}.json") }
}

fn scrubbed(bytes: &Bytes, scrub: &Scrub) -> Content {
    match Content::new(bytes) {
        Content::Text(text) => Content::Text(scrub.text(&text)),
        encoded @ Content::Base64(_) => encoded,
    }
}

fn kept(headers: &HeaderMap) -> std::collections::BTreeMap<String, String> {
    let is_kept = |name: &str| KEPT.contains(&name) || name.starts_with("cf-ai-") || name.starts_with("cf-aig-");
    headers
        .iter()
        .filter(|(name, _)| is_kept(name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

type Write = Box<dyn FnOnce(Vec<(u64, Bytes)>) -> io::Result<()> + Send>;

/// A body that is remembered while it passes. One that breaks off, or that nobody reads to its end, is not recorded.
struct Taped {
    inner: BodyDataStream,
    began: Instant,
    pieces: Vec<(u64, Bytes)>,
    /// Writes down what has passed.
    write: Option<Write>,
}

impl Stream for Taped {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let taped = &mut *self;
        match ready!(Pin::new(&mut taped.inner).poll_next(context)) {
            Some(Ok(bytes)) => {
                let ms = u64::try_from(taped.began.elapsed().as_millis()).unwrap_or(u64::MAX);
                taped.pieces.push((ms, bytes.clone()));
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Err(error)) => {
                taped.write = None;
                Poll::Ready(Some(Err(error)))
            }
            None => match taped.write.take().map(|write| write(std::mem::take(&mut taped.pieces))) {
                // A recording that is missing must not go unnoticed.
                Some(Err(error)) => Poll::Ready(Some(Err(axum::Error::new(error)))),
                Some(Ok(())) | None => Poll::Ready(None),
            },
        }
    }
}
