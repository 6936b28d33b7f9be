//! The models that the server knows, read from the built-in schemas or from a folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{fmt, fs, io};

use serde_json::Value;
use workers_ai_codegen::{Canonical, Facts, Form, Modality, Overlay, Problem, Problems, Transport};

use crate::beside::BesideFiles;
use crate::feed;
use crate::validate::Checker;

/// Path below `schemas/` and text of every file that this crate was built with.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// No file of a schemas folder comes near this.
const LARGEST_FILE: u64 = 64 << 20;

/// The models that a server answers for.
///
/// ```
/// use workers_ai_local::Catalog;
///
/// let catalog = Catalog::embedded()?;
/// let model = catalog.get("@cf/baai/bge-m3").expect("it is published");
/// assert_eq!(model.modality(), "text-embeddings");
/// assert!(catalog.live().count() <= catalog.models().count());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Catalog {
    models: BTreeMap<String, Arc<Model>>,
    sent: OnceLock<feed::Sent>,
}

/// One model: what is published about it and how it is called.
///
/// ```
/// use workers_ai_local::Catalog;
///
/// let catalog = Catalog::embedded()?;
/// let model = catalog.get("@cf/baai/bge-m3").expect("it is published");
/// assert_eq!((model.id(), model.facts().task.as_str()), ("@cf/baai/bge-m3", "Text Embeddings"));
/// assert!(model.canonical().is_some() && model.problem().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Model {
    facts: Facts,
    modality: String,
    overlays: Arc<Vec<Overlay>>,
    document: OnceLock<Document>,
}

/// What is worked out when a model is first called, so that the server starts at once.
#[derive(Debug, Default)]
struct Document {
    canonical: Option<Arc<Canonical>>,
    request: Option<Checker>,
    reply: Option<Checker>,
    beside: BesideFiles,
    problem: Option<String>,
}

impl Catalog {
    /// The catalogue that this crate was built with.
    ///
    /// ```
    /// use workers_ai_local::Catalog;
    ///
    /// // Everything that draws.
    /// let catalog = Catalog::embedded()?;
    /// assert!(catalog.live().any(|model| model.modality() == "text-to-image"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where a bundled file is not what `cargo xtask fetch` writes.
    pub fn embedded() -> Result<Self, Problems> {
        Self::from_files(EMBEDDED.iter().map(|(path, text)| (*path, *text)))
    }

    /// A catalogue of files given by their path below a `schemas` folder, such as
    /// `text-embeddings/@cf/baai/bge-m3.json`, and their text.
    ///
    /// ```
    /// use workers_ai_local::Catalog;
    ///
    /// let facts = r#"{
    ///     "id": "@cf/acme/echo", "task": "Text Generation", "rust": {"module": "echo", "type": "Echo"},
    ///     "lifecycle": {"first_seen": "2026-11"}
    /// }"#;
    /// let catalog = Catalog::from_files([("text-generation/@cf/acme/echo.json", facts)])?;
    /// assert!(catalog.get("@cf/acme/echo").is_some());
    /// assert!(Catalog::from_files([("text-generation/@cf/acme/echo.json", "{}")]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every file that is neither a model nor an overlay.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut facts: Vec<(String, Facts)> = Vec::new();
        let mut overlays: BTreeMap<String, Vec<Overlay>> = BTreeMap::new();
        for (path, text) in files {
            let Some((modality, file)) = path.split_once('/') else { continue };
            if file.starts_with("overlays/") {
                match Overlay::parse(file, text) {
                    Ok(overlay) => overlays.entry(modality.to_owned()).or_default().push(overlay),
                    Err(problem) => problems.0.push(problem),
                }
            } else if file.starts_with('@') {
                match Facts::parse(text) {
                    Ok(found) => facts.push((modality.to_owned(), found)),
                    Err(problem) => problems.0.push(Problem { file: path.to_owned(), ..problem }),
                }
            }
        }
        let overlays: BTreeMap<String, Arc<Vec<Overlay>>> =
            overlays.into_iter().map(|(modality, list)| (modality, Arc::new(list))).collect();
        let mut catalog = Self::default();
        for (modality, facts) in facts {
            let overlays = overlays.get(&modality).cloned().unwrap_or_default();
            let model = Model { modality, overlays, document: OnceLock::new(), facts };
            catalog.models.insert(model.facts.id.clone(), Arc::new(model));
        }
        if problems.0.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// The catalogue in a `schemas` folder.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::path::Path;
    ///
    /// use workers_ai_local::{Catalog, LocalServer};
    ///
    /// // The models of tomorrow, or of one's own.
    /// let catalog = Catalog::from_directory(Path::new("schemas"))?;
    /// let server = LocalServer::builder().catalog(catalog).start().await?;
    /// # let _ = server;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the folder cannot be read, and every file that is neither a model nor an overlay.
    pub fn from_directory(directory: &Path) -> Result<Self, Problems> {
        let mut files = Vec::new();
        let mut folders = vec![directory.to_path_buf()];
        while let Some(folder) = folders.pop() {
            read_folder(directory, &folder, &mut folders, &mut files).map_err(|error| {
                let (file, reason) = (folder.display().to_string(), error.to_string());
                Problems(vec![Problem { file, pointer: String::new(), reason }])
            })?;
        }
        files.sort();
        Self::from_files(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    /// The model with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Model>> {
        self.models.get(id)
    }

    /// All models that share their types with this one, as the generator reads them.
    #[cfg(feature = "code")]
    pub(crate) fn modality_of(&self, id: &str) -> Result<Modality, String> {
        let model = self.get(id).ok_or_else(|| format!("there is no model {id}"))?;
        let shares = |other: &&Arc<Model>| other.modality == model.modality && other.problem().is_none();
        let facts = self.models().filter(shares).map(|other| other.facts.clone()).collect();
        Modality::new(&model.modality, facts, model.overlays.to_vec()).map_err(|problems| problems.to_string())
    }

    /// The feed as it travels, made when it is first asked for.
    pub(crate) fn sent(&self) -> &feed::Sent {
        self.sent.get_or_init(|| feed::Sent::of(self))
    }

    /// Every model, by id, the retired ones included.
    pub fn models(&self) -> impl Iterator<Item = &Arc<Model>> {
        self.models.values()
    }

    /// The models that are still published, by id.
    pub fn live(&self) -> impl Iterator<Item = &Arc<Model>> {
        self.models().filter(|model| !model.facts.is_retired())
    }
}

fn read_folder(
    root: &Path,
    folder: &Path,
    folders: &mut Vec<std::path::PathBuf>,
    files: &mut Vec<(String, String)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Links are not followed: they may lead round in circles, or out of the folder.
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            folders.push(path);
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            if entry.metadata()?.len() > LARGEST_FILE {
                let reason = format!("{} is larger than {} MB", path.display(), LARGEST_FILE >> 20);
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
            }
            let below: Vec<_> =
                path.strip_prefix(root).unwrap_or(&path).iter().map(|part| part.to_string_lossy()).collect();
            files.push((below.join("/"), fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

impl Model {
    /// What is published about the model.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The model's id, such as `@cf/baai/bge-m3`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.facts.id
    }

    /// The folder of `schemas/` that holds the model, such as `text-embeddings`.
    #[must_use]
    pub fn modality(&self) -> &str {
        &self.modality
    }

    /// How the model is called; `None` where no usable schema is known.
    #[must_use]
    pub fn canonical(&self) -> Option<&Canonical> {
        self.document().canonical.as_deref()
    }

    /// Why the model's schema could not be used, if it could not.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.document().problem.as_deref()
    }

    /// The schema that a JSON reply satisfies.
    ///
    /// ```
    /// use workers_ai_local::{Catalog, sample};
    ///
    /// // A reply that the model could give, for tests of what reads it.
    /// let catalog = Catalog::embedded()?;
    /// let model = catalog.get("@cf/meta/m2m100-1.2b").expect("it is published");
    /// let reply = sample(model.reply_schema().expect("it answers in JSON"), 7);
    /// assert!(reply.is_object());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reply_schema(&self) -> Option<&Value> {
        self.document().reply.as_ref().map(Checker::schema)
    }

    /// The schema that a JSON request must satisfy.
    ///
    /// ```
    /// use workers_ai_local::{Catalog, sample};
    ///
    /// // A request that the model takes, made up.
    /// let catalog = Catalog::embedded()?;
    /// let model = catalog.get("@cf/meta/m2m100-1.2b").expect("it is published");
    /// let request = sample(model.request_schema().expect("its schema is known"), 7);
    /// assert!(request.get("text").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request_schema(&self) -> Option<&Value> {
        self.document().request.as_ref().map(Checker::schema)
    }

    /// The forms of request, by name.
    ///
    /// ```
    /// use workers_ai_local::Catalog;
    ///
    /// let catalog = Catalog::embedded()?;
    /// let model = catalog.get("@cf/meta/llama-3.3-70b-instruct-fp8-fast").expect("it is published");
    /// let names: Vec<_> = model.forms().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["messages", "prompt"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn forms(&self) -> impl Iterator<Item = (&str, &Form)> {
        self.canonical()
            .into_iter()
            .flat_map(|canonical| canonical.request.forms.iter())
            .map(|(name, form)| (name.as_str(), form))
    }

    /// Whether each form travels as parts, so that JSON is refused.
    pub(crate) fn wants_multipart(&self) -> bool {
        let mut forms = self.forms().peekable();
        forms.peek().is_some() && forms.all(|(_, form)| form.transport == Transport::Multipart)
    }

    pub(crate) fn request_checker(&self) -> Option<&Checker> {
        self.document().request.as_ref()
    }

    pub(crate) fn reply_checker(&self) -> Option<&Checker> {
        self.document().reply.as_ref()
    }

    /// The forms, for requests whose bytes travel beside their fields.
    pub(crate) fn beside_files(&self) -> &BesideFiles {
        &self.document().beside
    }

    fn document(&self) -> &Document {
        self.document.get_or_init(|| Document::of(&self.modality, &self.facts, &self.overlays))
    }
}

impl Document {
    fn of(modality: &str, facts: &Facts, overlays: &[Overlay]) -> Self {
        let canonical = match Modality::new(modality, vec![facts.clone()], overlays.to_vec()) {
            Ok(corrected) => corrected.models.into_iter().next().and_then(|model| model.canonical),
            Err(problems) => return Self { problem: Some(problems.to_string()), ..Self::default() },
        };
        let Some(canonical) = canonical else { return Self::default() };
        let request = Checker::new(canonical.request_schema());
        let reply = canonical.reply_schema().map(Checker::new).transpose();
        let problem = request.as_ref().err().or(reply.as_ref().err()).cloned();
        let beside = BesideFiles::of(canonical.request.forms.keys());
        Self { request: request.ok(), reply: reply.ok().flatten(), beside, canonical: Some(canonical), problem }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Model")
            .field("id", &self.facts.id)
            .field("modality", &self.modality)
            .finish_non_exhaustive()
    }
}
