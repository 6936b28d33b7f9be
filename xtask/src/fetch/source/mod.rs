//! Where a snapshot comes from: the account API, a feed, a file or a folder.

mod api;
mod cache;
mod local;
mod progress;
mod remote;
mod retry;

use std::env;
use std::path::Path;

use anyhow::{Context, Result, bail};
use workers_ai_account::{Account, PUBLIC_FEED};

use super::plan::Snapshot;
use crate::catalogue::date::Date;
use cache::{Cache, Told};
use retry::Failure;
pub(super) use retry::Patience;

/// How to ask, whatever is asked.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) as_of: Option<Date>,
    /// Where answers with entity tags are kept.
    pub(crate) cache: Cache,
    pub(crate) patience: Patience,
    /// So many schemas are asked for at a time.
    pub(crate) at_a_time: u16,
}

impl Asking {
    pub(crate) fn new(as_of: Option<Date>, target: &Path, patience: Patience, at_a_time: u16) -> Self {
        Self { as_of, cache: Cache::new(target.join("fetch")), patience, at_a_time }
    }
}

/// What a source says, before anything of it is read.
pub(crate) enum Said {
    Listing(api::Listing),
    Feed(remote::Feed),
    /// What lies on this machine is read at once.
    Snapshot(Snapshot),
}

/// Asks a source.
pub(crate) fn ask(from: Option<&str>, asking: &Asking) -> Result<Said> {
    match from {
        None => asynchronously(ask_service(asking)),
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => asynchronously(ask_url(url, asking)),
        Some(url) if url.contains("://") => {
            bail!("{url} is neither an http URL nor a path; pass a feed's URL, a file or a folder to --from")
        }
        Some(path) => local::read(Path::new(path), asking.as_of.as_ref()).map(Said::Snapshot),
    }
}

impl Said {
    /// Reads what was said.
    pub(crate) fn read(self, asking: &Asking) -> Result<Snapshot> {
        match self {
            Self::Listing(listing) => listing.read(asking),
            Self::Feed(feed) => feed.read(asking),
            Self::Snapshot(snapshot) => Ok(snapshot),
        }
    }

    /// Whether the source said nothing but that what is kept is still right.
    pub(crate) fn is_unchanged(&self) -> bool {
        let told = self.told();
        !told.is_empty() && told.into_iter().all(Told::is_unchanged)
    }

    /// What stands for all that was said and where; nothing for what came over no network.
    pub(crate) fn mark(&self) -> Option<String> {
        let marks: Vec<String> = self.told().into_iter().map(Told::mark).collect();
        (!marks.is_empty()).then(|| marks.join("\n"))
    }

    fn told(&self) -> Vec<&Told> {
        match self {
            Self::Listing(listing) => listing.told().collect(),
            Self::Feed(feed) => vec![&feed.told],
            Self::Snapshot(_) => Vec::new(),
        }
    }
}

/// The account API where there are credentials, else the public feed.
async fn ask_service(asking: &Asking) -> Result<Said> {
    let is_set = |name: &str| env::var(name).is_ok_and(|value| !value.trim().is_empty());
    match (is_set("CLOUDFLARE_API_TOKEN"), is_set("CLOUDFLARE_ACCOUNT_ID")) {
        (true, true) => {
            let account = Account::from_env().context(CREDENTIALS)?;
            api::ask(&account, asking).await.map(Said::Listing)
        }
        (is_token, is_account) => {
            if is_token || is_account {
                let missing = if is_token { "CLOUDFLARE_ACCOUNT_ID" } else { "CLOUDFLARE_API_TOKEN" };
                eprintln!("{missing} is not set, so the public feed is used");
            }
            remote::ask(PUBLIC_FEED, asking).await.map(Said::Feed).context(
                "the public feed cannot be had; set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID to use the \
                 account API, or work offline with: cargo xtask fetch --from FILE",
            )
        }
    }
}

async fn ask_url(url: &str, asking: &Asking) -> Result<Said> {
    if !is_api_base(url) {
        return remote::ask(url, asking).await.map(Said::Feed);
    }
    let (Some(id), Some(token)) = (variable("ACCOUNT_ID"), variable("API_TOKEN")) else {
        bail!("{url} is an API base, and it asks for credentials. {CREDENTIALS}");
    };
    let account = Account::with_base_url(id, token, url)?;
    api::ask(&account, asking).await.map(Said::Listing)
}

/// An API base is known by its path, `/client/v4`; any other URL is a feed.
fn is_api_base(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.trim_end_matches('/').ends_with("/client/v4")
}

fn variable(name: &str) -> Option<String> {
    ["CLOUDFLARE_", "CF_"]
        .iter()
        .find_map(|prefix| env::var(format!("{prefix}{name}")).ok().filter(|value| !value.trim().is_empty()))
}

const CREDENTIALS: &str = "Set CLOUDFLARE_ACCOUNT_ID, and CLOUDFLARE_API_TOKEN to a token with the permission \
    \"Workers AI Read\" (\"Workers AI Edit\" includes it); tokens are made at \
    https://dash.cloudflare.com/profile/api-tokens. Without an account, use a file: cargo xtask fetch --from FILE";

/// The date of a snapshot that came over HTTP: asked for, in the name, or from the headers; never from this machine.
fn date_of(name: &str, asking: &Asking, told: &Told) -> Result<Date> {
    asking
        .as_of
        .clone()
        .or_else(|| Date::in_name(name.rsplit('/').next().unwrap_or_default()))
        .or_else(|| told.last_modified().and_then(Date::from_http))
        .or_else(|| told.date().and_then(Date::from_http))
        .with_context(|| format!("{name} sends no date; pass --as-of DATE, such as --as-of 2026-11"))
}

fn asynchronously<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_base_is_known_by_its_path() {
        assert!(is_api_base("https://api.cloudflare.com/client/v4"));
        assert!(is_api_base("http://127.0.0.1:8787/client/v4/"));
        assert!(!is_api_base("https://ai-cloudflare-com.pages.dev/api/models"));
        assert!(!is_api_base("http://127.0.0.1:8787/2026-11.json"));
    }
}
