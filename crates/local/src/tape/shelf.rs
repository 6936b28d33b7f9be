//! A folder of recordings, read again where it has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use std::{fs, io};

use super::differences::{differences, told};
use super::{Asked, Recording};

/// The recordings of a folder.
pub(crate) struct Shelf {
    directory: PathBuf,
    pub(crate) with_pauses: bool,
    files: Mutex<BTreeMap<String, File>>,
}

/// One file and what was read from it.
struct File {
    modified: Option<SystemTime>,
    length: u64,
    content: Result<Kept, String>,
}

#[derive(Clone)]
struct Kept {
    key: String,
    recording: Arc<Recording>,
}

/// Why nothing is replayed.
#[derive(Debug)]
pub(crate) struct Miss(pub(crate) String);

impl Shelf {
    /// The recordings of a folder.
    pub(crate) fn new(directory: PathBuf, with_pauses: bool) -> io::Result<Self> {
        let shelf = Self { directory, with_pauses, files: Mutex::default() };
        let mut files = BTreeMap::new();
        shelf.read(&mut files).map_err(|error| {
            let reason = format!("recordings cannot be read from {}: {error}", shelf.directory.display());
            io::Error::new(error.kind(), reason)
        })?;
        Ok(Self { files: Mutex::new(files), ..shelf })
    }

    /// The recordings of a request, in the order in which they were made.
    pub(crate) fn find(&self, asked: &Asked) -> Result<Vec<Arc<Recording>>, Miss> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut files).map_err(|error| Miss(format!("{} cannot be read: {error}", self.directory.display())))?;
        let key = asked.key();
        let mut found: Vec<(&String, &Kept)> = files
            .iter()
            .filter_map(|(name, file)| Some((name, file.content.as_ref().ok()?)))
            .filter(|(_, kept)| kept.key == key)
            .collect();
        // The second recording is `…-2.json`, the tenth `…-10.json`.
        found.sort_by_key(|(name, _)| (name.len(), *name));
        if found.is_empty() {
            return Err(self.miss(&files, asked));
        }
        Ok(found.into_iter().map(|(_, kept)| Arc::clone(&kept.recording)).collect())
    }

    /// Reads what is new or changed, and forgets what is gone.
    fn read(&self, files: &mut BTreeMap<String, File>) -> io::Result<()> {
        let mut present = BTreeMap::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(metadata) = entry.metadata() else { continue };
            if !metadata.is_file() || !name.ends_with(".json") {
                continue;
            }
            let (modified, length) = (metadata.modified().ok(), metadata.len());
            let known = files.remove(&name).filter(|file| file.modified == modified && file.length == length);
            let file = known.unwrap_or_else(|| File { modified, length, content: Kept::read(&entry.path()) });
            present.insert(name, file);
        }
        *files = present;
        Ok(())
    }

    /// Says what is nearest to what was asked, and what else is wrong.
    fn miss(&self, files: &BTreeMap<String, File>, asked: &Asked) -> Miss {
        let content = asked.content();
        let read = files.iter().filter_map(|(name, file)| Some((name, file.content.as_ref().ok()?)));
        let alike = read.filter(|(_, kept)| {
            let request = &kept.recording.request;
            request.path == asked.path && request.model == asked.model && request.method == asked.method
        });
        let others: Vec<_> = alike.map(|(name, kept)| (name, kept.recording.request.content())).collect();
        let compared = others.iter().map(|(name, other)| (name, differences(&content, other)));
        let about = asked.model.as_deref().unwrap_or("no model");
        let (directory, path) = (self.directory.display(), &asked.path);
        let mut message = match compared.min_by_key(|(_, differences)| differences.len()) {
            Some((name, differences)) if differences.is_empty() => {
                format!("{directory} has no recording of this request: {name} differs in its content type")
            }
            Some((name, differences)) => {
                format!("{directory} has no recording of this request. The nearest is {name}: {}", told(&differences))
            }
            None => {
                let count = files.values().filter(|file| file.content.is_ok()).count();
                format!("{directory} has no recording of {about} at {path}, among {count} of other requests")
            }
        };
        let broken = files.iter().filter_map(|(name, file)| Some((name, file.content.as_ref().err()?)));
        for (name, reason) in broken {
            message.push_str(&format!(". {name} cannot be read: {reason}"));
        }
        Miss(message)
    }
}

impl Kept {
    fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let recording: Recording = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        for chunk in &recording.response.chunks {
            chunk.content.bytes()?;
        }
        Ok(Self { key: recording.request.key(), recording: Arc::new(recording) })
    }
}
