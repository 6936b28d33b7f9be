//! Answers with an entity tag, kept under `target/` so that they need not travel twice.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use workers_ai_account::{Answer, Fetched};

use crate::catalogue::canonical;

/// A folder of kept answers, each in a file of its own: a line about the answer, then its body as it came.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

/// The line about an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    address: String,
    etag: Option<String>,
    last_modified: Option<String>,
    date: Option<String>,
    sha256: String,
}

/// What the cache has for an address.
#[derive(Debug)]
pub(super) struct Slot {
    cache: Cache,
    address: String,
    kept: Option<(Head, Vec<u8>)>,
}

/// What an address said: something new, or that what is kept is still right.
#[derive(Debug)]
pub(super) struct Told {
    cache: Cache,
    head: Head,
    body: Vec<u8>,
    is_new: bool,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn slot(&self, address: String) -> Slot {
        // A damaged or foreign file is as good as none.
        let kept = fs::read(self.file(&address)).ok().and_then(opened).filter(|(head, _)| head.address == address);
        Slot { cache: self.clone(), address, kept }
    }

    fn file(&self, address: &str) -> PathBuf {
        self.folder.join(format!("{}.kept", canonical::sha256(address)))
    }
}

/// A file's parts, if it is whole.
fn opened(mut file: Vec<u8>) -> Option<(Head, Vec<u8>)> {
    let line = file.iter().position(|byte| *byte == b'\n')?;
    let body = file.split_off(line + 1);
    let head: Head = serde_json::from_slice(&file).ok()?;
    (canonical::sha256(&body) == head.sha256).then_some((head, body))
}

impl Slot {
    pub(super) fn etag(&self) -> Option<&str> {
        self.kept.as_ref()?.0.etag.as_deref()
    }

    /// What is true now.
    pub(super) fn told(self, fetched: Fetched<Vec<u8>>) -> Result<Told> {
        let Self { cache, address, kept } = self;
        if let Fetched::Changed(Answer { value: body, etag, last_modified, date, .. }) = fetched {
            let head = Head { address, etag, last_modified, date, sha256: canonical::sha256(&body) };
            return Ok(Told { cache, head, body, is_new: true });
        }
        let (head, body) = kept.with_context(|| format!("{address} says that nothing changed since nothing"))?;
        Ok(Told { cache, head, body, is_new: false })
    }
}

impl Told {
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn last_modified(&self) -> Option<&str> {
        self.head.last_modified.as_deref()
    }

    pub(super) fn date(&self) -> Option<&str> {
        self.head.date.as_deref()
    }

    /// Whether the server said that what is kept is still right.
    pub(super) fn is_unchanged(&self) -> bool {
        !self.is_new
    }

    /// What stands for where this came from and what it says.
    pub(super) fn mark(&self) -> String {
        format!("{} {}", self.head.sha256, self.head.address)
    }

    /// Keeps what is new for the next time, if it has a tag. Without a cache everything works, only slower.
    pub(super) fn keep(&self) {
        if self.is_new && self.head.etag.is_some() {
            let _ = self.store();
        }
    }

    fn store(&self) -> Result<()> {
        fs::create_dir_all(&self.cache.folder)?;
        let file = self.cache.file(&self.head.address);
        let beside = file.with_extension("new");
        let mut content = serde_json::to_vec(&self.head)?;
        content.push(b'\n');
        content.extend_from_slice(&self.body);
        fs::write(&beside, content)?;
        fs::rename(beside, file)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    /// A cache that has kept `body` for the address `a`.
    fn with_kept(body: &[u8]) -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("fetch"));
        let mut answer = Answer::of(body.to_vec());
        answer.etag = Some("\"1\"".to_owned());
        cache.slot("a".to_owned()).told(Fetched::Changed(answer)).unwrap().keep();
        (folder, cache)
    }

    #[test]
    fn what_is_kept_comes_back_as_it_came() {
        let (_folder, cache) = with_kept(b"{\n}\n");
        let slot = cache.slot("a".to_owned());
        assert_eq!(slot.etag(), Some("\"1\""));
        let told = slot.told(Fetched::Unchanged).unwrap();
        assert!(told.is_unchanged());
        assert_eq!(told.body(), b"{\n}\n");
    }

    #[test]
    fn what_is_damaged_or_of_another_address_is_not_there() {
        let (_folder, cache) = with_kept(b"{}");
        let file = cache.file("a");
        let whole = fs::read(&file).unwrap();
        fs::write(cache.file("b"), &whole).unwrap();
        assert_eq!(cache.slot("b".to_owned()).etag(), None);
        fs::write(&file, whole.get(..whole.len() - 1).unwrap()).unwrap();
        assert_eq!(cache.slot("a".to_owned()).etag(), None);
        let error = cache.slot("a".to_owned()).told(Fetched::Unchanged).unwrap_err();
        assert!(error.to_string().contains("nothing changed since nothing"), "{error}");
    }

    #[test]
    fn what_has_no_tag_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        cache.slot("a".to_owned()).told(Fetched::Changed(Answer::of(b"{}".to_vec()))).unwrap().keep();
        assert!(!cache.file("a").exists());
    }

    #[test]
    fn a_mark_tells_contents_and_addresses_apart() {
        let mark = |address: &str, body: &[u8]| {
            let cache = Cache::new(PathBuf::new());
            cache.slot(address.to_owned()).told(Fetched::Changed(Answer::of(body.to_vec()))).unwrap().mark()
        };
        assert_eq!(mark("a", b"1"), mark("a", b"1"));
        assert_ne!(mark("a", b"1"), mark("a", b"2"));
        assert_ne!(mark("a", b"1"), mark("b", b"1"));
    }
}
