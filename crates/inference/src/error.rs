//! What can go wrong, and how to tell it apart.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::task::Task;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no answer.
///
/// ```
/// use workers_ai_inference::{EmbedRequest, Engine, Options, Store};
///
/// let engine = Engine::new(Store::new("/nowhere"), Options::default());
/// let error = engine.embed("@cf/baai/bge-small-en-v1.5", &EmbedRequest::new(["hello"])).unwrap_err();
/// assert!(error.is_missing_weights());
/// ```
pub struct Error(Box<Kind>);

type Source = Box<dyn StdError + Send + Sync>;

#[derive(Debug)]
enum Kind {
    Unsupported {
        model: String,
        task: Task,
    },
    Missing {
        weights: Cow<'static, str>,
        folder: PathBuf,
    },
    File {
        path: PathBuf,
        what: Cow<'static, str>,
        source: Option<Source>,
    },
    TooLong {
        tokens: usize,
        limit: usize,
    },
    Input {
        what: Cow<'static, str>,
        source: Option<Source>,
    },
    Compute {
        what: Cow<'static, str>,
        source: Option<Source>,
    },
    #[cfg_attr(not(feature = "pull"), allow(dead_code, reason = "only a download fails like this"))]
    Download {
        url: String,
        source: Source,
    },
}

impl Error {
    /// No known weights answer this model, here or elsewhere.
    ///
    /// The table of known weights is [`KNOWN`](crate::KNOWN).
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(*self.0, Kind::Unsupported { .. })
    }

    /// Weights that could answer are known, but not in the store.
    ///
    /// Fetch them with [`Store::pull`](crate::Store), or lay them into the folder that the message names.
    #[must_use]
    pub fn is_missing_weights(&self) -> bool {
        matches!(*self.0, Kind::Missing { .. })
    }

    /// A file of the store could not be read or is not what it should be.
    ///
    /// The message names the file; remove it and fetch it again.
    #[must_use]
    pub fn is_bad_file(&self) -> bool {
        matches!(*self.0, Kind::File { .. })
    }

    /// The request does not fit into the model's context window.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        matches!(*self.0, Kind::TooLong { .. })
    }

    /// The request itself is at fault: audio that cannot be decoded, no text at all, a number out of range.
    #[must_use]
    pub fn is_bad_input(&self) -> bool {
        matches!(*self.0, Kind::Input { .. })
    }

    /// A download failed; asking again resumes it.
    #[must_use]
    pub fn is_download(&self) -> bool {
        matches!(*self.0, Kind::Download { .. })
    }

    /// The file that is at fault, where one is.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &*self.0 {
            Kind::File { path, .. } => Some(path),
            Kind::Missing { folder, .. } => Some(folder),
            _ => None,
        }
    }

    pub(crate) fn unsupported(model: &str, task: Task) -> Self {
        Self(Box::new(Kind::Unsupported { model: model.to_owned(), task }))
    }

    pub(crate) fn missing(weights: impl Into<Cow<'static, str>>, folder: impl Into<PathBuf>) -> Self {
        Self(Box::new(Kind::Missing { weights: weights.into(), folder: folder.into() }))
    }

    pub(crate) fn file(path: &Path, what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Kind::File { path: path.to_owned(), what: what.into(), source: None }))
    }

    pub(crate) fn file_from(path: &Path, what: impl Into<Cow<'static, str>>, source: impl Into<Source>) -> Self {
        Self(Box::new(Kind::File { path: path.to_owned(), what: what.into(), source: Some(source.into()) }))
    }

    pub(crate) fn too_long(tokens: usize, limit: usize) -> Self {
        Self(Box::new(Kind::TooLong { tokens, limit }))
    }

    pub(crate) fn input(what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Kind::Input { what: what.into(), source: None }))
    }

    pub(crate) fn input_from(what: impl Into<Cow<'static, str>>, source: impl Into<Source>) -> Self {
        Self(Box::new(Kind::Input { what: what.into(), source: Some(source.into()) }))
    }

    pub(crate) fn compute(what: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Kind::Compute { what: what.into(), source: None }))
    }

    #[cfg(feature = "pull")]
    pub(crate) fn download(url: &str, source: impl Into<Source>) -> Self {
        Self(Box::new(Kind::Download { url: url.to_owned(), source: source.into() }))
    }
}

/// What candle says while it computes; loading names the file instead.
impl From<candle_core::Error> for Error {
    fn from(source: candle_core::Error) -> Self {
        Self(Box::new(Kind::Compute { what: "the computation failed".into(), source: Some(source.into()) }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Unsupported { model, task } => write!(formatter, "no known weights answer {model} for {task}"),
            Kind::Missing { weights, folder } => {
                write!(formatter, "the weights {weights} are not here (expected in {})", folder.display())
            }
            Kind::File { path, what, .. } => write!(formatter, "{}: {what}", path.display()),
            Kind::TooLong { tokens, limit } => {
                write!(formatter, "the request has {tokens} tokens and the context window ends at {limit}")
            }
            Kind::Input { what, .. } | Kind::Compute { what, .. } => formatter.write_str(what),
            Kind::Download { url, .. } => write!(formatter, "the download of {url} failed"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::File { source, .. } | Kind::Input { source, .. } | Kind::Compute { source, .. } => {
                source.as_deref().map(|source| source as _)
            }
            Kind::Download { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
