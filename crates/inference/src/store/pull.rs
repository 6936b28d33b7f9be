//! Fetching weights: resumed where they broke off, verified, and put in their place all at once.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::http::StatusCode;

use super::known::{File, Hub, Weights};
use super::{Store, digest};
use crate::error::{Error, Result};

/// Where the hub is.
const HUB: &str = "https://huggingface.co";
/// Names another hub; the second is the hub's own name for it.
const HUB_VARIABLES: &[&str] = &["WORKERS_AI_MODELS_HUB", "HF_ENDPOINT"];
/// Names a token for weights whose licence must be accepted first.
const TOKEN_VARIABLE: &str = "HF_TOKEN";
/// Digests of what was trusted on its first download.
const LOCK: &str = "lock.json";

/// How to fetch weights.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pull {
    /// Another address in place of the hub's; by default `$WORKERS_AI_MODELS_HUB`, `$HF_ENDPOINT`, or Hugging Face.
    pub hub: Option<String>,
}

impl Pull {
    /// The same with another address in place of the hub's.
    #[must_use]
    pub fn hub(mut self, address: impl Into<String>) -> Self {
        self.hub = Some(address.into());
        self
    }
}

/// How far a download is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The file that is fetched.
    pub file: &'static str,
    /// Bytes of it that are here.
    pub done: u64,
    /// Bytes that it has, where the hub says so.
    pub total: Option<u64>,
}

/// What `lock.json` says.
#[derive(Default, Deserialize, Serialize)]
struct Lock {
    files: BTreeMap<String, Locked>,
}

#[derive(Deserialize, Serialize)]
struct Locked {
    sha256: String,
    from: String,
}

impl Store {
    /// Fetches the files of a set that are not here yet, and says where they are.
    ///
    /// A file stands under its own name only once it is whole and verified: against the table's digest, or else against
    /// the one in `lock.json`, which records what came first.
    ///
    /// # Errors
    ///
    /// No set has the name or no hub has the set; the hub cannot be reached ([`Error::is_download`]); what came is not
    /// what was expected ([`Error::is_bad_file`]).
    pub fn pull(&self, name: &str, how: &Pull, mut progress: impl FnMut(&Progress)) -> Result<PathBuf> {
        let weights = self.known().find(|weights| weights.name == name).copied();
        let weights = weights.ok_or_else(|| Error::input(format!("no known weights are called {name:?}")))?;
        let hub =
            weights.hub.ok_or_else(|| Error::missing(format!("{name}, which no hub has,"), self.path(&weights)))?;
        let folder = self.path(&weights);
        fs::create_dir_all(&folder).map_err(|error| Error::file_from(&folder, "the folder cannot be made", error))?;
        for file in weights.files.iter().filter(|file| !folder.join(file.name).exists()) {
            fetch(&weights, &folder, file, &address(&hub, file, how), &mut progress)?;
        }
        Ok(folder)
    }
}

fn address(hub: &Hub, file: &File, how: &Pull) -> String {
    let named = HUB_VARIABLES.iter().filter_map(|name| env::var(name).ok()).find(|address| !address.is_empty());
    let base = how.hub.clone().or(named).unwrap_or_else(|| HUB.to_owned());
    format!("{}/{}/resolve/{}/{}", base.trim_end_matches('/'), hub.repository, hub.revision, file.name)
}

fn fetch(weights: &Weights, folder: &Path, file: &File, url: &str, progress: &mut dyn FnMut(&Progress)) -> Result<()> {
    let part = folder.join(format!("{}.part", file.name));
    download(file, url, &part, progress)?;

    let path = folder.join(file.name);
    let found = digest::of_file(&part).map_err(|error| crate::files::unreadable(&part, error))?;
    let lock_path = folder.join(LOCK);
    let mut lock: Lock = crate::files::read_json_if_any(&lock_path)?.unwrap_or_default();
    let expected = file.sha256.map(str::to_owned).or_else(|| Some(lock.files.get(file.name)?.sha256.clone()));
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        // What is wrong must not be resumed.
        let _ = fs::remove_file(&part);
        let what = format!("came with SHA-256 {found} instead of {expected} ({} of {url})", weights.name);
        return Err(Error::file(&path, what));
    }
    lock.files.insert(file.name.to_owned(), Locked { sha256: found, from: url.to_owned() });
    write_lock(&lock_path, &lock)?;
    fs::rename(&part, &path).map_err(|error| Error::file_from(&path, "cannot be put in its place", error))
}

fn write_lock(path: &Path, lock: &Lock) -> Result<()> {
    let part = path.with_extension("json.part");
    let written = serde_json::to_vec_pretty(lock).map_err(io::Error::from);
    let written = written.and_then(|text| fs::write(&part, text)).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| Error::file_from(path, "cannot be written", error))
}

/// Brings all of a file into `part`, going on where an earlier download ended.
fn download(file: &File, url: &str, part: &Path, progress: &mut dyn FnMut(&Progress)) -> Result<()> {
    let unwritable = |error: io::Error| Error::file_from(part, "cannot be written", error);
    let have = fs::metadata(part).map_or(0, |metadata| metadata.len());
    if have > 0 && file.size == Some(have) {
        return Ok(());
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(30)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .build()
        .into();
    let mut request = agent.get(url);
    if have > 0 {
        request = request.header("range", format!("bytes={have}-"));
    }
    // The token is for the hub alone: redirects to other hosts lose it.
    if let Some(token) = env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty()) {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.call().map_err(|error| Error::download(url, error))?;
    let (resumed, status) = (response.status() == StatusCode::PARTIAL_CONTENT, response.status());
    if status == StatusCode::RANGE_NOT_SATISFIABLE && have > 0 {
        // All of it was here, or more than the file has: the digest will tell.
        return Ok(());
    }
    if !status.is_success() {
        return Err(Error::download(url, format!("the hub answered {status}")));
    }
    let length = response.headers().get("content-length");
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let mut done = if resumed { have } else { 0 };
    let total = length.map(|length| done + length).or(file.size);

    let mut output = OpenOptions::new().create(true).append(resumed).write(true).truncate(!resumed).open(part);
    let output = output.as_mut().map_err(|error| unwritable(io::Error::from(error.kind())))?;
    let mut body = response.body_mut().as_reader();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = body.read(&mut buffer).map_err(|error| Error::download(url, error))?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        output.write_all(bytes).map_err(unwritable)?;
        done += read as u64;
        progress(&Progress { file: file.name, done, total });
    }
    if total.is_some_and(|total| done < total) {
        return Err(Error::download(url, format!("it broke off after {done} bytes; ask again to go on")));
    }
    output.sync_all().map_err(unwritable)
}
