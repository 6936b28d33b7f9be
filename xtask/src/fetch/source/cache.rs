//! Answers with an entity tag, kept under `target/` so that they need not travel twice.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use workers_ai_account::{Answer, Fetched};

use crate::catalogue::canonical;

/// A folder of kept answers.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    address: String,
    etag: String,
    last_modified: Option<String>,
    date: Option<String>,
    body: Value,
}

/// What the cache has for an address.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    cache: &'a Cache,
    address: String,
    kept: Option<Kept>,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn slot(&self, address: String) -> Slot<'_> {
        // A damaged or foreign file is as good as none.
        let kept = fs::read(self.file(&address))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok())
            .filter(|kept| kept.address == address);
        Slot { cache: self, address, kept }
    }

    fn file(&self, address: &str) -> PathBuf {
        self.folder.join(format!("{}.json", canonical::sha256(address)))
    }
}

impl Slot<'_> {
    pub(super) fn etag(&self) -> Option<&str> {
        self.kept.as_ref().map(|kept| kept.etag.as_str())
    }

    /// The answer itself: the new one, which is kept if it has a tag, or the one that is still right.
    pub(super) fn settle(self, fetched: Fetched<Value>) -> Result<Answer<Value>> {
        match (fetched, self.kept) {
            (Fetched::Changed(answer), _) => {
                if let Some(etag) = answer.etag.clone() {
                    let kept = Kept {
                        address: self.address,
                        etag,
                        last_modified: answer.last_modified.clone(),
                        date: answer.date.clone(),
                        body: answer.value.clone(),
                    };
                    // Without a cache everything works, only slower.
                    let _ = store(self.cache, &kept);
                }
                Ok(answer)
            }
            (_, Some(kept)) => {
                let mut answer = Answer::of(kept.body);
                answer.etag = Some(kept.etag);
                answer.last_modified = kept.last_modified;
                answer.date = kept.date;
                Ok(answer)
            }
            (_, None) => anyhow::bail!("{} says that nothing changed since nothing", self.address),
        }
    }
}

fn store(cache: &Cache, kept: &Kept) -> Result<()> {
    fs::create_dir_all(&cache.folder)?;
    let file = cache.file(&kept.address);
    let beside = file.with_extension("new");
    fs::write(&beside, serde_json::to_vec(kept)?)?;
    fs::rename(beside, file)?;
    Ok(())
}
