//! Files that are read while they are sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use workers_ai_client::Source;
use workers_ai_client::transport::{ByteStream, TransportError, TransportErrorKind};

use crate::error::Error;

const PIECE: usize = 256 * 1024;

/// The content of a file; `heard` is told after every piece how many bytes of how many were read.
pub(crate) async fn source(path: &Path, heard: impl Fn(u64, u64) + Send + Sync + 'static) -> Result<Source, Error> {
    let described = tokio::fs::metadata(path).await;
    let length = described.map_err(|error| Error::file(path, error))?.len();
    let (path, heard) = (path.to_owned(), Arc::new(heard));
    Ok(Source::new(length, move || read(path.clone(), length, Arc::clone(&heard))))
}

fn read(path: PathBuf, length: u64, heard: Arc<impl Fn(u64, u64) + Send + Sync + 'static>) -> ByteStream {
    Box::pin(stream::try_unfold((None::<File>, 0_u64), move |(file, done)| {
        let (path, heard) = (path.clone(), Arc::clone(&heard));
        async move {
            let failed = |error: std::io::Error| TransportError::new(TransportErrorKind::Request, error);
            let mut file = match file {
                Some(file) => file,
                None => File::open(&path).await.map_err(failed)?,
            };
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await.map_err(failed)?;
            if read == 0 {
                return Ok(None);
            }
            piece.truncate(read);
            let done = done.saturating_add(read as u64);
            heard(done, length);
            Ok(Some((Bytes::from(piece), (Some(file), done))))
        }
    }))
}
