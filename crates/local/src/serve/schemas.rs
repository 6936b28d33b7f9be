//! Follows a schemas folder: what changes there is served without a restart, unless it is broken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use workers_ai_local::{Catalog, LocalServer};

/// How often the folder is looked at.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// Files by path, with what changes when their content does.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Reads the catalogue anew whenever its files have changed. It never ends.
pub(super) async fn follow(server: &LocalServer, directory: &Path, pause: Duration) {
    let mut served = look(directory).unwrap_or_default();
    let mut before = served.clone();
    loop {
        tokio::time::sleep(pause).await;
        // A folder that cannot be read now may be on its way.
        let Ok(now) = look(directory) else { continue };
        // Whoever writes many files should be through with it.
        let is_settled = now == before;
        before = now.clone();
        if now == served || !is_settled {
            continue;
        }
        served = now;
        let (old, folder) = (server.catalog(), directory.to_path_buf());
        let read = tokio::task::spawn_blocking(move || read(&old, &folder)).await;
        match read.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(catalog) => {
                let count = catalog.live().count();
                server.set_catalog(catalog);
                eprintln!("{} has changed: {count} models are served now", directory.display());
            }
            Err(reason) => {
                eprintln!("{} has changed and is broken, so nothing changes here: {reason}", directory.display());
            }
        }
    }
}

/// The new catalogue, if nothing in it is broken that was whole before.
fn read(old: &Catalog, directory: &Path) -> Result<Catalog, String> {
    let new = Catalog::from_directory(directory).map_err(|problems| problems.to_string())?;
    if new.models().next().is_none() {
        return Err("there are no models in it".to_owned());
    }
    let broken = new.models().find_map(|model| {
        let problem = model.problem()?;
        let was_whole = old.get(model.id()).is_none_or(|model| model.problem().is_none());
        was_whole.then(|| format!("{}: {problem}", model.id()))
    });
    broken.map_or(Ok(new), Err)
}

fn look(directory: &Path) -> io::Result<Seen> {
    let (mut seen, mut folders) = (Seen::new(), vec![directory.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // As the catalogue reads them: links are not followed.
            let (path, metadata) = (entry.path(), entry.metadata()?);
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.is_file() && path.extension().is_some_and(|extension| extension == "json") {
                seen.insert(path, (metadata.modified().ok(), metadata.len()));
            }
        }
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    const PAUSE: Duration = Duration::from_millis(100);

    fn facts(id: &str) -> String {
        format!(
            r#"{{"id": "{id}", "task": "Text Generation", "rust": {{"module": "m", "type": "M"}}, "lifecycle": {{"first_seen": "2026-11"}}}}"#
        )
    }

    #[tokio::test]
    async fn changes_are_served_and_broken_ones_are_not() {
        let folder = std::env::temp_dir().join(format!("schemas-{}", std::process::id()));
        let models = folder.join("text-generation/@cf/acme");
        fs::create_dir_all(&models).unwrap();
        fs::write(models.join("one.json"), facts("@cf/acme/one")).unwrap();
        let server = LocalServer::builder().catalog(Catalog::from_directory(&folder).unwrap()).start().await.unwrap();
        let has = |id: &str| server.catalog().get(id).is_some();
        let changed = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            fs::write(models.join("two.json"), facts("@cf/acme/two")).unwrap();
            while !has("@cf/acme/two") {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            fs::remove_file(models.join("one.json")).unwrap();
            fs::write(models.join("two.json"), "{").unwrap();
            tokio::time::sleep(PAUSE * 6).await;
            assert!(has("@cf/acme/one") && has("@cf/acme/two"));
            fs::write(models.join("two.json"), facts("@cf/acme/two")).unwrap();
            while has("@cf/acme/one") {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            () = follow(&server, &folder, PAUSE) => {}
            () = changed => {}
        }
        assert!(has("@cf/acme/two"));
        fs::remove_dir_all(folder).unwrap();
    }
}
