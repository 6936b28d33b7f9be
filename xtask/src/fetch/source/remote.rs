//! A feed behind a URL.

use anyhow::{Context, Result};
use workers_ai_account::{Fetched, fetch_feed};

use super::cache::Told;
use super::{Asking, date_of};
use crate::fetch::feed::{self, LARGEST_BODY};
use crate::fetch::plan::Snapshot;

/// A feed as it was sent.
pub(crate) struct Feed {
    pub(super) name: String,
    pub(super) told: Told,
}

/// Asks for a feed.
pub(super) async fn ask(url: &str, asking: &Asking) -> Result<Feed> {
    let name = without_secrets(url);
    let slot = asking.cache.slot(url.to_owned());
    let fetched = asking
        .patience
        .with(|| fetch_feed(url, slot.etag(), LARGEST_BODY))
        .await
        .with_context(|| format!("cannot fetch {name}"))?;
    let fetched = match fetched {
        Fetched::Changed(answer) => Fetched::Changed(answer.map(Vec::from)),
        _ => Fetched::Unchanged,
    };
    Ok(Feed { told: slot.told(fetched)?, name })
}

impl Feed {
    pub(super) fn read(self, asking: &Asking) -> Result<Snapshot> {
        let Self { name, told } = self;
        let as_of = date_of(&name, asking, &told)?;
        let models = feed::parse(told.body()).and_then(feed::models).with_context(|| format!("in {name}"))?;
        told.keep();
        Ok(Snapshot { name, as_of, models })
    }
}

/// A URL as it may be written into the catalogue: no user, no query.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
            let host = host.rsplit('@').next().unwrap_or(host);
            path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}"))
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_a_url_are_not_written_down() {
        assert_eq!(without_secrets("https://me:secret@host/a@b/c?key=1#x"), "https://host/a@b/c");
        assert_eq!(without_secrets("https://host"), "https://host");
    }
}
