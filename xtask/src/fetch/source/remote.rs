//! A feed behind a URL.

use anyhow::{Context, Result};
use workers_ai_account::{Fetched, fetch_feed};

use super::{Asking, date_of};
use crate::fetch::feed::{self, LARGEST_BODY};
use crate::fetch::plan::Snapshot;

/// Reads a feed.
pub(super) async fn read(url: &str, asking: &Asking) -> Result<Snapshot> {
    let name = without_secrets(url);
    let slot = asking.cache.slot(url.to_owned());
    let fetched = asking
        .patience
        .with(|| fetch_feed(url, slot.etag(), LARGEST_BODY))
        .await
        .with_context(|| format!("cannot fetch {name}"))?;
    let fetched = match fetched {
        Fetched::Changed(answer) => {
            let value = feed::parse(&answer.value).with_context(|| format!("in {name}"))?;
            Fetched::Changed(answer.map(|_| value))
        }
        _ => Fetched::Unchanged,
    };
    let answer = slot.settle(fetched)?;
    let as_of = date_of(&name, asking, &answer)?;
    let models = feed::models(answer.value).with_context(|| format!("in {name}"))?;
    Ok(Snapshot { name, as_of, models })
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
