//! Where answers come from.

use std::fmt;
use std::str::FromStr;

/// Where an answer comes from.
///
/// ```
/// use workers_ai_local::Source;
///
/// let source: Source = "upstream".parse()?;
/// assert_eq!(source, Source::Upstream);
/// assert_eq!(Source::Replay.to_string(), "replay");
/// assert!("elsewhere".parse::<Source>().is_err());
/// # Ok::<(), String>(())
/// ```
///
/// One request chooses its own by the header `x-workers-ai-answer`, for example `x-workers-ai-answer: synthetic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Made up here; see [`Synthetic`](crate::Synthetic).
    Synthetic,
    /// A model that runs in this process.
    Real,
    /// A server with OpenAI's API that was named to this one.
    Upstream,
    /// Cloudflare itself.
    Cloudflare,
    /// What was recorded.
    Replay,
}

const ALL: [Source; 5] = [Source::Synthetic, Source::Real, Source::Upstream, Source::Cloudflare, Source::Replay];

impl Source {
    /// The source's name, as headers and the command line have it.
    ///
    /// ```
    /// assert_eq!(workers_ai_local::Source::Cloudflare.as_str(), "cloudflare");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::Real => "real",
            Self::Upstream => "upstream",
            Self::Cloudflare => "cloudflare",
            Self::Replay => "replay",
        }
    }

    /// What to add where the source is asked for and not there.
    pub(crate) fn how_to_add(self) -> &'static str {
        match self {
            Self::Synthetic => "it is always there",
            Self::Real => {
                "build the server with the feature `inference` (in Rust: Builder::source(Source::Real, answerer))"
            }
            Self::Upstream => "add --upstream URL (in Rust: Builder::source(Source::Upstream, Upstream::new(url)?))",
            Self::Cloudflare => {
                "the server needs the feature `network` and the system's CA certificates (in Rust: \
                 Builder::cloudflare(Cloudflare::new()?))"
            }
            Self::Replay => "add --replay DIR (in Rust: Builder::replay(directory))",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Source {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = ALL.into_iter().find(|source| source.as_str() == name);
        found.ok_or_else(|| {
            let names = ALL.map(Self::as_str).join(", ");
            format!("there is no source `{name}` of answers; there are: {names}")
        })
    }
}
